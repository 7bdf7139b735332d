import { kubewright } from './kubewright.ts';
import { sharedCluster } from './shared-cluster.ts';

/** Commands that only look, for whose answer a person waits. */
export const LOOKS: readonly (readonly string[])[] = [['status'], ['plan'], ['verify'], ['apply', '--check']];
export const LOOKED_WITHIN_SECONDS = 10;

export interface OutageLook {
  readonly seconds: number;
  readonly exitCode: number | null;
  /** Machines that it says it could not see. */
  readonly unseen: readonly string[];
  readonly said: string;
}

/** What one of them comes to. */
export async function lookDuringOutage(words: readonly string[]): Promise<OutageLook> {
  const { seconds, exitCode, stdout, stderr } = await kubewright([...words, '-f', sharedCluster().clusterFile, '-o', 'json']);
  return { seconds, exitCode, unseen: unseenIn(stdout, stderr), said: `${stdout}\n${stderr}` };
}

/** A plan has what it left out on standard error; the others have it in their answer. */
function unseenIn(stdout: string, stderr: string): readonly string[] {
  const { unknown } = JSON.parse(stdout) as { readonly unknown?: readonly { readonly node?: string }[] };
  if (unknown === undefined) return [...stderr.matchAll(/^(\S+) \(\S+\) (?:did not answer|cannot be reached)/gm)].map(([, name = '']) => name);
  return unknown.flatMap(({ node }) => (node === undefined ? [] : [node]));
}
