import { hostOfNode } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import type { PreflightView } from './preflight-input.ts';
import { definePreflightRule } from './preflight-rule.ts';

const SECOND_MS = 1000;
/** etcd complains from one second on; tokens and certificates that were just made are not valid yet for a clock that is later by more. */
const WARNING_MS = 2 * SECOND_MS;
const ERROR_MS = 30 * SECOND_MS;

/** By how much a clock is before that of the machine that asked: somewhere between. */
interface Offset {
  readonly name: string;
  readonly leastMs: number;
  readonly mostMs: number;
}

export const clockSkew = definePreflightRule({
  code: 'clock-skew',
  severity: 'error',
  grades: 'under half a minute it is a warning',
  title: "the machine's clock differs from those of the others",
  why: 'certificates and tokens that were just made are not valid yet there, so that joins fail; leases and elections of leaders go wrong later',
  fix: 'run chrony or systemd-timesyncd on every machine, from the same source, and wait until timedatectl says synchronized',
  judge: (view) => {
    const offsets = offsetsOf(view);
    const median = [...offsets].sort((a, b) => middle(a) - middle(b))[Math.floor((offsets.length - 1) / 2)];
    const fresh = new Set(view.fresh.map(({ node }) => node.name));
    return median === undefined || fresh.size === 0 ? [] : offsets.flatMap((offset) => judgeOffset(offset, median));
  },
});

const middle = ({ leastMs, mostMs }: Offset): number => (leastMs + mostMs) / 2;

function offsetsOf({ nodes, snapshot }: PreflightView): readonly Offset[] {
  return nodes.flatMap(({ name }) => {
    const host = hostOfNode(snapshot, name);
    if (host.state !== 'known' || host.value.ground === undefined || host.value.lookedAt === undefined) return [];
    const { ground, lookedAt } = host.value;
    return [{ name, leastMs: ground.clockMs - lookedAt.untilMs, mostMs: ground.clockMs - lookedAt.fromMs }];
  });
}

/** Only what is certain: the time that the question took is not counted. */
function judgeOffset(offset: Offset, median: Offset): readonly Verdict[] {
  const aheadMs = offset.leastMs - median.mostMs;
  const behindMs = median.leastMs - offset.mostMs;
  const skewMs = Math.max(aheadMs, behindMs);
  if (skewMs < WARNING_MS) return [];
  const words = `its clock is at least ${Math.floor(skewMs / SECOND_MS)} s ${aheadMs > behindMs ? 'ahead of' : 'behind'} that of ${median.name}`;
  return [{ node: offset.name, evidence: [words], severity: skewMs < ERROR_MS ? 'warning' : 'error' }];
}
