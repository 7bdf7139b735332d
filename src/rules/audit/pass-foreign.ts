import { holdsCredential } from '../../facts/audit/credentials.ts';
import { clusterScoped } from '../../model/cluster-scoped.ts';
import type { Foreign } from '../../model/foreign.ts';
import type { ClusterScoped } from '../../model/scope.ts';
import type { AuditView } from './audit-view.ts';
import { leakedArgs } from './shared-args-of-one-node.ts';
import { KUBELET, KUBE_PROXY, sharedDocumentOf, valuesOf } from './shared-documents.ts';
import type { SharedName } from './shared-documents.ts';
import { isKubeletFieldOfOneNode } from './shared-kubelet-field.ts';
import { kubeProxyFieldWords } from './shared-kube-proxy-field.ts';
import { namesOfSingleMachines } from './shared-name-of-one-node.ts';

/** A text that may be written to shared state, or why it may not. */
export type Passage = { readonly state: 'passed'; readonly text: ClusterScoped<string> } | { readonly state: 'refused'; readonly why: readonly string[] };

/**
 * The passage of an observed text of a shared object, edited or not, into shared state: no flag and no field in it that the flag table gives to one node may say what is not the same everywhere, and no
 * variable or path that all control planes are given may name single machines. It is judged as the audit judges what a cluster has, whole: also what no edit has touched.
 */
export function passForeign(view: AuditView, name: SharedName, text: Foreign): Passage {
  const document = sharedDocumentOf(name, text);
  if (document.state !== 'read') return refused([`${name.key} of ConfigMap ${name.configMap} cannot be read: ${document.why}`]);
  if (holdsCredential(text)) return refused([`${name.key} of ConfigMap ${name.configMap} holds a password, a token or a key, which goes into no plan and no journal`]);
  const leaks = valuesOfOneNode({ ...view, shared: [document] });
  return leaks.length === 0 ? { state: 'passed', text: clusterScoped<string>(text) } : refused(leaks);
}

const refused = (why: readonly string[]): Passage => ({ state: 'refused', why });

/** Values in shared documents that are one node's, by the flag table or by whom they name, in words. */
function valuesOfOneNode(view: AuditView): readonly string[] {
  const args = leakedArgs(view, () => true).map(({ where, value, reason }) => `${where} is ${value}: ${reason}`);
  const kubelet = valuesOf(view, KUBELET).flatMap((field) => (isKubeletFieldOfOneNode(view, field) ? [`${field.where} is ${field.value}: the value of one node`] : []));
  const kubeProxy = valuesOf(view, KUBE_PROXY).flatMap((field) => {
    const words = kubeProxyFieldWords(view, field);
    return words === undefined ? [] : [`${field.where} is ${field.value}: ${words}`];
  });
  return [...args, ...namesOfSingleMachines(view).map(({ words }) => words), ...kubelet, ...kubeProxy];
}
