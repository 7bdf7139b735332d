import type { CliContext } from './context.ts';
import type { FileFlag } from './flags.ts';
import { say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';

export interface KubeconfigFlags extends FileFlag {
  readonly out?: string;
}

/** `kubeconfig`. */
export async function kubeconfig(this: CliContext, { file, out }: KubeconfigFlags): Promise<void> {
  const { adminKubeconfig, checkKubeconfigPath, writeKubeconfig } = await this.verbs.kubeconfig();
  if (out !== undefined) await checkKubeconfigPath(out);
  await withFleet(this, file, async ({ loaded, fleet }) => {
    const { node, text } = await adminKubeconfig({ cluster: loaded.cluster, fleet, signal: this.interruption.signal });
    if (out === undefined) {
      this.terminal.stdout.write(text);
      return;
    }
    await writeKubeconfig(out, text);
    say(this.terminal, `wrote ${out}, which reaches the cluster through ${node}; next: kubectl --kubeconfig ${out} get nodes`);
  });
}
