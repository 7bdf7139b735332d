import { defineMachineRule } from './preflight-rule.ts';

/** Lines are in order of precedence: cloud-init takes the last one. */
const REWRITES = /:\s*(true|localhost|template|yes|on)\s*(\s#.*)?$/i;

export const hostsFileRewritten = defineMachineRule({
  code: 'hosts-file-rewritten',
  severity: 'warning',
  title: 'cloud-init writes /etc/hosts anew at each boot',
  why: "the endpoint's name is gone after a restart, and the node does not find the API",
  fix: 'write manage_etc_hosts: false into /etc/cloud/cloud.cfg.d/99-hosts.cfg, and take it out of the user data',
  judgeMachine: ({ ground: { cloudInitHosts } }) => cloudInitHosts.slice(-1).filter((line) => REWRITES.test(line.replaceAll(/['"]/g, ''))),
});
