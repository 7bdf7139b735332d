import type { Severity } from '../finding.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { apiServerVersion, minorsBehind, plainVersion } from './versions.ts';

/** A kubelet may be this many minor versions older than the API server (Kubernetes, "Version Skew Policy"). */
const KUBELET_MAY_BE_BEHIND = 3;

export const versionSkew = defineAuditRule({
  code: 'version-skew',
  severity: 'error',
  title: 'versions that must not meet run in one cluster',
  why: 'a component older or newer than the others support misreads objects: pods do not start, or fields are lost when they are written back',
  fix: 'upgrade what is behind: control planes first, one minor version after another, then the kubelets',
  grades: 'a warning where the difference is still supported',
  judge: (view) => [...betweenApiServers(view), ...ofKubelets(view)],
});

function oldestAndNewest(view: AuditView): readonly [string, string] | undefined {
  const versions = view.controlPlanes.flatMap((machine) => apiServerVersion(machine) ?? []);
  const sorted = [...versions, plainVersion(view.cluster?.version ?? '') ?? '']
    .filter((version) => version !== '')
    .sort((a, b) => minorsBehind(b, a) || a.localeCompare(b, 'en', { numeric: true }));
  const [oldest, newest] = [sorted[0], sorted.at(-1)];
  return oldest === undefined || newest === undefined ? undefined : [oldest, newest];
}

function betweenApiServers(view: AuditView): readonly AuditComplaint[] {
  const evidence = view.controlPlanes.flatMap((machine) => {
    const version = apiServerVersion(machine);
    return version === undefined ? [] : [{ version, line: `API server of ${machine.name}: ${version}` }];
  });
  const [oldest = '', newest = ''] = oldestAndNewest(view) ?? [];
  if (new Set(evidence.map(({ version }) => version)).size < 2) return [];
  const severity: Severity = minorsBehind(oldest, newest) > 1 ? 'error' : 'warning';
  return [{ evidence: evidence.map(({ line }) => line), severity, title: 'API servers run different versions' }];
}

function ofKubelets(view: AuditView): readonly AuditComplaint[] {
  const [oldest, newest] = oldestAndNewest(view) ?? [];
  if (oldest === undefined || newest === undefined) return [];
  return view.machines.flatMap(({ name, node }): readonly AuditComplaint[] => {
    const version = plainVersion(node?.kubeletVersion ?? '');
    if (version === undefined) return [];
    const line = (api: string, words: string) => `kubelet of ${name}: ${version}, API server: ${api}: ${words}`;
    if (minorsBehind(version, oldest) < 0) return [{ node: name, evidence: [line(oldest, 'a kubelet must not be newer')] }];
    if (minorsBehind(version, newest) > KUBELET_MAY_BE_BEHIND) return [{ node: name, evidence: [line(newest, `a kubelet may be ${KUBELET_MAY_BE_BEHIND} minor versions older`)] }];
    return minorsBehind(version, newest) > 0 ? [{ node: name, evidence: [line(newest, 'supported, as long as no further upgrade comes before it')], severity: 'warning' }] : [];
  });
}
