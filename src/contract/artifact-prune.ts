import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const entry = z.strictObject({ id: z.string(), path: z.string(), sizeBytes: z.number().nonnegative().describe('on the disk') });

/** What `artifacts prune` answers. */
export const artifactPruneSchema = z.strictObject({ ...headerOf('ArtifactPrune'), removed: z.array(entry).readonly(), sizeBytes: z.number().nonnegative() });

export type ArtifactPruneJson = z.infer<typeof artifactPruneSchema>;

export function artifactPruneJson(removed: ArtifactPruneJson['removed']): ArtifactPruneJson {
  return { apiVersion: API_VERSION, kind: 'ArtifactPrune', removed, sizeBytes: removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}
