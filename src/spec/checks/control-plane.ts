import { CONTROL_PLANE_PROGRAMS, controlPlaneComponents } from '../../model/control-plane-components.ts';
import type { SpecFinding } from '../problem.ts';
import type { Check } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';

/** Names and addresses of single nodes stay out of the certificates of all. */
export const checkCertSans: Check = (file) => {
  const own = new Set(placedNodes(file).flatMap(({ node }) => [node.name, node.address]));
  return (file.spec?.controlPlane?.certSANs ?? []).flatMap((san, index): readonly SpecFinding[] => {
    if (san === undefined || !own.has(san)) return [];
    return [{ code: 'san-of-node', path: ['spec', 'controlPlane', 'certSANs', index], message: `${san} is the name or address of one node` }];
  });
};

/** Only control planes run the components of one. */
export const checkComponentsOnWorkers: Check = (file) =>
  placedNodes(file).flatMap((placed): readonly SpecFinding[] => {
    const { index, node } = placed;
    if (node.role !== 'worker') return [];
    return controlPlaneComponents
      .filter((component) => node[component] !== undefined)
      .map((component) => ({
        code: 'component-on-worker',
        path: ['spec', 'nodes', index, component],
        at: 'key',
        message: `${nodeWords(placed)} is a worker and has settings of ${CONTROL_PLANE_PROGRAMS[component]}`,
      }));
  });
