import { parse } from 'yaml';

interface Arg {
  readonly name: string;
  readonly value: string;
}

/** The parts of kubeadm's configuration that the simulated kubeadm heeds. */
export interface KubeadmDocuments {
  readonly own: {
    readonly name: string;
    /** Of the API server beside it; undefined where a worker joins. */
    readonly advertiseAddress: string | undefined;
    readonly kubeletArgs: readonly Arg[];
    /** Of the bootstrap token that is stored, or that is joined with. */
    readonly token: string;
    readonly pins: readonly string[];
    readonly endpoint: string;
  };
  /** Documents that the cluster keeps, as texts, by kind. */
  readonly shared: Readonly<Record<string, string>>;
}

interface OwnDocument {
  readonly kind: string;
  readonly localAPIEndpoint?: { readonly advertiseAddress: string };
  readonly controlPlane?: { readonly localAPIEndpoint: { readonly advertiseAddress: string } };
  readonly nodeRegistration: { readonly name: string; readonly kubeletExtraArgs?: readonly Arg[] };
  readonly bootstrapTokens?: readonly { readonly token: string }[];
  readonly discovery?: { readonly bootstrapToken: { readonly token: string; readonly caCertHashes: readonly string[]; readonly apiServerEndpoint: string } };
}

/** `ClusterConfiguration` as far as manifests and certificates follow from it. */
export interface ClusterDocument {
  readonly controlPlaneEndpoint: string;
  readonly apiServer?: { readonly certSANs?: readonly string[]; readonly extraArgs?: readonly Arg[] };
  readonly controllerManager?: { readonly extraArgs?: readonly Arg[] };
  readonly scheduler?: { readonly extraArgs?: readonly Arg[] };
  readonly etcd?: { readonly local?: { readonly extraArgs?: readonly Arg[] } };
}

const parsed = new Map<string, unknown>();

/** The document of a text; a text is parsed once, since a sweep reads the same ones again and again. */
export function readYaml<T>(text: string): T {
  if (!parsed.has(text)) parsed.set(text, parse(text));
  return parsed.get(text) as T;
}

export function readKubeadmDocuments(text: string): KubeadmDocuments {
  const documents = text.split('---\n').map((each) => ({ text: each, value: readYaml<OwnDocument>(each) }));
  const isOwn = ({ value }: { readonly value: OwnDocument }): boolean => value.kind === 'InitConfiguration' || value.kind === 'JoinConfiguration';
  const own = documents.find(isOwn)?.value;
  if (own === undefined) throw new Error('the configuration is of no node');
  return { own: ownOf(own), shared: Object.fromEntries(documents.filter((document) => !isOwn(document)).map(({ text: each, value }) => [value.kind, each])) };
}

function ownOf({ nodeRegistration, localAPIEndpoint, controlPlane, bootstrapTokens, discovery }: OwnDocument): KubeadmDocuments['own'] {
  const join = discovery?.bootstrapToken;
  return {
    name: nodeRegistration.name,
    advertiseAddress: (localAPIEndpoint ?? controlPlane?.localAPIEndpoint)?.advertiseAddress,
    kubeletArgs: nodeRegistration.kubeletExtraArgs ?? [],
    token: (join ?? bootstrapTokens?.[0])?.token ?? '',
    pins: join?.caCertHashes ?? [],
    endpoint: join?.apiServerEndpoint ?? '',
  };
}
