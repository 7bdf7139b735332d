import { parse } from 'yaml';
import { withoutPaths } from './yaml-edit.ts';

/** One flag of a static pod that is to have another value. */
export interface FlagEdit {
  /** Without dashes. */
  readonly flag: string;
  readonly from: string;
  readonly to: string;
}

/**
 * A static pod's manifest with other values of flags: each on its own line, as kubeadm writes them, and nothing else is touched. Undefined where a
 * flag does not stand there with the value that it was seen with, or stands there twice.
 */
export function withFlags(manifest: string, edits: readonly FlagEdit[]): string | undefined {
  const lines = manifest.split('\n');
  for (const { flag, from, to } of edits) {
    const found = lines.flatMap((line, index) => (wordOf(line) === `--${flag}=${from}` ? [index] : []));
    const [index, ...others] = found;
    if (index === undefined || others.length > 0) return undefined;
    lines[index] = (lines[index] ?? '').replace(`--${flag}=${from}`, () => `--${flag}=${to}`);
  }
  return lines.join('\n');
}

/** The one word of a line of a list: `- --name=value`, quoted or not. */
function wordOf(line: string): string | undefined {
  return /^\s*- (["']?)(--[^"']*)\1\s*$/.exec(line)?.[2];
}

interface Pod {
  readonly spec?: { readonly containers?: readonly { readonly env?: readonly { readonly name?: string }[] }[] };
}

/** A static pod's manifest without these variables of its containers. Undefined where it cannot be read, or holds none of them. */
export function withoutVariables(manifest: string, variables: readonly string[]): string | undefined {
  const pod = parse(manifest, { logLevel: 'silent' }) as Pod | null;
  const paths = (pod?.spec?.containers ?? []).flatMap(({ env = [] }, container) =>
    env.flatMap(({ name }, index) => (name !== undefined && variables.includes(name) ? [`spec.containers.${container}.env.${index}`] : [])),
  );
  return paths.length === 0 ? undefined : withoutPaths(manifest, paths);
}
