import { hostPackagesOf } from '../catalogue/host-packages.ts';
import type { Component, Release } from '../catalogue/release.ts';

/** Which component each program comes from. The order is that of need on a host. */
const componentOf = {
  kubeadm: 'kubernetes',
  kubelet: 'kubernetes',
  kubectl: 'kubernetes',
  containerd: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  crictl: 'crictl',
  'cni-bridge': 'cni-plugins',
  'cni-loopback': 'cni-plugins',
  'cni-host-local': 'cni-plugins',
  'cni-portmap': 'cni-plugins',
  'cni-bandwidth': 'cni-plugins',
  'cni-firewall': 'cni-plugins',
  'cni-tuning': 'cni-plugins',
  pause: 'pause',
  'kube-apiserver': 'kubernetes',
  'kube-controller-manager': 'kubernetes',
  'kube-scheduler': 'kubernetes',
  etcd: 'etcd',
  etcdctl: 'etcd',
  etcdutl: 'etcd',
  'kube-proxy': 'kubernetes',
  flanneld: 'flannel',
  'cni-flannel': 'flannel-cni-plugin',
  coredns: 'coredns',
  'metrics-server': 'metrics-server',
  agnhost: 'agnhost',
} as const satisfies Readonly<Record<string, Component>>;

/** A program, one file. */
export type BinaryName = keyof typeof componentOf;
/** An OCI archive of all images that a role needs. */
export type ImageArchiveName = 'images-control-plane' | 'images-node';
/** The layer of Debian's network programs under the images of kube-proxy and flannel. */
export type ImageBaseName = 'image-base';
/** An archive of the packages that machines take from their distribution, for those that reach no mirror. */
export type HostPackagesName = 'host-packages';
export type ArtifactName = BinaryName | ImageArchiveName | ImageBaseName | HostPackagesName;

/** Something obtained and kept in the cache. */
export interface Artifact {
  readonly name: ArtifactName;
  readonly version: string;
  /** The file; its base name is the name it has on a host (`bridge` for `cni-bridge`). */
  readonly path: string;
  /** Of the file, lower-case hexadecimal, recorded when it was made. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Of an image archive: what it holds, with manifest digests as `ctr images ls` shows them (`sha256:...`). */
  readonly images?: readonly ImageRecord[];
}

export interface ImageRecord {
  readonly name: string;
  readonly digest: string;
}

/** What every machine needs to be a node. */
const nodeArtifacts = [
  'kubeadm',
  'kubelet',
  'kubectl',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'runc',
  'crictl',
  'cni-bridge',
  'cni-loopback',
  'cni-host-local',
  'cni-portmap',
  'cni-bandwidth',
  'cni-firewall',
  'cni-tuning',
  'images-node',
] as const satisfies readonly ArtifactName[];

/** What a control plane needs beyond that. */
const controlPlaneArtifacts = ['etcdctl', 'images-control-plane'] as const satisfies readonly ArtifactName[];

/** All that the machines of a cluster are given. */
export const clusterArtifacts: readonly ArtifactName[] = [...nodeArtifacts, ...controlPlaneArtifacts];

const CNI_PREFIX = 'cni-';

export function isBinaryName(name: ArtifactName): name is BinaryName {
  return name in componentOf;
}

/** Every artifact there is: clusters', those that only images are made from, and what only bundles hold. */
export const allArtifacts: readonly ArtifactName[] = [...(Object.keys(componentOf) as BinaryName[]), 'image-base', 'images-control-plane', 'images-node', 'host-packages'];

/** Debian release of the image base. */
export const imageBaseSuite = 'bookworm';

/** The version that an artifact has in a release. */
export function artifactVersion(release: Release, name: ArtifactName): string {
  if (isBinaryName(name)) return release.versions[componentOf[name]];
  if (name === 'host-packages') return hostPackagesOf.suite;
  return name === 'image-base' ? imageBaseSuite : release.kubernetes;
}

/** The file's base name: a CNI plugin is found by the name that network configurations use. */
export function artifactFileName(name: ArtifactName): string {
  if (!isBinaryName(name)) return `${name}.tar`;
  return name.startsWith(CNI_PREFIX) ? name.slice(CNI_PREFIX.length) : name;
}
