import { readFileSync } from 'node:fs';
import type { Release } from '../catalogue/release.ts';
import { sha256 } from '../util/sha256.ts';
import type { Architecture } from './architecture.ts';
import type { Artifact, ArtifactName, BinaryName, ImageArchiveName, ImageRecord } from './artifact.ts';
import { isBinaryName } from './artifact.ts';
import { buildGo } from './go-build.ts';
import type { GoModule } from './go-module.ts';
import * as modules from './go-module.ts';
import { buildImageArchive } from './image-archive-build.ts';
import { buildHostPackages, hostPackagesRecipe } from './host-packages-build.ts';
import { buildImageBase, imageBaseRecipe } from './image-base-build.ts';
import { archiveImages, archiveInputs } from './image-definitions.ts';
import { buildPause, pauseSource } from './pause-build.ts';
import type { ArtifactPhase } from './progress.ts';
import type { Tool } from './requirements.ts';

/** Artifacts that are made together, in one run of a compiler. */
export interface BuildUnit {
  /** Units of one lane share most of their work and never run at once, in any process: the later one finds it in Go's caches. */
  readonly lane: string;
  readonly outputs: readonly ArtifactName[];
  readonly inputs: readonly ArtifactName[];
  readonly tools: readonly Tool[];
  /** All that decides about the content of an output, besides its version and its inputs. */
  readonly recipe: (name: ArtifactName) => unknown;
  readonly make: (making: UnitMaking) => Promise<ReadonlyMap<ArtifactName, readonly ImageRecord[]> | void>;
}

export interface UnitMaking {
  readonly release: Release;
  readonly architecture: Architecture;
  /** Full path of the file of each output that is wanted. */
  readonly outputs: ReadonlyMap<ArtifactName, string>;
  readonly inputs: ReadonlyMap<ArtifactName, Artifact>;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (phase: ArtifactPhase, detail: string) => void;
}

/**
 * The units of a release, in the order in which machines need what they make: a node's programs, the control plane's images, then the images of the add-ons. A module with
 * many programs is several units, so that the first are ready before the last.
 */
export function buildUnits(release: Release): readonly BuildUnit[] {
  const kubernetes = modules.kubernetesModule(release);
  const goUnit = goUnitsWith(release.goToolchain);
  return [
    goUnit('go-kubernetes', kubernetes, ['kubeadm', 'kubelet', 'kubectl']),
    goUnit('go-containerd', modules.containerdModule(release)),
    goUnit('go-runc', modules.runcModule(release), ['runc'], ['go', 'gcc', 'libc', 'pkg-config', 'libseccomp']),
    goUnit('go-cni-plugins', modules.cniPluginsModule(release)),
    goUnit('go-crictl', modules.crictlModule(release)),
    pauseUnit,
    goUnit('go-kubernetes', kubernetes, ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']),
    goUnit('go-etcd', modules.etcdModule(release)),
    archiveUnit('images-control-plane', release),
    imageBaseUnit,
    goUnit('go-kubernetes', kubernetes, ['kube-proxy', 'agnhost']),
    goUnit('go-flannel', modules.flannelModule(release), ['flanneld'], ['go', 'gcc', 'libc']),
    goUnit('go-flannel-cni-plugin', modules.flannelCniModule(release)),
    goUnit('go-coredns', modules.corednsModule(release)),
    goUnit('go-metrics-server', modules.metricsServerModule(release)),
    archiveUnit('images-node', release),
    hostPackagesUnit,
  ];
}

type MakeGoUnit = (lane: string, module: GoModule, names?: readonly BinaryName[], tools?: readonly Tool[]) => BuildUnit;

function goUnitsWith(toolchain: string): MakeGoUnit {
  return (lane, module, names, tools = ['go']) => {
    const { packages, ...shared } = module;
    return {
      lane,
      outputs: names ?? (Object.keys(packages) as BinaryName[]),
      inputs: [],
      tools,
      recipe: (name) => ({ ...shared, toolchain, package: isBinaryName(name) ? packages[name] : undefined }),
      make: ({ outputs, release: _release, inputs: _inputs, ...making }) =>
        buildGo({ ...making, module, toolchain, outputs: new Map([...outputs].flatMap(([name, path]) => (isBinaryName(name) ? [[name, path] as const] : []))) }),
    };
  };
}

const pauseUnit: BuildUnit = {
  lane: 'pause',
  outputs: ['pause'],
  inputs: [],
  tools: ['gcc', 'libc'],
  recipe: () => sha256(readFileSync(pauseSource())),
  make: async ({ release, outputs, signal, onProgress }) => {
    onProgress('building', 'pause.c');
    for (const output of outputs.values()) await buildPause({ version: release.versions.pause, output, signal });
  },
};

const imageBaseUnit: BuildUnit = {
  lane: 'image-base',
  outputs: ['image-base'],
  inputs: [],
  tools: ['mmdebstrap'],
  recipe: () => imageBaseRecipe,
  make: async ({ architecture, outputs, scratch, signal, onProgress }) => {
    for (const output of outputs.values()) await buildImageBase({ architecture, output, scratch, signal, onProgress: (detail) => onProgress('building', detail) });
  },
};

export const hostPackagesUnit: BuildUnit = {
  lane: 'host-packages',
  outputs: ['host-packages'],
  inputs: [],
  tools: ['mmdebstrap'],
  recipe: () => hostPackagesRecipe,
  make: async ({ architecture, outputs, scratch, signal, onProgress }) => {
    for (const output of outputs.values()) await buildHostPackages({ architecture, output, scratch, signal, onProgress: (detail) => onProgress('packing', detail) });
  },
};

function archiveUnit(name: ImageArchiveName, release: Release): BuildUnit {
  const definitions = archiveImages[name];
  return {
    lane: name,
    outputs: [name],
    inputs: archiveInputs(name),
    tools: [],
    recipe: () => definitions.map((definition) => ({ ...definition, name: release.images[definition.role] })),
    make: async ({ outputs, onProgress, ...making }) => {
      const images = new Map<ArtifactName, readonly ImageRecord[]>();
      for (const [output, path] of outputs)
        images.set(output, await buildImageArchive({ ...making, definitions, output: path, onProgress: (detail) => onProgress('packing', detail) }));
      return images;
    },
  };
}
