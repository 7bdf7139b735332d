import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const artifact = z.strictObject({ name: z.string(), version: z.string(), sha256: z.string(), sizeBytes: z.number().nonnegative() });

/** What `artifacts bundle` answers. */
export const artifactBundleSchema = z.strictObject({
  ...headerOf('ArtifactBundle'),
  directory: z.string(),
  kubernetes: z.string(),
  architecture: z.string(),
  source: z.enum(['go', 'upstream']),
  artifacts: z.array(artifact).readonly(),
  sizeBytes: z.number().nonnegative(),
});

export type ArtifactBundleJson = z.infer<typeof artifactBundleSchema>;

export function artifactBundleJson(bundle: Omit<ArtifactBundleJson, 'apiVersion' | 'kind' | 'sizeBytes'>): ArtifactBundleJson {
  return { apiVersion: API_VERSION, kind: 'ArtifactBundle', ...bundle, sizeBytes: bundle.artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}
