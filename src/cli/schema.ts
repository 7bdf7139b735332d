import type { CliContext } from './context.ts';

/** `schema`. */
export async function schema(this: CliContext): Promise<void> {
  const { clusterFileSchemaJson } = await this.verbs.schema();
  this.terminal.stdout.write(`${JSON.stringify(clusterFileSchemaJson(), undefined, 2)}\n`);
}
