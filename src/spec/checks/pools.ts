import type { SpecFinding } from '../problem.ts';
import { suggest } from '../suggest.ts';
import type { Check } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';

/** Every pool that a node names is there. */
export const checkPools: Check = (file, { isRefused }) => {
  const known = Object.keys(file.spec?.pools ?? {});
  return placedNodes(file).flatMap((placed): readonly SpecFinding[] => {
    const { pool } = placed.node;
    if (pool === undefined || known.includes(pool) || isRefused(['spec', 'pools', pool]) || isRefused(['spec', 'pools'])) return [];
    const meant = suggest(pool, known);
    const fix = meant === undefined ? {} : { fix: `write ${meant}` };
    return [{ code: 'pool-unknown', path: ['spec', 'nodes', placed.index, 'pool'], message: `${nodeWords(placed)} names the pool ${pool}, which is not there`, ...fix }];
  });
};

/** Every node has a role, from itself or from its pool. */
export const checkRoles: Check = (file, { isRefused }) => {
  const pools = file.spec?.pools ?? {};
  return placedNodes(file).flatMap((placed): readonly SpecFinding[] => {
    const { index, node } = placed;
    if (node.role !== undefined || isRefused(['spec', 'nodes', index, 'role'])) return [];
    const isPoolToBlame = node.pool !== undefined && (!Object.hasOwn(pools, node.pool) || isRefused(['spec', 'pools', node.pool, 'role']));
    if (isPoolToBlame) return [];
    const whose = node.pool === undefined ? '' : `: neither ${nodeWords(placed)} nor its pool ${node.pool} has one`;
    return [
      {
        code: 'key-missing',
        path: ['spec', 'nodes', index, 'role'],
        at: 'key',
        message: `spec.nodes[${index}].role is missing${whose}`,
        fix: 'write role: control-plane or role: worker',
      },
    ];
  });
};
