import { defineMachineRule } from './preflight-rule.ts';

const DEBIAN_NAMES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

export const architectureDiffers = defineMachineRule({
  code: 'architecture-differs',
  severity: 'error',
  title: "the machine's processor is not the one that artifacts are made for",
  why: 'no program that is put there would start',
  fix: 'run kubewright on a machine with the processor architecture of the nodes, and take nodes of one architecture',
  judgeMachine: ({ host: { platform } }, { architecture }) => {
    const own = DEBIAN_NAMES[platform.architecture] ?? platform.architecture;
    return own === architecture ? [] : [`it is ${own}, artifacts are for ${architecture}`];
  },
});
