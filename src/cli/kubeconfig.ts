import type { AdminKubeconfig } from '../app/kubeconfig.ts';
import { AppError } from '../errors/app-error.ts';
import type { CliContext } from './context.ts';
import type { FileFlag } from './flags.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';

export interface KubeconfigFlags extends FileFlag, SudoFlags {
  readonly out?: string;
  /** Empty: the person's own. */
  readonly merge?: string;
  readonly context?: string;
}

/** `kubeconfig`. */
export async function kubeconfig(this: CliContext, flags: KubeconfigFlags): Promise<void> {
  const { file, out, merge, context, ...sudo } = flags;
  if (out !== undefined && merge !== undefined) throw new AppError('usage', '--out writes a file of its own, --merge into one that is there: one of the two');
  if (context !== undefined && merge === undefined) throw new AppError('usage', '--context names the entry in the file that --merge writes into', { hint: 'give --merge, too' });
  const { adminKubeconfig, checkKubeconfigPath, writeKubeconfig } = await this.verbs.kubeconfig();
  if (out !== undefined) await checkKubeconfigPath(out);
  await withFleet(this, { file, sudo, onlyLooks: true }, async ({ loaded, fleet }) => {
    const admin = await adminKubeconfig({ cluster: loaded.cluster, fleet, signal: this.interruption.signal });
    if (merge !== undefined) return mergeInto(this, admin, { path: merge === '' ? undefined : merge, context });
    if (out === undefined) {
      this.terminal.stdout.write(admin.text);
      return;
    }
    await writeKubeconfig(out, admin.text);
    say(this.terminal, `wrote ${out}, which reaches the cluster through ${admin.node}; next: kubectl --kubeconfig ${out} get nodes`);
  });
}

interface Target {
  readonly path: string | undefined;
  readonly context: string | undefined;
}

async function mergeInto({ terminal, verbs }: CliContext, { node, entries }: AdminKubeconfig, target: Target): Promise<void> {
  const { mergeKubeconfig } = await verbs.kubeconfig();
  const { path, context, backup, currentContext } = await mergeKubeconfig(entries, target);
  say(terminal, `context ${context} in ${path} reaches the cluster through ${node}`);
  if (backup !== undefined) say(terminal, `the file as it was: ${backup}`);
  const file = target.path === undefined ? '' : ` --kubeconfig ${path}`;
  say(terminal, currentContext === context ? `next: kubectl${file} get nodes` : `the current context stays ${currentContext}; next: kubectl${file} --context ${context} get nodes`);
}
