import type { ArtifactBundleJson } from '../contract/artifact-bundle.ts';
import { AppError } from '../errors/app-error.ts';
import { count } from '../util/count.ts';
import type { CliContext } from './context.ts';
import type { CommonFlags, FileFlag } from './flags.ts';
import { megabytes } from './megabytes.ts';
import { answer, say } from './terminal.ts';

export interface BundleFlags extends CommonFlags, FileFlag {
  readonly out: string;
  readonly kubernetes?: string;
  readonly source?: 'go' | 'upstream';
  readonly link?: boolean;
  readonly packages: boolean;
}

/** `artifacts bundle`. */
export async function bundle(this: CliContext, { out, file, kubernetes, source, link = false, packages }: BundleFlags): Promise<void> {
  if (file !== undefined && kubernetes !== undefined) throw new AppError('usage', 'a cluster file names its Kubernetes: --file and --kubernetes exclude each other');
  const { bundleArtifacts } = await this.verbs.artifacts();
  const onProgress = (line: string): void => say(this.terminal, line);
  const choice = { directory: out, file, kubernetes, source, isLinked: link, withPackages: packages };
  answer(this.terminal, await bundleArtifacts(choice, { signal: this.interruption.signal, onProgress }), renderBundle);
}

function renderBundle({ directory, kubernetes, architecture, source, artifacts, sizeBytes }: ArtifactBundleJson): string {
  return [
    `${directory}: ${count(artifacts.length, 'artifact')} for Kubernetes ${kubernetes} on ${architecture} from source ${source}, ${megabytes(sizeBytes)}`,
    'next:',
    `  kubewright apply --source bundle:${directory}`,
    '',
  ].join('\n');
}
