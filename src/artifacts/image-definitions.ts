import type { ImageRole } from '../catalogue/release.ts';
import type { ArtifactName, BinaryName, ImageArchiveName } from './artifact.ts';

/** What an image is made from. Without `base` it is made from scratch: its programs are static. */
export interface ImageDefinition {
  readonly role: ImageRole;
  readonly base?: 'image-base';
  /** Where each program lies in the image: the paths of upstream's image, as upstream's manifests start them. */
  readonly files: Readonly<Record<string, BinaryName>>;
  readonly directories?: Readonly<Record<string, number>>;
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
}

const PROGRAMS = 'usr/local/bin';
/** Go programs and libraries take `/tmp` for granted, as upstream's base images do. */
const withTmp = { tmp: 0o1777 } as const;
const OWNER_OF_NOTHING = '65535:65535';

function controlPlane(role: ImageRole & BinaryName): ImageDefinition {
  return { role, files: { [`${PROGRAMS}/${role}`]: role }, directories: withTmp, entrypoint: [role] };
}

const pause: ImageDefinition = { role: 'pause', files: { pause: 'pause' }, entrypoint: ['/pause'], user: OWNER_OF_NOTHING };

const etcd: ImageDefinition = {
  role: 'etcd',
  files: { [`${PROGRAMS}/etcd`]: 'etcd', [`${PROGRAMS}/etcdctl`]: 'etcdctl', [`${PROGRAMS}/etcdutl`]: 'etcdutl' },
  directories: withTmp,
  entrypoint: ['etcd'],
};

const kubeProxy: ImageDefinition = { role: 'kube-proxy', base: 'image-base', files: { [`${PROGRAMS}/kube-proxy`]: 'kube-proxy' }, entrypoint: ['kube-proxy'] };

const flannel: ImageDefinition = { role: 'flannel', base: 'image-base', files: { 'opt/bin/flanneld': 'flanneld' }, entrypoint: ['/opt/bin/flanneld'] };

/** On the same base as flannel, since the manifest copies the plugin with `cp`; hosts store that layer once. */
const flannelCniPlugin: ImageDefinition = { role: 'flannel-cni-plugin', base: 'image-base', files: { flannel: 'cni-flannel' }, entrypoint: ['/flannel'] };

const coredns: ImageDefinition = { role: 'coredns', files: { coredns: 'coredns' }, directories: withTmp, entrypoint: ['/coredns'] };

const metricsServer: ImageDefinition = { role: 'metrics-server', files: { 'metrics-server': 'metrics-server' }, directories: withTmp, entrypoint: ['/metrics-server'] };

const agnhost: ImageDefinition = { role: 'agnhost', files: { agnhost: 'agnhost' }, directories: { ...withTmp, uploads: 0o755 }, entrypoint: ['/agnhost'], command: ['pause'] };

/** The images of each archive. pause is in both: a worker is given one archive alone. */
export const archiveImages: Readonly<Record<ImageArchiveName, readonly ImageDefinition[]>> = {
  'images-control-plane': [pause, controlPlane('kube-apiserver'), controlPlane('kube-controller-manager'), controlPlane('kube-scheduler'), etcd],
  'images-node': [pause, kubeProxy, flannel, flannelCniPlugin, coredns, metricsServer, agnhost],
};

/** What an archive is made from. */
export function archiveInputs(name: ImageArchiveName): readonly ArtifactName[] {
  return [...new Set(archiveImages[name].flatMap(({ base, files }) => [...Object.values(files), ...(base ? [base] : [])]))];
}
