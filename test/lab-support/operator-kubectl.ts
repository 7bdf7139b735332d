import { mustKubewright, start } from './kubewright.ts';
import type { Ended } from './kubewright.ts';

/** kubectl at the operator's machine with a kubeconfig that the tool has written. */
export interface OperatorKubectl {
  readonly program: string;
  readonly kubeconfig: string;
  /** Another API server than the one that the kubeconfig names. */
  readonly server?: string;
}

/** The kubectl of the artifact cache. */
export async function cachedKubectl(): Promise<string> {
  const { stdout } = await mustKubewright(['artifacts', 'list', '-o', 'json', 'kubectl']);
  const { artifacts } = JSON.parse(stdout) as { readonly artifacts: readonly { readonly path?: string }[] };
  const path = artifacts[0]?.path;
  if (path === undefined) throw new Error('the artifact cache has no kubectl');
  return path;
}

/** Runs kubectl to its end, whatever that is. */
export async function tryKubectl({ program, kubeconfig, server }: OperatorKubectl, ...words: readonly string[]): Promise<Ended> {
  return start(program, ['--kubeconfig', kubeconfig, ...(server === undefined ? [] : ['--server', server]), ...words]).ended;
}

/** What kubectl printed; throws when it did not end with 0. */
export async function kubectl(operator: OperatorKubectl, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tryKubectl(operator, ...words);
  if (exitCode !== 0) throw new Error(`kubectl ${words.join(' ')} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

/** Objects that kubectl gives as JSON. */
export async function kubectlJson<T>(operator: OperatorKubectl, ...words: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl(operator, ...words, '-o', 'json')) as T;
}
