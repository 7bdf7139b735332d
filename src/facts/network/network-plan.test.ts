import { expect, it } from 'vitest';
import type { NetworkNode } from './network-plan.ts';
import { dialTargets, listenPorts } from './network-plan.ts';

const wide = { endpoint: { port: 7443 }, network: { plugin: 'flannel' }, metricsServer: true } as const;
const controlPlane = (number: number, isFresh = true): NetworkNode => ({ name: `cp-${number}`, role: 'control-plane', address: `10.0.0.${number}`, isFresh });
const worker = (number: number, isFresh = true): NetworkNode => ({ name: `w-${String(number).padStart(4, '0')}`, role: 'worker', address: `10.0.1.${number}`, isFresh });
const words = (from: NetworkNode, nodes: readonly NetworkNode[]) => dialTargets(from, nodes, wide).map(({ to, protocol, port }) => `${to} ${port}/${protocol}`);

it('is every port that the one needs of the other', () => {
  const nodes = [controlPlane(1), controlPlane(2), worker(1)];
  expect(words(controlPlane(1), nodes)).toEqual([
    ...['6443/tcp', '2379/tcp', '2380/tcp', '10250/tcp', '8472/udp'].map((port) => `cp-2 ${port}`),
    ...['10250/tcp', '8472/udp'].map((port) => `w-0001 ${port}`),
  ]);
  expect(words(worker(1), nodes)).toEqual(['cp-1', 'cp-2'].flatMap((name) => ['6443/tcp', '10250/tcp', '8472/udp'].map((port) => `${name} ${port}`)));
  expect(listenPorts(worker(1), wide).map(({ port }) => port)).toEqual([10250, 8472]);
});

it('leaves members among themselves alone', () => {
  const nodes = [controlPlane(1, false), worker(1, false), worker(2)];
  expect(new Set(dialTargets(nodes[0]!, nodes, wide).map(({ to }) => to))).toEqual(new Set(['w-0002']));
  expect(new Set(dialTargets(nodes[2]!, nodes, wide).map(({ to }) => to))).toEqual(new Set(['cp-1', 'w-0001']));
});

it('does not grow with the square of the nodes, and misses none', () => {
  const nodes = [controlPlane(1), ...Array.from({ length: 500 }, (_, number) => worker(number))];
  const dialled = nodes.flatMap((node) => [...new Set(dialTargets(node, nodes, wide).map(({ to }) => to))]);
  expect(dialled.length).toBeLessThan(nodes.length * 18);
  expect(new Set(dialled).size).toBe(nodes.length);
});
