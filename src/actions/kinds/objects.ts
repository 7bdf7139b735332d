import { clusterKey } from '../../facts/keys.ts';
import type { ClusterFacts, WorkloadFact } from '../../facts/cluster-facts.ts';
import { foreign } from '../../model/foreign.ts';
import type { TextRef } from '../../plan/plan.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { inputWords } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** Annotation by which applied objects are known again: the digest of what was applied. */
export const APPLIED_ANNOTATION = 'kubewright.dev/applied';

/** API objects, applied server-side. The last one applied carries the digest of all of them. */
export interface ObjectsAction {
  readonly kind: 'objects';
  readonly title: string;
  readonly objects: TextRef;
  /** `namespace/Kind/name` of the workload that carries the annotation, or `namespace/ConfigMap/name`, which carries it as an entry. */
  readonly witness: string;
  readonly digest: string;
}

/** Entry of a ConfigMap by which it is known again. */
export const APPLIED_DIGEST_ENTRY = 'digest';

/** `namespace/name` of a witness that is a ConfigMap. */
function configMapOf(witness: string): string | undefined {
  return witness.includes('/ConfigMap/') ? witness.replace('/ConfigMap/', '/') : undefined;
}

function appliedDigest({ workloads, configMaps }: ClusterFacts, witness: string): string | undefined {
  const map = configMapOf(witness);
  return map === undefined ? workloads[witness]?.annotations[APPLIED_ANNOTATION] : configMaps[map]?.[APPLIED_DIGEST_ENTRY];
}

const EMPTY: WorkloadFact = { annotations: {}, desired: 0, ready: 0, isRolledOut: false, podNodes: [] };

export const objects: Kind<ObjectsAction> = {
  words: ({ title }) => `apply ${title}`,
  details: ({ title, objects: content }) => ({
    command: kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=kubewright', '-f', '-'),
    file: { path: `${title}.yaml`, mode: '0600', owner: 'root:root', content: [content] },
  }),
  probes: () => [],
  progress: ({ witness, digest }, reading) => {
    const fact = reading.read(
      clusterKey(
        `applied ${witness}`,
        (cluster) => appliedDigest(cluster, witness),
        (value) => value ?? 'not applied',
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value === digest ? 'done' : 'absent';
  },
  script: ({ objects: content }) => ({
    shell: `cat ${inputWords([content])} | ${kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=kubewright', '-f', '-')}`,
    inputs: [content],
  }),
  predict: ({ witness, digest }, view) =>
    withCluster(view, ({ workloads, configMaps }) => {
      const map = configMapOf(witness);
      if (map !== undefined) return { configMaps: { ...configMaps, [map]: { ...configMaps[map], [APPLIED_DIGEST_ENTRY]: foreign(digest) } } };
      const now = workloads[witness] ?? EMPTY;
      return { workloads: { ...workloads, [witness]: { ...now, isRolledOut: false, annotations: { ...now.annotations, [APPLIED_ANNOTATION]: digest } } } };
    }),
};
