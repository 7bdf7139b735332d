import type { HostFacts } from '../../facts/host-facts.ts';
import { complainOf } from '../rule.ts';
import type { IdentityComponent } from './component-flags.ts';
import { IDENTITY_COMPONENTS, foreignFlags } from './component-flags.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule, onHost, othersOf } from './identity-rule.ts';
import type { IdentityInput } from './verify-input.ts';

/** A host may run further processes of the name (a cluster in a pod): it is enough that one is the node's own. */
function judgeComponent(component: IdentityComponent, { processes }: HostFacts, node: ExpectedNode, input: IdentityInput): readonly string[] {
  const wrong = processes.filter(({ name }) => name === component).map(({ pid, args }) => ({ pid, lines: foreignFlags(component, args, node, othersOf(node, input)) }));
  if (wrong.some(({ lines }) => lines.length === 0)) return [];
  return wrong.length === 0 ? [`${component} does not run`] : wrong.flatMap(({ pid, lines }) => lines.map((line) => `process ${pid}: ${line}`));
}

/** What runs, whatever the manifests say by now. */
export const processIdentity = defineIdentityRule({
  code: 'process-identity',
  title: "a control plane process does not run with the node's own identity",
  why: 'what runs decides, not what its manifest says: the process advertises or dials another node, or is not there at all',
  fix: 'compare the manifest in /etc/kubernetes/manifests with the process; if the manifest is right, the kubelet has not restarted the pod: read its log with journalctl -u kubelet',
  judgeNode: (node, input) =>
    node.role === 'worker'
      ? []
      : onHost(node, input, 'arguments of the control plane processes', (host) =>
          complainOf(
            IDENTITY_COMPONENTS.flatMap((component) => judgeComponent(component, host, node, input)),
            { node: node.name },
          ),
        ),
});
