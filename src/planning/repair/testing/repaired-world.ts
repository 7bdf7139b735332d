import { stringify } from 'yaml';
import { bareHost } from '../../../facts/bare-host.ts';
import type { AuditSnapshot, AuditedMachine } from '../../../facts/audit/audit-snapshot.ts';
import type { ClusterView } from '../../../facts/audit/cluster-view.ts';
import type { MachineFacts, StaticPod } from '../../../facts/audit/machine-facts.ts';
import { parseManifest } from '../../../facts/audit/parse-manifest.ts';
import { RESTART_DUE_ANNOTATION } from '../../../facts/cluster-facts.ts';
import type { ClusterFacts } from '../../../facts/cluster-facts.ts';
import type { FileFact, HostFacts } from '../../../facts/host-facts.ts';
import type { Snapshot } from '../../../facts/snapshot.ts';
import { hostOf } from '../../../facts/snapshot.ts';
import { mergeProbes } from '../../../facts/probe-request.ts';
import { known, unknown } from '../../../plan/fact.ts';
import type { Fact } from '../../../plan/fact.ts';
import { laneId } from '../../../plan/plan.ts';
import { NOW } from '../../../rules/testing/audit-healthy.ts';
import { auditFindings } from '../../../rules/audit/audit-rules.ts';
import type { AuditFinding } from '../../../rules/audit/audit-rule.ts';
import { auditView } from '../../../rules/audit/audit-view.ts';
import { sha256 } from '../../../util/sha256.ts';
import { foldPlan } from '../../testing/fold-plan.ts';
import type { DeployPlan } from '../../step-types.ts';
import { planRepair, repairProbes } from '../plan-repair.ts';
import type { RepairAnswer } from '../plan-repair.ts';

const textFile = (text: string, mode = '600'): FileFact => ({ type: 'file', sha256: sha256(text), sizeBytes: text.length, mode, owner: 'root:root', text });
const HOSTS = '127.0.0.1 localhost\n';
const AUTHORITY = 'certificate authority of this cluster\n';

/** A manifest as kubeadm writes it, with these words of its command and these variables. */
function manifestText({ name, args, environment }: StaticPod): string {
  const command = args.map(({ text }) => text);
  const env = environment.map((variable) => ({ name: variable.name, value: variable.value }));
  const container = { name, command, ...(env.length > 0 && { env }), image: `registry.k8s.io/${name}:v1.36.3` };
  return stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [container] } }, { indentSeq: false, lineWidth: 0 });
}

function hostFacts({ name, facts }: AuditedMachine): Fact<HostFacts> {
  if (facts.state !== 'known') return facts;
  const { manifests, kubeconfigs, certificates, processes } = facts.value;
  const pods = manifests.filter((manifest) => manifest.type === 'pod');
  const files = {
    ...Object.fromEntries(pods.map((pod) => [pod.path, textFile(manifestText(pod))])),
    ...Object.fromEntries(Object.keys(certificates).map((path) => [path, textFile(path.endsWith('/ca.crt') ? AUTHORITY : `${name} ${path}`, '644')])),
    ...Object.fromEntries(filesThere(facts.value).map((path) => [path, textFile(`${name} ${path}`)])),
    '/etc/hosts': textFile(HOSTS, '644'),
  };
  const running = processes.map(({ component, pid, startTicks, args }) => ({ name: component, pid, startTicks, args }));
  const servers = Object.fromEntries(Object.entries(kubeconfigs).map(([path, { server }]) => [path, { server }]));
  return known({ ...bareHost(name), files, processes: running, kubeconfigs: servers, certificates: { ...certificates } });
}

function filesThere({ directories, joinFiles }: MachineFacts): readonly string[] {
  return [...Object.entries(directories).flatMap(([directory, names]) => names.map((name) => `${directory}/${name}`)), ...joinFiles.map(({ path }) => path)];
}

function clusterFacts(view: ClusterView): ClusterFacts {
  const workloads = Object.entries(view.workloads).map(([name, { desired, ready, isRolledOut, podNodes, restartDue, environment }]) => [
    name,
    {
      annotations: restartDue === undefined ? {} : { [RESTART_DUE_ANNOTATION]: restartDue },
      desired,
      ready,
      isRolledOut,
      podNodes,
      ...(environment.length > 0 && { proxyVariables: environment.map((variable) => variable.name) }),
    },
  ]);
  const tokens = view.tokens.state === 'known' ? view.tokens.value : [];
  return {
    ...{ via: laneId(view.via), uid: 'uid', version: view.version, nodes: view.nodes, configMaps: view.configMaps, apiEndpoints: view.apiEndpoints, etcdMembers: view.etcdMembers },
    workloads: Object.fromEntries(workloads) as ClusterFacts['workloads'],
    bootstrapTokens: tokens.map(({ id, description }) => ({ id, description })),
  };
}

/** Worlds are values: what was worked out of one is kept, since tests ask for it many times. */
function kept<T extends object>(make: (audited: AuditSnapshot) => T): (audited: AuditSnapshot) => T {
  const made = new WeakMap<AuditSnapshot, T>();
  return (audited) => {
    const value = made.get(audited) ?? make(audited);
    made.set(audited, value);
    return value;
  };
}

/** What rules judge of a world. */
export const viewOf = kept((audited) => auditView(audited, NOW));

