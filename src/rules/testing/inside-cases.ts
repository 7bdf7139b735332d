import { known } from '../../plan/fact.ts';
import type { BrokenCase } from './broken-case.ts';
import * as broken from './broken-inputs.ts';

/** One thing that pods see and that does not hold. */
export const insideCases: readonly BrokenCase[] = [
  ['names that do not resolve', broken.withWrongAnswers('w-1', ({ ask }) => ask === 'name'), 'pod-dns', 'w-1', 'by the name of its service: no answer in time'],
  [
    'one CoreDNS pod that does not answer',
    broken.withWrongAnswers('cp-1', (question) => question.ask === 'dns' && question.podNode === 'w-1'),
    'pod-dns',
    'cp-1',
    'asking CoreDNS pod coredns-w-1 on w-1',
  ],
  ['a ClusterIP that does not answer', broken.withWrongAnswers('w-1', ({ ask }) => ask === 'service'), 'pod-service', 'w-1', 'ClusterIP'],
  [
    'a node that pods do not reach',
    broken.withWrongAnswers('cp-1', (question) => question.ask === 'peer' && question.node === 'w-1'),
    'pod-network',
    'cp-1',
    'reaching a pod on w-1',
  ],
  ['a node without metrics', broken.withInside({ metrics: known({ nodes: ['cp-1', 'cp-2', 'cp-3'], complaint: '' }) }), 'node-metrics', 'w-1', 'no figures'],
  [
    'no metrics at all',
    broken.withInside({ metrics: known({ nodes: [], complaint: 'error: Metrics API not available' }) }),
    'node-metrics',
    undefined,
    'Metrics API not available',
  ],
];
