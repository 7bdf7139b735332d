import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { KUBE_PROXY_WORKLOAD } from './shared-documents.ts';

/** L32: kubeadm copies the proxy variables of the shell that it runs in (kubeadm, util/env.go). */
export const proxyEnvironment = defineAuditRule({
  code: 'proxy-environment',
  severity: 'warning',
  title: "proxy variables of somebody's shell stand in the cluster's own components",
  why: 'kube-proxy and the control plane send what they should send inside the cluster through that proxy, or stop with it; a node or service that NO_PROXY of that day does not list cannot be reached',
  fix: 'take the variables out of the DaemonSet kube-system/kube-proxy and of the manifests named, and run kubeadm with an empty environment (env -i) from now on',
  isMended: true,
  judge: (view) => {
    const workloads = Object.entries(view.cluster?.workloads ?? {}).filter(([name, { environment }]) => name === KUBE_PROXY_WORKLOAD && environment.length > 0);
    const manifests = seenMachines(view).flatMap(({ name, facts }) =>
      facts.manifests.flatMap((manifest) =>
        manifest.type === 'pod' && manifest.environment.length > 0 ? [{ node: name, path: manifest.path, environment: manifest.environment }] : [],
      ),
    );
    const evidence = [
      ...workloads.flatMap(([name, { environment }]) => environment.map((variable) => `${name}: ${variable.name}=${variable.value}`)),
      ...manifests.flatMap(({ node, path, environment }) => environment.map(({ name, value, line }) => `${node}: ${path}:${line}: ${name}=${value}`)),
    ];
    const variables = [
      ...new Set([...workloads.flatMap(([, { environment }]) => environment), ...manifests.flatMap(({ environment }) => environment)].map(({ name }) => name)),
    ].sort();
    return complain(evidence, {
      repair: { kind: 'drop-environment', workloads: workloads.map(([name]) => name), manifests: manifests.map(({ node, path }) => ({ node, path })), variables },
    });
  },
});
