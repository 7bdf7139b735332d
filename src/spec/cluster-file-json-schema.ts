import { z } from 'zod';
import { clusterFileSchema } from './schema.ts';

const VERSION = 'properties/spec/properties/kubernetes/properties/version';

/** The cluster file's schema as JSON Schema, for editors; draft 7, which they all read. What the schema cannot say (ranges, scopes of flags) is checked when a file is loaded. */
export function clusterFileJsonSchema(knownVersions: readonly string[]): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(clusterFileSchema, {
    target: 'draft-7',
    // What a person writes: keys with a default may be absent.
    io: 'input',
    override: ({ jsonSchema, path }) => {
      if (path.join('/') === VERSION) jsonSchema.enum = [...knownVersions];
    },
  });
  return { $schema, title: 'kubewright cluster file', ...schema };
}
