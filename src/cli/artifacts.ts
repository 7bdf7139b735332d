import type { ArtifactListJson } from '../contract/artifact-list.ts';
import type { ArtifactPruneJson } from '../contract/artifact-prune.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import type { ArtifactSurvey } from '../app/artifacts.ts';
import type { Paint } from '../render/paint.ts';
import { renderTable } from '../render/table.ts';
import { count } from '../util/count.ts';
import type { CommonFlags } from './flags.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { megabytes } from './megabytes.ts';
import { answer, say } from './terminal.ts';

export interface ArtifactFlags extends CommonFlags {
  readonly kubernetes?: string;
  readonly source?: 'go' | 'upstream';
}

export interface PruneFlags extends CommonFlags {
  readonly yes?: boolean;
}

const SHORT_DIGEST = 12;

/** `artifacts ensure`. */
export async function ensure(this: CliContext, { kubernetes, source }: ArtifactFlags, ...names: readonly string[]): Promise<void> {
  const { obtainArtifacts } = await this.verbs.artifacts();
  const onProgress = (line: string): void => say(this.terminal, line);
  answer(this.terminal, await obtainArtifacts({ names, kubernetes, source }, { signal: this.interruption.signal, onProgress }), renderArtifacts);
}

/** `artifacts list`. */
export async function list(this: CliContext, { kubernetes, source }: ArtifactFlags, ...names: readonly string[]): Promise<void> {
  const { surveyArtifacts } = await this.verbs.artifacts();
  show(this, await surveyArtifacts({ names, kubernetes, source }));
}

/** `artifacts verify`. */
export async function verify(this: CliContext, { kubernetes, source }: ArtifactFlags, ...names: readonly string[]): Promise<void> {
  const { examineArtifacts } = await this.verbs.artifacts();
  const survey = await examineArtifacts({ names, kubernetes, source }, { signal: this.interruption.signal });
  show(this, survey);
  if (survey.isWanting) exitWith(this, exitCodes.findings);
}

/** `artifacts prune`. */
export async function prune(this: CliContext, { yes }: PruneFlags): Promise<void> {
  const { findUnusedArtifacts, removeUnusedArtifacts } = await this.verbs.artifacts();
  const { terminal } = this;
  const unused = await findUnusedArtifacts();
  if (unused.length > 0 && yes !== true) {
    if (!terminal.canAsk || terminal.format === 'json')
      throw new AppError('usage', `artifacts prune asks before it removes ${count(unused.length, 'entry', 'entries')}, and nobody can answer here`, { hint: 'run it with --yes' });
    terminal.stdout.write(renderEntries(unused, terminal.paint));
    if (!(await this.ask(`Remove ${megabytes(sizeOf(unused))}?`))) {
      terminal.stdout.write('nothing was removed\n');
      return exitWith(this, exitCodes.interrupted);
    }
  }
  answer(terminal, await removeUnusedArtifacts(unused), renderPruned);
}

function renderPruned({ removed, sizeBytes }: ArtifactPruneJson): string {
  return removed.length === 0 ? 'nothing to remove\n' : `removed ${count(removed.length, 'entry', 'entries')}, ${megabytes(sizeBytes)}\n`;
}

function renderEntries(entries: ArtifactPruneJson['removed'], paint: Paint): string {
  return renderTable(
    ['no longer used', 'size'],
    entries.map(({ id, sizeBytes }) => [id, megabytes(sizeBytes)]),
    paint,
  );
}

function sizeOf(entries: ArtifactPruneJson['removed']): number {
  return entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function show({ terminal }: CliContext, { json, problems }: ArtifactSurvey): void {
  answer(terminal, json, renderArtifacts);
  for (const { message, hint } of problems) say(terminal, `${message}\nnext: ${hint}`);
}

function renderArtifacts({ artifacts }: ArtifactListJson, paint: Paint): string {
  const rows = artifacts.map(({ name, version, state, sha256 = '', sizeBytes }) => [
    name,
    version,
    state,
    sizeBytes === undefined ? '' : megabytes(sizeBytes),
    sha256.slice(0, SHORT_DIGEST),
  ]);
  return renderTable(['name', 'version', 'state', 'size', 'sha256'], rows, paint);
}
