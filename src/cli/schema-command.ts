import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';

export const schemaCommand = buildCommand<object, []>({
  loader: async () => (await import('./schema.ts')).schema,
  parameters: {},
  docs: describeCommand({
    brief: 'print the JSON Schema of the cluster file, for editors',
    text: [
      'Prints the JSON Schema of the cluster file. With it an editor completes keys and values, shows what they mean, and marks what is wrong while you write.',
      'Editors with the YAML language server take it from a first line in the cluster file: # yaml-language-server: $schema=cluster.schema.json',
      'What a schema cannot say, like ranges that overlap or a flag in the wrong scope, is checked by plan and apply before any connection is opened.',
    ].join('\n'),
    examples: ['kubewright schema > cluster.schema.json', "kubewright schema | jq '.properties.spec.properties | keys'"],
  }),
});
