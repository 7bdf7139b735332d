import { familyOf } from '../../catalogue/distributions.ts';
import { complainOf } from '../rule.ts';
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
  fix: "install the distribution's full kernel instead of a cloud or minimal flavour, and restart",
  judgeMachine: ({ host: { platform }, ground }, { wide }) => {
    const needed = Object.keys(USED_FOR).filter((name) => name !== 'vxlan' || wide.network.plugin === 'flannel');
    const unsure = needed.filter((name) => ground.kernelFeatures[name] === undefined || (platform.container !== 'none' && ground.kernelFeatures[name] === false));
    const missing = needed.filter((name) => ground.kernelFeatures[name] === false && !unsure.includes(name));
    const why = platform.container === 'none' ? 'the kernel has no directory of modules, and does not tell' : `in a container (${platform.container}) the kernel is the host's`;
    const fix = familyOf(platform)?.remedies.fullKernel;
    const evidence = missing.map((name) => `${name} is neither built in nor there as a module: ${USED_FOR[name] ?? ''}`);
    return [...complainOf(evidence, fix === undefined ? {} : { fix }), ...(unsure.length === 0 ? [] : [{ what: `kernel features ${unsure.join(', ')}`, why }])];
  },
});
