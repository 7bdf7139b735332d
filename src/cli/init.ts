import { quote } from '../shell/quote.ts';
import type { CliContext } from './context.ts';
import { say } from './terminal.ts';

export interface InitFlags {
  readonly name: string;
  readonly controlPlane?: readonly string[];
  readonly worker?: readonly string[];
  readonly user: string;
  readonly identityFile?: string;
  readonly kubernetesVersion?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  readonly out: string;
  readonly force?: boolean;
}

const STANDARD_OUTPUT = '-';

/** `init`. */
export async function init(this: CliContext, { name, controlPlane = [], worker = [], podCidr, serviceCidr, out, force = false, ...rest }: InitFlags): Promise<void> {
  const { newClusterFile, writeClusterFile } = await this.verbs.init();
  const { text, warnings, isExample } = newClusterFile({ ...rest, name, controlPlanes: controlPlane, workers: worker, podCIDR: podCidr, serviceCIDR: serviceCidr });
  if (out === STANDARD_OUTPUT) this.terminal.stdout.write(text);
  else await writeClusterFile(out, text, { force });
  for (const warning of warnings) say(this.terminal, warning);
  const plan = `kubewright plan${out === 'cluster.yaml' ? '' : ` -f ${quote(out)}`}`;
  if (out !== STANDARD_OUTPUT) say(this.terminal, `wrote ${out}; next: ${isExample ? `your machines in it, then ${plan}` : plan}`);
}
