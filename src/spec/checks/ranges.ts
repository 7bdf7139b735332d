import type { IPv4Range } from '../../model/ranges.ts';
import { NODE_POD_RANGE_PREFIX, formatRange, nodeCapacity, parseRange, prefixForNodes, rangeContains, rangesOverlap } from '../../model/ranges.ts';
import type { SpecFinding } from '../problem.ts';
import type { PartlyClusterFile } from '../salvage.ts';
import type { Check } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';
import { placedFields } from './placed-settings.ts';

type RangeKey = 'podCIDR' | 'serviceCIDR';

/** Prefixes that kubeadm takes: a node mask at most 16 bits longer than the pod range, 20 bits and 10 addresses for services. */
const PREFIXES: Readonly<Record<RangeKey, { readonly least: number; readonly most: number }>> = {
  podCIDR: { least: 8, most: NODE_POD_RANGE_PREFIX },
  serviceCIDR: { least: 12, most: 28 },
};
const RESERVED = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
/** A /24 without network, broadcast and the bridge's own address. */
const PODS_PER_NODE = 253;

interface Written {
  readonly key: RangeKey;
  readonly text: string;
  readonly range: IPv4Range;
}

function writtenRange(file: PartlyClusterFile, key: RangeKey): readonly Written[] {
  const text = file.spec?.network?.[key];
  const range = text === undefined ? undefined : parseRange(text);
  return text === undefined || range === undefined ? [] : [{ key, text, range }];
}

function bothRanges(file: PartlyClusterFile): readonly Written[] {
  return [...writtenRange(file, 'podCIDR'), ...writtenRange(file, 'serviceCIDR')];
}

const pathOf = (key: RangeKey): readonly string[] => ['spec', 'network', key];

/** Each range by itself: host bits, size, reserved addresses. */
export const checkRanges: Check = (file) => bothRanges(file).flatMap((written) => [...hostBits(written), ...size(written), ...reserved(written)]);

function hostBits({ key, text, range }: Written): readonly SpecFinding[] {
  const network = formatRange(range);
  return network === text ? [] : [{ code: 'range-host-bits', path: pathOf(key), message: `${key} ${text} has bits set behind its prefix`, fix: `write ${network}` }];
}

function size({ key, text, range }: Written): readonly SpecFinding[] {
  const { least, most } = PREFIXES[key];
  if (range.prefix >= least && range.prefix <= most) return [];
  return [{ code: 'range-size', path: pathOf(key), message: `${key} ${text} is too ${range.prefix > most ? 'small' : 'large'}`, fix: `a prefix from /${least} to /${most}` }];
}

function reserved({ key, text, range }: Written): readonly SpecFinding[] {
  const found = RESERVED.find((other) => overlapsText(range, other));
  return found === undefined ? [] : [{ code: 'range-reserved', path: pathOf(key), message: `${key} ${text} overlaps ${found}` }];
}

function overlapsText(range: IPv4Range, text: string): boolean {
  const other = parseRange(text);
  return other !== undefined && rangesOverlap(range, other);
}

/** The two ranges and the nodes' addresses share nothing. */
export const checkOverlaps: Check = (file) => {
  const [pods, services] = [writtenRange(file, 'podCIDR')[0], writtenRange(file, 'serviceCIDR')[0]];
  const both = pods !== undefined && services !== undefined && rangesOverlap(pods.range, services.range);
  const overlap: readonly SpecFinding[] = both
    ? [{ code: 'ranges-overlap', path: pathOf('serviceCIDR'), otherPath: pathOf('podCIDR'), message: `serviceCIDR ${services.text} and podCIDR ${pods.text} overlap` }]
    : [];
  return [...overlap, ...bothRanges(file).flatMap((written) => overNodes(file, written))];
};

function overNodes(file: PartlyClusterFile, { key, text, range }: Written): readonly SpecFinding[] {
  return placedNodes(file).flatMap((placed) => {
    const { address } = placed.node;
    if (address === undefined || !rangeContains(range, address)) return [];
    return [
      {
        code: 'range-over-node',
        path: ['spec', 'nodes', placed.index, 'address'],
        message: `address ${address} of ${nodeWords(placed)} lies in ${key} ${text}`,
        fix: `change spec.network.${key} to a range that holds no node`,
      } as const,
    ];
  });
}

/** Each node gets its part of the pod range. */
export const checkPodRange: Check = (file) => {
  const nodes = file.spec?.nodes?.length ?? 0;
  return writtenRange(file, 'podCIDR').flatMap(({ text, range }) => {
    const capacity = nodeCapacity(range);
    if (capacity === 0 || capacity >= nodes) return [];
    return [
      {
        code: 'pod-range-too-small',
        path: pathOf('podCIDR'),
        message: `podCIDR ${text} has ${capacity} parts of /${NODE_POD_RANGE_PREFIX} for ${nodes} nodes`,
        fix: `a prefix of at most /${prefixForNodes(nodes)}`,
      } as const,
    ];
  });
};

/** maxPods fits into a node's part. */
export const checkMaxPods: Check = (file) =>
  placedFields(file).flatMap(({ kind, fields, under }) => {
    const maxPods = kind === 'KubeletConfiguration' ? fields['maxPods'] : undefined;
    if (typeof maxPods !== 'number' || maxPods <= PODS_PER_NODE || file.spec?.network?.plugin !== 'flannel') return [];
    return [{ code: 'max-pods-over-range', path: [...under, 'maxPods'], message: `maxPods ${maxPods} is above the ${PODS_PER_NODE} addresses that a node has for pods` } as const];
  });
