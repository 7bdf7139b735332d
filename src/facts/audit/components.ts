import type { ComponentProcess, LineSetting, ManifestFact, StaticPod } from './machine-facts.ts';
import type { ComponentName } from './programs.ts';

/** One flag of a component as it is in force, and where it stands. */
export interface Setting {
  /** Without dashes. */
  readonly name: string;
  readonly value: string;
  /** `/etc/kubernetes/manifests/etcd.yaml:14`, or the process where no file was found for it. */
  readonly where: string;
}

/** A component of a machine: what runs, or, where nothing runs, what its manifest would start. */
export interface Component {
  readonly name: ComponentName;
  readonly process: ComponentProcess | undefined;
  readonly manifest: StaticPod | undefined;
  readonly settings: readonly Setting[];
}

/** The parts of a machine's facts that components are read from. */
export interface ComponentSource {
  readonly processes: readonly ComponentProcess[];
  readonly manifests: readonly ManifestFact[];
  readonly environmentFiles?: Readonly<Record<string, readonly LineSetting[]>>;
}

/** Flags of a command line; both `--name=value` and `--name value`. */
export function flagPairs(words: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return words.flatMap((word, index) => {
    if (!/^--?[a-zA-Z]/.test(word)) return [];
    const bare = word.replace(/^--?/, '');
    const at = bare.indexOf('=');
    if (at !== -1) return [[bare.slice(0, at), bare.slice(at + 1)] as const];
    const next = words[index + 1];
    return [[bare, next === undefined || next.startsWith('-') ? '' : next] as const];
  });
}

/** Etcd reads each flag from an environment variable too: `ETCD_LISTEN_PEER_URLS` is `--listen-peer-urls`. */
function flagOfVariable(variable: string): string {
  return variable
    .replace(/^ETCD_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

const known = new WeakMap<ComponentSource, Map<ComponentName, Component | undefined>>();

/** A machine's facts never change: what they say of a component, which most rules ask, is read from them once. */
export function componentOf(source: ComponentSource, name: ComponentName): Component | undefined {
  const components = known.get(source) ?? new Map<ComponentName, Component | undefined>();
  known.set(source, components);
  if (!components.has(name)) components.set(name, readComponent(source, name));
  return components.get(name);
}

function readComponent(source: ComponentSource, name: ComponentName): Component | undefined {
  const process = source.processes.find(({ component }) => component === name);
  const manifest = source.manifests.find((candidate): candidate is StaticPod => candidate.type === 'pod' && candidate.component === name);
  if (process === undefined && manifest === undefined) return undefined;
  const settings = process === undefined ? manifestSettings(manifest) : processSettings(process, manifest, source.environmentFiles ?? {});
  return { name, process, manifest, settings };
}

/** The last value given, as programs take it; undefined where the flag is not given. */
export function settingOf(component: Component | undefined, flag: string): Setting | undefined {
  return component?.settings.findLast(({ name }) => name === flag);
}

export function valueOf(component: Component | undefined, flag: string): string | undefined {
  return settingOf(component, flag)?.value;
}

/** Flags of a static pod with their lines. */
export function manifestSettings(manifest: StaticPod | undefined): readonly Setting[] {
  if (manifest === undefined) return [];
  return manifest.args.flatMap(({ text, line }, index) => {
    const [pair] = text.startsWith('-') ? flagPairs([text, manifest.args[index + 1]?.text ?? '-']) : [];
    return pair === undefined ? [] : [{ name: pair[0], value: pair[1], where: `${manifest.path}:${line}` }];
  });
}

function processSettings(process: ComponentProcess, manifest: StaticPod | undefined, files: NonNullable<ComponentSource['environmentFiles']>): readonly Setting[] {
  const written = manifestSettings(manifest);
  const given = flagPairs(process.args).map(([name, value]) => ({
    name,
    value,
    where: written.find((setting) => setting.name === name && setting.value === value)?.where ?? `${process.component}, process ${process.pid}`,
  }));
  const fromEnvironment = process.component === 'etcd' ? Object.entries(process.environment).filter(([variable]) => variable.startsWith('ETCD_')) : [];
  return [...fromEnvironment.map(([variable, value]) => ({ name: flagOfVariable(variable), value, where: placeOf(variable, value, process, files) })), ...given];
}

function placeOf(variable: string, value: string, process: ComponentProcess, files: NonNullable<ComponentSource['environmentFiles']>): string {
  for (const [path, settings] of Object.entries(files)) {
    const found = settings.findLast((setting) => setting.name === variable && setting.value === value);
    if (found !== undefined) return `${path}:${found.line}`;
  }
  return `${variable}, process ${process.pid}`;
}
