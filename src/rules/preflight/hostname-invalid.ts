import { defineMachineRule } from './preflight-rule.ts';

const MOST = 253;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const hostnameInvalid = defineMachineRule({
  code: 'hostname-invalid',
  severity: 'error',
  title: 'the host name is none by RFC 1123',
  why: 'programs that take the name of the machine for that of the node (the kubelet, agents for logs and storage) are refused by the API server',
  fix: 'hostnamectl set-hostname NAME, of lower-case letters, digits and hyphens, best that of the node',
  judgeMachine: ({ host: { identity } }) => {
    const { hostname } = identity;
    return hostname.length <= MOST && hostname.split('.').every((label) => LABEL.test(label)) ? [] : [`hostname says ${JSON.stringify(hostname)}`];
  },
});
