import type { HostPath, LineSetting, LineText, ManifestFact } from './machine-facts.ts';
import { isProxyVariable, withoutCredentials } from './proxy-variables.ts';
import type { YamlLeaf } from './yaml-leaves.ts';
import { yamlLeaves } from './yaml-leaves.ts';

/** kubeadm, constants.KubeAPIServerAdvertiseAddressEndpointAnnotationKey: the local endpoint of init or join. */
const ADVERTISED_ENDPOINT = 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint';

/** A manifest's bytes as the machine gave them; `sizeBytes` is that of the file, which may be more than was brought. */
export interface ManifestBytes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
}

/** A file of the static pod directory; one that the kubelet could not take either says why. */
export function parseManifest({ path, sizeBytes, bytes }: ManifestBytes): ManifestFact {
  const broken = (why: string): ManifestFact => ({ path, type: 'broken', why });
  if (bytes.length < sizeBytes) return broken(`it has ${sizeBytes} bytes: that is no manifest`);
  const text = utf8Of(bytes);
  if (text === undefined) return broken('it is not UTF-8 text');
  // The kubelet takes the first document, and passes over what follows.
  const parsed = yamlLeaves(text, 'first');
  if ('why' in parsed) return broken(parsed.why);
  const { leaves } = parsed;
  if (valueOf(leaves, 'kind') !== 'Pod') return broken('it holds no pod');
  const args = containerWords(leaves);
  const advertisedEndpoint = valueOf(leaves, `metadata.annotations.${ADVERTISED_ENDPOINT}`);
  const program = args[0]?.text.split('/').at(-1);
  return {
    path,
    type: 'pod',
    name: valueOf(leaves, 'metadata.name'),
    component: program ?? valueOf(leaves, 'spec.containers.0.name'),
    image: valueOf(leaves, 'spec.containers.0.image'),
    args,
    environment: environmentOf(leaves),
    hostPaths: hostPathsOf(leaves),
    ...(advertisedEndpoint !== '' && { advertisedEndpoint }),
  };
}

export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function valueOf(leaves: readonly YamlLeaf[], path: string): string {
  return leaves.find((leaf) => leaf.path === path)?.value ?? '';
}

/** The command line of the first container: `command` before `args`. */
function containerWords(leaves: readonly YamlLeaf[]): readonly LineText[] {
  const under = (prefix: string): readonly LineText[] => leaves.filter(({ path }) => path.startsWith(prefix)).map(({ value, line }) => ({ text: value, line }));
  return [...under('spec.containers.0.command.'), ...under('spec.containers.0.args.')];
}

function environmentOf(leaves: readonly YamlLeaf[]): readonly LineSetting[] {
  return leaves.flatMap(({ path, value, line }) => {
    const [, prefix] = /^(spec\.containers\.\d+\.env\.\d+)\.name$/.exec(path) ?? [];
    return prefix !== undefined && isProxyVariable(value) ? [{ name: value, value: withoutCredentials(valueOf(leaves, `${prefix}.value`)), line }] : [];
  });
}

function hostPathsOf(leaves: readonly YamlLeaf[]): readonly HostPath[] {
  return leaves.flatMap(({ path, value, line }) => {
    const [, prefix] = /^(spec\.volumes\.\d+\.hostPath)\.path$/.exec(path) ?? [];
    return prefix === undefined ? [] : [{ path: value, line, isMade: valueOf(leaves, `${prefix}.type`).endsWith('OrCreate') }];
  });
}
