import { majority, tolerance } from '../../model/quorum.ts';
import { isIPv4Address, parseRange, rangeContains } from '../../model/ranges.ts';
import type { SpecFinding } from '../problem.ts';
import type { Check, PlacedNode } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';

const MANY_CONTROL_PLANES = 7;
const NOT_DIALLED = [
  { range: '0.0.0.0/8', why: 'it means "this machine", whichever that is' },
  { range: '127.0.0.0/8', why: 'it is the loopback address: on every machine its own' },
  { range: '169.254.0.0/16', why: 'link-local addresses are made up by each machine and may change' },
  { range: '224.0.0.0/3', why: 'it is no address of a single machine' },
].flatMap(({ range, why }) => [{ range: parseRange(range), why }]);

/** No two nodes share a name or an address. */
export const checkDuplicates: Check = (file) => {
  const nodes = placedNodes(file);
  return [...duplicates(nodes, 'name', 'node-name-duplicate'), ...duplicates(nodes, 'address', 'address-duplicate')];
};

function duplicates(nodes: readonly PlacedNode[], key: 'name' | 'address', code: 'node-name-duplicate' | 'address-duplicate'): readonly SpecFinding[] {
  const first = new Map<string, PlacedNode>();
  return nodes.flatMap((placed) => {
    const value = placed.node[key];
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, placed);
    return earlier === undefined ? [] : [{ code, path: ['spec', 'nodes', placed.index, key], message: `${key} ${value} is that of spec.nodes[${earlier.index}] too` }];
  });
}

/** Every address can be dialled by the other nodes. */
export const checkAddresses: Check = (file) =>
  placedNodes(file).flatMap((placed) => {
    const { address } = placed.node;
    if (address === undefined || !isIPv4Address(address)) return [];
    const found = NOT_DIALLED.find(({ range }) => range !== undefined && rangeContains(range, address));
    return found === undefined
      ? []
      : [
          {
            code: 'address-unusable' as const,
            path: ['spec', 'nodes', placed.index, 'address'],
            message: `address ${address} of ${nodeWords(placed)} cannot be dialled by other nodes`,
            why: found.why,
          },
        ];
  });

/** There is a control plane; an even number or too many is a warning with the arithmetic. */
export const checkControlPlanes: Check = (file) => {
  const all = file.spec?.nodes;
  if (all === undefined || all.length === 0 || all.some((node) => node?.role === undefined)) return [];
  const count = all.filter((node) => node?.role === 'control-plane').length;
  const path = ['spec', 'nodes'];
  if (count === 0) return [{ code: 'no-control-plane', path, at: 'key', message: `none of the ${all.length} nodes is a control plane` }];
  if (count > MANY_CONTROL_PLANES) return [{ code: 'control-planes-many', path, at: 'key', message: `there are ${count} control planes` }];
  return count % 2 === 0 ? [evenFinding(count, path)] : [];
};

function evenFinding(count: number, path: readonly string[]): SpecFinding {
  const words = (members: number): string => `${members}: majority ${majority(members)}, ${tolerance(members)} may be down`;
  return {
    code: 'control-planes-even',
    path,
    at: 'key',
    message: `there are ${count} control planes`,
    why: `${words(count)}; ${words(count - 1)}: the last one adds no failure tolerance`,
    fix: `${count - 1} or ${count + 1} control planes`,
  };
}
