import { defineMachineRule } from './preflight-rule.ts';

const USED_FOR: Readonly<Record<string, string>> = {
  overlay: 'file systems of containers',
  br_netfilter: 'services between pods of one node',
  nf_conntrack: 'services',
  vxlan: 'the network between nodes',
};

export const kernelFeatureMissing = defineMachineRule({
  code: 'kernel-feature-missing',
  severity: 'error',
  title: 'the kernel lacks what containers need',
  why: 'containers do not start, or pods reach neither services nor other nodes, with no word of why',
  fix: "install the distribution's full kernel (linux-image-amd64 instead of a cloud or minimal flavour) and restart",
  judgeMachine: ({ host: { platform }, ground }, { wide }) => {
    const missing = Object.keys(USED_FOR).filter((name) => ground.kernelFeatures[name] !== true && (name !== 'vxlan' || wide.network.plugin === 'flannel'));
    if (missing.length === 0) return [];
    if (platform.container !== 'none') return [{ what: `kernel features ${missing.join(', ')}`, why: `in a container (${platform.container}) the kernel is the host's` }];
    return missing.map((name) => `${name} is neither built in nor there as a module: ${USED_FOR[name] ?? ''}`);
  },
});
