import type { Release } from '../../catalogue/release.ts';
import type { Architecture } from '../architecture.ts';
import type { BinaryName } from '../artifact.ts';
import type { UpstreamSites } from './sites.ts';

/** A file of a release with what its publisher says about it. */
export interface PublishedFile {
  readonly url: string;
  /** A list of digests, or the bare digest of this one. */
  readonly sumsUrl: string;
  /** Signed without a key: beside it lie `.sig` and `.cert`, by this identity (kubernetes.io, "Verify Signed Kubernetes Artifacts"). */
  readonly signedBy?: { readonly identity: string; readonly issuer: string };
  /** Of a compressed archive: where each program lies in it. Of a program itself there is one, and no path. */
  readonly programs: Readonly<Partial<Record<BinaryName, string>>>;
  readonly isArchive: boolean;
}

const KUBERNETES_SIGNER = { identity: 'krel-staging@k8s-releng-prod.iam.gserviceaccount.com', issuer: 'https://accounts.google.com' } as const;
const CNI_PROGRAMS = ['bridge', 'loopback', 'host-local', 'portmap', 'bandwidth', 'firewall', 'tuning'] as const;

/** What machines of a cluster are given, as upstream publishes it for Linux: the order is that of need on a host. */
export function publishedFiles({ versions }: Release, architecture: Architecture, sites: UpstreamSites): readonly PublishedFile[] {
  const of = (project: string, version: string, file: string): string => `${sites.github}/${project}/releases/download/v${version}/${file}`;
  const archive = (url: string, sumsUrl: string, programs: PublishedFile['programs']): PublishedFile => ({ url, sumsUrl, programs, isArchive: true });
  const containerd = of('containerd/containerd', versions.containerd, `containerd-${versions.containerd}-linux-${architecture}.tar.gz`);
  const runc = of('opencontainers/runc', versions.runc, `runc.${architecture}`);
  const crictl = of('kubernetes-sigs/cri-tools', versions.crictl, `crictl-v${versions.crictl}-linux-${architecture}.tar.gz`);
  const cni = of('containernetworking/plugins', versions['cni-plugins'], `cni-plugins-linux-${architecture}-v${versions['cni-plugins']}.tgz`);
  const etcdName = `etcd-v${versions.etcd}-linux-${architecture}`;
  const etcd = of('etcd-io/etcd', versions.etcd, `${etcdName}.tar.gz`);
  const inBin = ['containerd', 'containerd-shim-runc-v2', 'ctr'] as const;
  return [
    ...(['kubeadm', 'kubelet', 'kubectl'] as const).map((name) => kubernetesProgram(`${sites.kubernetes}/release/v${versions.kubernetes}/bin/linux/${architecture}/${name}`, name)),
    archive(containerd, `${containerd}.sha256sum`, Object.fromEntries(inBin.map((name) => [name, `bin/${name}`]))),
    { url: runc, sumsUrl: of('opencontainers/runc', versions.runc, 'runc.sha256sum'), programs: { runc: '' }, isArchive: false },
    archive(crictl, `${crictl}.sha256`, { crictl: 'crictl' }),
    archive(cni, `${cni}.sha256`, Object.fromEntries(CNI_PROGRAMS.map((name) => [`cni-${name}`, name]))),
    archive(etcd, of('etcd-io/etcd', versions.etcd, 'SHA256SUMS'), { etcdctl: `${etcdName}/etcdctl` }),
  ];
}

function kubernetesProgram(url: string, name: BinaryName): PublishedFile {
  return { url, sumsUrl: `${url}.sha256`, signedBy: KUBERNETES_SIGNER, programs: { [name]: '' }, isArchive: false };
}

const DIGEST = /^[0-9a-f]{64}$/;

/** The digest of a file in a list as `sha256sum` prints it (`DIGEST  NAME`, `DIGEST *NAME`, `DIGEST  ./NAME`), or alone; undefined where there is none. */
export function digestIn(sums: string, fileName: string): string | undefined {
  const lines = sums.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]));
  const [only] = lines;
  const isAlone = lines.length === 1 && only?.length === 1;
  const found = isAlone ? only : lines.find(([, name = '']) => name.replace(/^\*?(\.\/)?/, '') === fileName);
  const digest = found?.[0]?.toLowerCase() ?? '';
  return DIGEST.test(digest) ? digest : undefined;
}