/** What the second look sees of a cluster that the audit has seen: what repairs ask for, and what is not there is absent. */
export const secondLook = kept((audited): Snapshot => {
  const hosts = Object.fromEntries(audited.machines.map((machine) => [machine.name, hostFacts(machine)]));
  return asked({ hosts, cluster: audited.cluster.state === 'known' ? known(clusterFacts(audited.cluster.value)) : unknown(audited.cluster.why) }, findingsOf(audited), audited);
});

function asked(snapshot: Snapshot, findings: readonly AuditFinding[], audited: AuditSnapshot): Snapshot {
  const probes = mergeProbes(repairProbes({ findings, view: viewOf(audited) }));
  const complete = (facts: HostFacts): HostFacts => {
    const bare = bareHost(facts.identity.hostname, [
      ...probes.files.map((path) => ({ probe: 'file', path, text: false }) as const),
      ...probes.units.map((unit) => ({ probe: 'unit', unit }) as const),
    ]);
    return { ...facts, files: { ...bare.files, ...facts.files }, units: { ...bare.units, ...facts.units } };
  };
  const hosts = Object.entries(snapshot.hosts).map(([lane, fact]) => [lane, fact.state === 'known' ? known(complete(fact.value)) : fact]);
  return { ...snapshot, hosts: Object.fromEntries(hosts) as Snapshot['hosts'] };
}

/** What is mended without being asked for by its code. */
export const findingsOf = kept((audited): readonly AuditFinding[] => auditFindings(audited, NOW).findings.filter(({ severity }) => severity !== 'notice'));

/** Audit, second look, plan. */
export function repairOf(audited: AuditSnapshot, snapshot: Snapshot = secondLook(audited)): RepairAnswer {
  return planRepair({ findings: findingsOf(audited), view: viewOf(audited), snapshot });
}

/** What an audit would see after a run of the plan in which everything succeeds. */
export function afterRepair(
  audited: AuditSnapshot,
  plan: Pick<DeployPlan, 'steps' | 'texts'>,
  before: Snapshot = secondLook(audited),
): { readonly audited: AuditSnapshot; readonly snapshot: Snapshot } {
  const snapshot = foldPlan(plan, before);
  const machines = audited.machines.map((machine) => ({ ...machine, facts: machineAfter(machine, hostOf(snapshot, laneId(machine.name))) }));
  return { snapshot, audited: { machines, cluster: clusterAfter(audited.cluster, snapshot.cluster) } };
}

function machineAfter({ facts }: AuditedMachine, after: Fact<HostFacts>): Fact<MachineFacts> {
  if (facts.state !== 'known' || after.state !== 'known') return facts;
  const { files, processes, kubeconfigs, certificates } = after.value;
  const { value } = facts;
  const hosts = files['/etc/hosts'];
  const names = hosts?.type === 'file' ? Object.fromEntries([...(hosts.text ?? '').matchAll(/^127\.0\.0\.1 (\S+) #/gm)].map(([, name = '']) => [name, ['127.0.0.1']])) : {};
  return known({
    ...value,
    names: { ...value.names, ...names },
    manifests: value.manifests.map((manifest) => {
      const file = files[manifest.path];
      const text = file?.type === 'file' ? file.text : undefined;
      return text === undefined
        ? manifest
        : {
            ...manifest,
            ...parseManifest({ path: manifest.path, sizeBytes: text.length, bytes: Buffer.from(text) }),
            ...(manifest.type === 'pod' && { hostPaths: manifest.hostPaths }),
          };
    }),
    processes: value.processes.map((process) => ({ ...process, args: processes.find(({ name }) => name === process.component)?.args ?? process.args })),
    kubeconfigs: Object.fromEntries(Object.entries(value.kubeconfigs).map(([path, view]) => [path, { ...view, server: kubeconfigs[path]?.server ?? view.server }])),
    certificates: Object.fromEntries(Object.entries(value.certificates).map(([path, now]) => [path, { ...now, names: certificates[path]?.names ?? now.names }])),
    joinFiles: value.joinFiles.filter(({ path }) => files[path]?.type !== 'absent'),
    directories: Object.fromEntries(Object.entries(value.directories).map(([path, all]) => [path, all.filter((name) => files[`${path}/${name}`]?.type !== 'absent')])),
  });
}

function clusterAfter(before: Fact<ClusterView>, after: Fact<ClusterFacts>): Fact<ClusterView> {
  if (before.state !== 'known' || after.state !== 'known') return before;
  const { configMaps, apiEndpoints, bootstrapTokens } = after.value;
  const tokens =
    before.value.tokens.state === 'known' ? known(before.value.tokens.value.filter(({ id }) => bootstrapTokens.some((token) => token.id === id))) : before.value.tokens;
  const workloads = Object.entries(before.value.workloads).map(([name, workload]) => {
    const now = after.value.workloads[name];
    const environment = workload.environment.filter((variable) => now?.proxyVariables?.includes(variable.name) === true);
    const { restartDue, ...rest } = { ...workload, environment, restartDue: now?.annotations[RESTART_DUE_ANNOTATION] };
    return [name, restartDue === undefined ? rest : { ...rest, restartDue }] as const;
  });
  return known({ ...before.value, configMaps, apiEndpoints, tokens, workloads: Object.fromEntries(workloads) });
}
