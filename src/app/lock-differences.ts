import type { ArtifactLockJson, LockedArtifactJson } from '../contract/artifact-lock.ts';

/** What is at hand, or will be once it is made: then its bytes are not known yet. */
export interface AtHand extends Omit<ArtifactLockJson, 'apiVersion' | 'kind' | 'artifacts'> {
  readonly artifacts: readonly (Omit<LockedArtifactJson, 'sha256'> & { readonly sha256: string | undefined })[];
}

/** What differs from the lock, a line each, as far as it is known. */
export function lockDifferences(lock: ArtifactLockJson, now: AtHand): readonly string[] {
  const whole = (['kubernetes', 'architecture'] as const).flatMap((key) => (lock[key] === now[key] ? [] : [`${key}: the lock has ${lock[key]}, now it is ${now[key]}`]));
  const before = new Map(lock.artifacts.map((artifact) => [artifact.name, artifact]));
  const after = new Set(now.artifacts.map(({ name }) => name));
  const gone = lock.artifacts.filter(({ name }) => !after.has(name)).map(({ name }) => `${name}: it is in the lock, and not used any more`);
  const changed = now.artifacts.flatMap((artifact) => differenceOf(before.get(artifact.name), artifact, lock.source === now.source));
  return [...whole, ...gone, ...changed];
}

function differenceOf(locked: LockedArtifactJson | undefined, { name, version, sha256, recipe }: AtHand['artifacts'][number], isSameSource: boolean): readonly string[] {
  if (locked === undefined) return [`${name}: it is not in the lock`];
  if (sha256 === locked.sha256) return [];
  if (version !== locked.version) return [`${name}: the lock has version ${locked.version}, now it is ${version}`];
  const isSameRecipe = recipe === undefined || locked.recipe === undefined ? undefined : recipe === locked.recipe;
  if (sha256 === undefined) return isSameRecipe === false ? [`${name}: ${whyOther(isSameSource, false)}`] : [];
  return [`${name}: the lock has sha256 ${locked.sha256}, now it is ${sha256}: ${whyOther(isSameSource, isSameRecipe)}`];
}

function whyOther(isSameSource: boolean, isSameRecipe: boolean | undefined): string {
  if (!isSameSource) return 'it comes from another source';
  if (isSameRecipe === undefined) return 'where the difference comes from is not known';
  return isSameRecipe
    ? 'made the same way on a machine whose C compiler, libraries or Debian packages differ, or published anew'
    : 'this version of kubewright makes it another way';
}
