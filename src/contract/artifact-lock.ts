import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const artifact = z.strictObject({
  name: z.string(),
  version: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  recipe: z.string().optional().describe('digest of all that it was made from, where it was made or fetched by this machine'),
});

/** The lock file beside a cluster file, and what `artifacts lock` answers: whose bytes the cluster is deployed from. */
export const artifactLockSchema = z.strictObject({
  ...headerOf('ArtifactLock'),
  kubernetes: z.string(),
  architecture: z.string(),
  source: z.enum(['go', 'upstream']),
  artifacts: z.array(artifact).readonly(),
});

export type ArtifactLockJson = z.infer<typeof artifactLockSchema>;
export type LockedArtifactJson = ArtifactLockJson['artifacts'][number];

export function artifactLockJson(lock: Omit<ArtifactLockJson, 'apiVersion' | 'kind'>): ArtifactLockJson {
  return { apiVersion: API_VERSION, kind: 'ArtifactLock', ...lock };
}
