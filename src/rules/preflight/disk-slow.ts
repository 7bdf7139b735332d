import { SLOWEST_SYNCED_MS } from '../../facts/ground/ground-script.ts';
import { defineMachineRule } from './preflight-rule.ts';

/** etcd's own bound for the slowest of a hundred (etcd, "What does the etcd warning 'failed to send out heartbeat on time' mean?"). A mean above it is far beyond; one below says nothing of the slowest. */
const MOST_MS = 10;

export const diskSlow = defineMachineRule({
  code: 'disk-slow',
  severity: 'warning',
  title: "the disk is too slow for etcd's writes",
  why: 'etcd answers a write when a majority has it on disk: a slow one delays every change, and heartbeats behind it, so that leaders change and the API stalls',
  fix: 'put /var/lib/etcd on an SSD or another local disk with a fast fsync, and see that nothing else keeps it busy',
  judgeMachine: ({ node, ground: { syncedWriteMs } }) => {
    if (node.role !== 'control-plane') return [];
    if (syncedWriteMs.state !== 'known') return [{ what: 'how fast the disk writes', why: syncedWriteMs.why }];
    const { value } = syncedWriteMs;
    return value <= MOST_MS
      ? []
      : [
          `a small write that is synced takes ${Number.isFinite(value) ? `${value.toFixed(1)} ms` : `over ${SLOWEST_SYNCED_MS} ms`} on average, and should take under ${MOST_MS} ms nearly always`,
        ];
  },
});
