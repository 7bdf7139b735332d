import { resolve } from 'node:path';
import { checkAccessFiles } from '../app/audit/check-access.ts';
import type { AuditHost, OpenAudit } from '../app/audit/open-audit.ts';
import { AppError } from '../errors/app-error.ts';
import { renderReport } from '../render/findings.ts';
import { renderRule } from '../render/rule.ts';
import { command } from '../shell/quote.ts';
import { auditFix } from './audit-fix.ts';
import type { FixFlags } from './audit-fix.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { exitCodeOfFindings } from './exit-code.ts';
import type { CommonFlags } from './flags.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { sudoWords } from './sudo-flags.ts';
import { sudoPasswordFor } from './sudo-password.ts';
import { answer, say } from './terminal.ts';
import { usersOf } from './with-fleet.ts';

export interface AuditFlags extends CommonFlags, FixFlags, SudoFlags {
  readonly host?: readonly AuditHost[];
  readonly file?: string;
  readonly identityFile?: string;
  readonly knownHosts?: string;
  readonly explain?: string;
  readonly fix?: boolean;
}

/** `audit`. */
export async function audit(this: CliContext, flags: AuditFlags): Promise<void> {
  if (flags.explain !== undefined) return explain(this, flags.explain);
  if (flags.fix !== true) refuseFixFlags(flags);
  await using open = await openFor(this, flags);
  // Awaited here: the machines are in reach until this function ends.
  if (flags.fix === true) return await auditFix(this, open, { ...flags, again: againOf(flags) });
  const { auditCluster } = await this.verbs.audit();
  const onProgress = (line: string): void => say(this.terminal, line);
  const report = await auditCluster({ reach: open.reach, signal: this.interruption.signal, onProgress });
  answer(this.terminal, report, renderReport);
  exitWith(this, exitCodeOfFindings(report, flags.failOn));
}

/** The same repair, of the same machines. */
function againOf({ host = [], file, identityFile, knownHosts, only = [], ...sudo }: AuditFlags): string {
  const valued: readonly (readonly [flag: string, value: string])[] = [
    ...host.map(({ user, address }) => ['--host', `${user}@${address}`] as const),
    ...(file === undefined ? [] : [['-f', file] as const]),
    ...(identityFile === undefined ? [] : [['--identity-file', identityFile] as const]),
    ...(knownHosts === undefined ? [] : [['--known-hosts', knownHosts] as const]),
    ...only.map((code) => ['--only', code] as const),
  ];
  return `${command('kubewright', 'audit', '--fix', ...valued.flat())}${sudoWords(sudo)}`;
}

/** What speaks of a repair says nothing without one. */
function refuseFixFlags({ only, dryRun, yes, takeOver }: AuditFlags): void {
  if (only !== undefined || dryRun === true || yes === true || takeOver !== undefined)
    throw new AppError('usage', '--only, --dry-run, --yes and --take-over belong to --fix', { hint: 'give --fix too, or leave them out' });
}

async function explain({ verbs, terminal }: CliContext, code: string): Promise<void> {
  const { explainRule, ruleCodes } = await verbs.audit();
  const rule = explainRule(code);
  if (rule === undefined) throw new AppError('usage', `no rule of the audit has the code ${JSON.stringify(code)}`, { hint: 'take one of these', details: [...ruleCodes()] });
  answer(terminal, rule, renderRule);
}

async function openFor(context: CliContext, { host, file, identityFile, knownHosts, ...sudo }: AuditFlags): Promise<OpenAudit> {
  const { verbs, interruption } = context;
  const { openAuditHosts, openAuditCluster } = await verbs.audit();
  if (host !== undefined && host.length > 0) {
    if (file !== undefined) throw new AppError('usage', 'a cluster file and --host exclude each other', { hint: 'give one of the two' });
    const access = { ...(identityFile !== undefined && { identityFile: resolve(identityFile) }), ...(knownHosts !== undefined && { knownHostsFile: resolve(knownHosts) }) };
    checkAccessFiles(access);
    return openAuditHosts(host, { ...access, sudoPassword: await sudoPasswordFor(() => host.map(({ user }) => user), sudo, context) }, interruption.hardSignal);
  }
  const { readClusterFile } = await verbs.clusterFile();
  const { cluster } = await readClusterFile(file, interruption.signal, { isDialled: true }).catch((error: unknown) => {
    const isNoneNamed = error instanceof AppError && error.code === 'cluster-file-missing' && file === undefined;
    throw isNoneNamed
      ? new AppError(error.code, error.message, { hint: 'name a machine of the cluster with --host USER@ADDRESS, or a cluster file with -f FILE', cause: error })
      : error;
  });
  return openAuditCluster(cluster, { sudoPassword: await sudoPasswordFor(() => usersOf(cluster), sudo, context) }, interruption.hardSignal);
}
