import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const artifact = z.strictObject({
  name: z.string(),
  version: z.string(),
  state: z.enum(['ready', 'missing', 'damaged']),
  sha256: z.string().optional(),
  sizeBytes: z.number().nonnegative().optional(),
  path: z.string().optional(),
});

/** What `artifacts list` and `artifacts verify` answer. */
export const artifactListSchema = z.strictObject({ ...headerOf('ArtifactList'), artifacts: z.array(artifact).readonly() });

export type ArtifactListJson = z.infer<typeof artifactListSchema>;
export type ArtifactJson = ArtifactListJson['artifacts'][number];

export function artifactListJson(artifacts: readonly ArtifactJson[]): ArtifactListJson {
  return { apiVersion: API_VERSION, kind: 'ArtifactList', artifacts };
}
