import { knownVersions } from '../catalogue/catalogue.ts';
import { clusterFileJsonSchema } from '../spec/cluster-file-json-schema.ts';

/** The cluster file as JSON Schema, with the Kubernetes releases that this version knows. */
export function clusterFileSchemaJson(): Readonly<Record<string, unknown>> {
  return clusterFileJsonSchema(knownVersions());
}
