import { hostOfServer, isNeutralHost } from '../../facts/audit/addresses.ts';
import type { BalancerFact } from '../../facts/audit/machine-facts.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { apiServerAddress, seenMachines } from './machine.ts';

/** L22. */
export const balancerUpstreamsStale = defineAuditRule({
  code: 'balancer-upstreams-stale',
  severity: 'error',
  title: "a machine's own load balancer does not lead to the control planes that there are",
  why: 'connections to an upstream that is gone fail or wait, and whoever gets its address gets them; with a control plane missing, the node loses the API when those that it knows are down',
  fix: 'write the addresses of all control planes as upstreams into the file named, and let the load balancer read it again',
  grades: 'a warning where control planes are missing',
  judge: (view) => {
    if (view.cluster === undefined) return [];
    return seenMachines(view).flatMap(({ name, facts }) => facts.balancers.flatMap((balancer) => judge(view, name, balancer)));
  },
});

/** Only what balances over control planes: a machine may run a load balancer for something else. */
function judge(view: AuditView, node: string, { program, path, upstreams }: BalancerFact): readonly AuditComplaint[] {
  const owners = upstreams.map((upstream) => ({ upstream, host: hostOfServer(upstream.text), owner: ownerOf(view, hostOfServer(upstream.text)) }));
  if (!owners.some(({ owner }) => owner?.isControlPlane === true)) return [];
  const ports = new Set(owners.flatMap(({ upstream, owner }) => (owner?.isControlPlane === true ? [upstream.text.split(':').at(-1)] : [])));
  const dead = owners.filter(({ upstream, host, owner }) => owner?.isControlPlane !== true && !isNeutralHost(host) && ports.has(upstream.text.split(':').at(-1)));
  const missing = view.controlPlanes.filter((machine) => !owners.some(({ owner, host }) => owner?.name === machine.name || isNeutralHost(host)) && isServing(view, machine));
  if (dead.length === 0 && missing.length === 0) return [];
  return [
    {
      node,
      severity: dead.length > 0 ? 'error' : 'warning',
      evidence: [
        ...dead.map(
          ({ upstream, owner }) =>
            `${path}:${upstream.line} (${program}): upstream ${upstream.text} is the address of ${owner === undefined ? 'no machine of this cluster' : `${owner.name}, which is no control plane`}`,
        ),
        ...missing.map((machine) => `${path} (${program}) has no upstream ${apiServerAddress(machine)}, the control plane ${machine.name}`),
      ],
      steps: stepsFor(
        { program, path },
        dead.map(({ upstream }) => upstream.text),
        missing.map(apiServerAddress),
      ),
    },
  ];
}

/** A balancer is somebody's own, in its own words: what is to change there is said, and done by hand. */
function stepsFor({ program, path }: Pick<BalancerFact, 'program' | 'path'>, dead: readonly string[], missing: readonly string[]): readonly string[] {
  return [
    ...(dead.length === 0 ? [] : [`take the upstreams ${dead.join(', ')} out of ${path}`]),
    ...(missing.length === 0 ? [] : [`add upstreams for ${missing.join(', ')} there`]),
    `let ${program} read its file again`,
  ];
}

function ownerOf({ machines }: AuditView, host: string): Machine | undefined {
  return machines.find(({ name, addresses, node }) => addresses.includes(host) || node?.internalIPs.includes(host) === true || name === host);
}

/** A control plane that joins right now is no upstream yet. */
function isServing({ cluster }: AuditView, { addresses, node }: Machine): boolean {
  return node !== undefined && (cluster?.apiEndpoints.some((address) => addresses.includes(address)) ?? false);
}
