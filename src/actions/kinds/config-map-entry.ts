import { RESTART_DUE_ANNOTATION } from '../../facts/cluster-facts.ts';
import { clusterKey } from '../../facts/keys.ts';
import type { View } from '../../facts/snapshot.ts';
import { foreign } from '../../model/foreign.ts';
import type { Foreign } from '../../model/foreign.ts';
import type { ClusterScoped } from '../../model/scope.ts';
import type { FactKey } from '../../plan/fact.ts';
import type { TextRef } from '../../plan/plan.ts';
import { kubectl } from '../../shell/kubectl.ts';
import { command, quote } from '../../shell/quote.ts';
import { sha256 } from '../../util/sha256.ts';
import type { Kind } from '../kind.ts';
import { DRIFTED_EXIT, inputWords } from '../kind.ts';
import { withCluster } from '../predict.ts';
import { resourceOf } from './wait.ts';

/** One entry of a ConfigMap, from what stood there to another text. What stood there is kept in a ConfigMap beside it. */
export interface ConfigMapEntryAction {
  readonly kind: 'config-map-entry';
  /** `namespace/name`. */
  readonly configMap: string;
  readonly key: string;
  /** What the entry held when the plan was made; the action fails as drifted when it holds something else. */
  readonly was: Foreign;
  /** Fit for shared state: an observed text becomes so by the passage of `rules/audit/pass-foreign.ts` alone. */
  readonly text: ClusterScoped<string>;
  /** `text` as a text of the plan. */
  readonly content: TextRef;
  /** A JSON patch that puts `text` in the place of `was`, and fails where another text stands. */
  readonly patch: TextRef;
  /** The ConfigMap that keeps what stood there. */
  readonly kept: TextRef;
  readonly keptAs: string;
  /** A workload that reads it when its pods start: it is marked before the change, so that whoever comes after a run that died knows of the restart. */
  readonly restartDue?: { readonly workload: string; readonly digest: string };
}

const KEPT_DIGITS = 10;

/** The action for an entry that holds `was` now; `add` collects the texts of the plan. */
export function configMapEntry(
  { configMap, key, was, text }: Pick<ConfigMapEntryAction, 'configMap' | 'key' | 'was' | 'text'>,
  add: (text: string) => TextRef,
): ConfigMapEntryAction {
  const [namespace = '', name = ''] = configMap.split('/');
  const keptAs = `${name}-before-${sha256(was).slice(0, KEPT_DIGITS)}`;
  const path = `/data/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const patch = [
    { op: 'test', path, value: was },
    { op: 'replace', path, value: text },
  ];
  const metadata = { name: keptAs, namespace, labels: { 'app.kubernetes.io/managed-by': 'kubewright' }, annotations: { 'kubewright.dev/kept-from': configMap } };
  const kept = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [key]: was } };
  return { kind: 'config-map-entry', configMap, key, was, text, content: add(text), patch: add(JSON.stringify(patch)), kept: add(JSON.stringify(kept)), keptAs };
}

/** What an entry of a ConfigMap holds; undefined where there is none. */
export function configMapEntryKey(configMap: string, key: string): FactKey<View, Foreign | undefined> {
  return clusterKey(
    `ConfigMap ${configMap}, ${key}`,
    ({ configMaps }) => configMaps[configMap]?.[key],
    (text) => (text === undefined ? 'absent' : `sha256 ${sha256(text).slice(0, 12)}`),
  );
}

const namesOf = ({ configMap }: ConfigMapEntryAction): readonly string[] => {
  const [namespace = '', name = ''] = configMap.split('/');
  return ['-n', namespace, 'configmap', name];
};
const patchWords = (action: ConfigMapEntryAction): string => kubectl('patch', ...namesOf(action), '--type=json', '--patch-file');

function markShell({ restartDue }: ConfigMapEntryAction): readonly string[] {
  if (restartDue === undefined) return [];
  const [namespace, resource] = resourceOf(restartDue.workload);
  return [kubectl('-n', namespace, 'annotate', '--overwrite', resource, `${RESTART_DUE_ANNOTATION}=${restartDue.digest}`)];
}

export const configMapEntryKind: Kind<ConfigMapEntryAction> = {
  words: ({ configMap, key, keptAs }) => `change ${key} of ConfigMap ${configMap}; what it held is kept as ${keptAs}`,
  details: ({ configMap, key, content, was }) => ({ file: { path: `${configMap}: ${key}`, mode: 'ConfigMap', owner: 'of all nodes', content: [content], before: was } }),
  probes: () => [],
  progress: ({ configMap, key, text }, reading) => {
    const fact = reading.read(configMapEntryKey(configMap, key));
    if (fact.state !== 'known') return 'unknown';
    return fact.value === foreign(text) ? 'done' : 'absent';
  },
  script: (action) => ({
    shell: [
      `${kubectl('get', ...namesOf(action), '-o', `go-template={{index .data ${JSON.stringify(action.key)}}}`)} > "$KW_IN/now"`,
      `now=$(kw_sha "$KW_IN/now")`,
      `if [ "$now" != ${sha256(action.text)} ]; then`,
      `[ "$now" = ${sha256(action.was)} ] || { printf '%s: expected %s, found %s\\n' ${quote(`ConfigMap ${action.configMap}, ${action.key}`)} ${sha256(action.was)} "$now"; exit ${DRIFTED_EXIT}; }`,
      `cat ${inputWords([action.kept])} | ${kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=kubewright', '-f', '-')}`,
      ...markShell(action),
      // The patch tests the old text itself: between the look above and this the entry may change.
      `${patchWords(action)} ${inputWords([action.patch])}`,
      'fi',
      command('rm', '-f') + ' "$KW_IN/now"',
    ].join('\n'),
    inputs: [action.kept, action.patch],
  }),
  predict: ({ configMap, key, text, restartDue }, view) =>
    withCluster(view, ({ configMaps, workloads }) => {
      const after = { configMaps: { ...configMaps, [configMap]: { ...configMaps[configMap], [key]: foreign(text) } } };
      const now = restartDue && workloads[restartDue.workload];
      if (restartDue === undefined || now === undefined) return after;
      const marked = { ...now, annotations: { ...now.annotations, [RESTART_DUE_ANNOTATION]: restartDue.digest } };
      return { ...after, workloads: { ...workloads, [restartDue.workload]: marked } };
    }),
};
