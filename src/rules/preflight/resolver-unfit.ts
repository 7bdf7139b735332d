import { defineMachineRule } from './preflight-rule.ts';

export const resolverUnfit = defineMachineRule({
  code: 'resolver-unfit',
  severity: 'error',
  title: 'the resolver is of no use to pods',
  why: 'CoreDNS passes on to the resolver of its machine: with none it does not start, with a loopback address it asks itself without end and is stopped',
  fix: 'name a resolver that pods can reach in /etc/resolv.conf, or run systemd-resolved, whose real file is then used',
  judgeMachine: ({ ground: { nameservers } }) => {
    if (nameservers.length === 0) return ['the file that pods are given names no nameserver'];
    return nameservers.filter((server) => /^127\.|^::1$/.test(server)).map((server) => `nameserver ${server} is the machine itself, and in a pod the pod`);
  },
});
