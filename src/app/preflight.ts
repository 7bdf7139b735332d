import { hostArchitecture } from '../artifacts/architecture.ts';
import type { FindingJson, ReportJson } from '../contract/report.ts';
import { judgedReportJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { NetworkNode } from '../facts/network/network-plan.ts';
import { hostOfNode } from '../facts/observed.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { PackagesWay, PreflightInput } from '../rules/preflight/preflight-input.ts';
import { preflightView } from '../rules/preflight/preflight-input.ts';
import { machineNotReached } from '../rules/preflight/machine-not-reached.ts';
import { preflightFindings } from '../rules/preflight/preflight-rules.ts';
import { sudoRefused } from '../rules/preflight/sudo-refused.ts';
import { expectedOf } from '../rules/verify/expected-cluster.ts';
import { count } from '../util/count.ts';
import { fromMirror } from './artifact-source.ts';
import type { LoadedCluster } from './cluster-file.ts';
import type { Fleet } from './observe-fleet.ts';
import { heldByLiveRuns } from './observe-settled.ts';
import { tryNetwork } from './try-network.ts';

/** One warning that may stand: of every node, or of one. */
export interface Consent {
  readonly code: string;
  readonly node?: string;
}

/** What the one who carries a plan out says about warnings. */
export interface Consents {
  readonly allowed: readonly Consent[];
  /** Where a person can answer: whether to go on with the warnings of this report. */
  readonly ask?: (report: ReportJson) => Promise<boolean>;
}

export interface PreflightContext {
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Of a plan that is carried out; of one that is only shown, warnings are said and refuse nothing. */
  readonly consents?: Consents;
  /** Where machines get packages that they lack; without it from their mirror. */
  readonly packages?: PackagesWay;
}

/** What preflight came to. */
export interface Judged {
  readonly report: ReportJson;
  readonly errors: readonly FindingJson[];
  /** Warnings that nobody has consented to. */
  readonly warnings: readonly FindingJson[];
}

/** Judges the machines as they were seen; where a deployment has yet to begin on one, the network between them is tried first. Changes nothing. */
export async function judgePreflight({ cluster }: LoadedCluster, snapshot: Snapshot, context: PreflightContext): Promise<Judged> {
  const { fleet, signal, onProgress, consents, packages = fromMirror } = context;
  const { nodes } = expectedOf(cluster);
  const input: PreflightInput = { wide: cluster.wide, nodes, architecture: hostArchitecture(), packages, snapshot, network: undefined };
  const among = networkNodes(input);
  const [held] = heldByLiveRuns(snapshot);
  const isWanted = among.length > 1 && among.some(({ isFresh }) => isFresh);
  const isTried = isWanted && held === undefined;
  if (isWanted && held !== undefined) onProgress(`the network between machines is not tried: ${held[0]} is locked by ${held[1].owner}`);
  if (isTried) onProgress(`trying the network between ${count(among.length, 'machine')}`);
  const network = isTried ? await tryNetwork({ fleet, wide: cluster.wide, nodes: among, signal }) : undefined;
  const { findings, unknown } = preflightFindings({ ...input, network });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter((finding) => finding.severity === 'warning' && !isAllowed(finding, consents?.allowed ?? []));
  return { report: judgedReportJson(findings, unknown, errors.length + warnings.length === 0), errors, warnings };
}

const DEFAULT_MTU = 1500;

/** Machines that answered. */
function networkNodes(input: PreflightInput): readonly (NetworkNode & { readonly mtu: number })[] {
  const fresh = new Set(preflightView(input).fresh.map(({ node }) => node.name));
  return input.nodes.flatMap(({ name, role, address }) => {
    const host = hostOfNode(input.snapshot, name);
    if (host.state !== 'known') return [];
    const own = host.value.addresses.find((each) => each.address === address)?.interface.replace(/@.*/, '');
    const mtu = host.value.ground?.links.find((link) => link.name === own)?.mtu ?? DEFAULT_MTU;
    return [{ name, role, address, isFresh: fresh.has(name), mtu }];
  });
}

function isAllowed({ code, node }: FindingJson, allowed: readonly Consent[]): boolean {
  return allowed.some((consent) => consent.code === code && (consent.node === undefined || consent.node === node));
}

/**
 * Lets a plan go on, or throws with the whole report as its answer: `refused`, or `host-unreachable` when nothing else is wrong than machines that were not reached.
 * Nothing has been changed then.
 */
export async function preflight(loaded: LoadedCluster, snapshot: Snapshot, context: PreflightContext): Promise<void> {
  const judged = await judgePreflight(loaded, snapshot, context);
  const { report, errors, warnings } = judged;
  const { consents, onProgress } = context;
  if (errors.length > 0) throw refusal(judged);
  if (warnings.length > 0 && consents !== undefined && (await consents.ask?.(report)) !== true) throw refusal(judged);
  for (const line of passedWords(judged)) onProgress(line);
}

/** What is said of a preflight that lets a plan go on. */
function passedWords({ report, warnings }: Judged): readonly string[] {
  const said = report.findings.filter(({ severity }) => severity === 'warning').map(warningWords);
  const notices = report.findings.length - said.length;
  const rest = [...(notices === 0 ? [] : [count(notices, 'notice')]), ...(report.unknown.length === 0 ? [] : [`${count(report.unknown.length, 'thing')} that could not be seen`])];
  return [
    ...said,
    ...(warnings.length === 0 ? [] : [`apply needs consent to that: ${flagsFor(warnings)}`]),
    ...(rest.length === 0 ? [] : [`preflight has ${rest.join(' and ')}: kubewright apply --check says what`]),
  ];
}

function warningWords({ code, node, title, evidence }: FindingJson): string {
  return `warning ${code}${node === undefined ? '' : ` ${node}`}: ${title}: ${evidence.join('; ')}`;
}

function refusal(judged: Judged): AppError {
  const { report, errors, warnings } = judged;
  const counted = [...(errors.length === 0 ? [] : [count(errors.length, 'error')]), ...(warnings.length === 0 ? [] : [count(warnings.length, 'warning')])];
  return new AppError(codeOfRefusal(judged), `preflight found ${counted.join(' and ')}; nothing was changed`, { hint: howToGoOn(judged), answer: report });
}

/** Refused comes before unreachable, and before a login that is not enough. */
export function codeOfRefusal({ errors, warnings }: Judged): ErrorCode {
  const isOther = ({ code }: FindingJson): boolean => code !== machineNotReached.code && code !== sudoRefused.code;
  return warnings.length > 0 || errors.some(isOther) ? 'refused' : 'host-unreachable';
}

/** What to do about errors and warnings that stand in the way. */
export function howToGoOn({ errors, warnings }: Pick<Judged, 'errors' | 'warnings'>): string {
  const mend = errors.length === 0 ? 'mend the warnings' : 'mend the errors';
  return warnings.length === 0 ? `${mend} and run the command again` : `${mend}; to go on with the warnings: ${flagsFor(warnings)}`;
}

function flagsFor(warnings: readonly FindingJson[]): string {
  return [...new Set(warnings.map(({ code, node }) => `--allow ${code}${node === undefined ? '' : `=${node}`}`))].join(' ');
}
