import { parse } from 'yaml';
import type { FileFact } from '../../facts/host-facts.ts';
import { manifestPath } from '../../facts/kubernetes-paths.ts';
import type { Complaint, Verdict } from '../rule.ts';
import { complainOf } from '../rule.ts';
import type { IdentityComponent } from './component-flags.ts';
import { IDENTITY_COMPONENTS, foreignFlags } from './component-flags.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule, onHost, othersOf } from './identity-rule.ts';
import type { IdentityInput } from './verify-input.ts';

interface StaticPod {
  readonly spec?: { readonly containers?: readonly { readonly command?: readonly unknown[]; readonly args?: readonly unknown[] }[] };
}

/** The command line of a static pod; undefined where the text is no pod's. */
function commandOf(text: string): readonly string[] | undefined {
  try {
    const container = (parse(text) as StaticPod | null)?.spec?.containers?.[0];
    return container && [...(container.command ?? []), ...(container.args ?? [])].map(String);
  } catch {
    return undefined;
  }
}

function judgeManifest(component: IdentityComponent, file: FileFact | undefined, node: ExpectedNode, input: IdentityInput): readonly Verdict[] {
  const path = manifestPath(component);
  const on: Omit<Complaint, 'evidence'> = { node: node.name };
  if (file === undefined || (file.type === 'file' && file.text === undefined)) return [{ node: node.name, what: path, why: 'its text was not read' }];
  if (file.type !== 'file') return complainOf([`${path} is ${file.type === 'absent' ? 'absent' : `a ${file.type}`}`], on);
  const args = commandOf(file.text ?? '');
  if (args === undefined) return complainOf([`${path} holds no pod`], on);
  return complainOf(
    foreignFlags(component, args, node, othersOf(node, input)).map((line) => `${path}: ${line}`),
    on,
  );
}

/** Manifests of static pods: design, section 10; Kubespray 11423, kubeadm 3175. */
export const manifestIdentity = defineIdentityRule({
  code: 'manifest-identity',
  title: "a static pod manifest does not carry the node's own identity",
  why: "the component starts with another node's address or name: its API server is advertised, or its etcd member is reached, where it is not; remove that other node and clients of this one fail",
  fix: 'correct the value in the manifest named; if other control planes show the same, look for it in the ConfigMap kube-system/kubeadm-config first',
  probes: ({ role }) => (role === 'worker' ? [] : IDENTITY_COMPONENTS.map((component) => ({ probe: 'file', path: manifestPath(component), text: true }) as const)),
  judgeNode: (node, input) =>
    node.role === 'worker'
      ? []
      : onHost(node, input, 'static pod manifests', ({ files }) =>
          IDENTITY_COMPONENTS.flatMap((component) => judgeManifest(component, files[manifestPath(component)], node, input)),
        ),
});
