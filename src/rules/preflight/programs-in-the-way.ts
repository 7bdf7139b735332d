import { defineMachineRule } from './preflight-rule.ts';

export const programsInTheWay = defineMachineRule({
  code: 'programs-in-the-way',
  severity: 'error',
  title: 'a runtime or a kubelet that is not of this tool is installed',
  why: 'its unit has the name of ours or takes the same socket, and its updates replace what runs',
  fix: 'remove its package (apt-get purge containerd containerd.io docker.io docker-ce cri-o kubelet kubeadm), or take another machine',
  judgeMachine: ({ ground: { programs } }) => programs.map((path) => `${path} is there`),
});
