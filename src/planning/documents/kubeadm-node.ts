import { RUNTIME_SOCKET } from '../../shell/ledger-shell.ts';
import { TOKEN_DESCRIPTION } from '../../actions/kinds/tokens.ts';
import type { HostTraits } from '../../facts/host-traits.ts';
import { API_SERVER_PORT } from '../../model/cluster.ts';
import type { NodeContext } from '../../model/cluster.ts';
import { PATCHES_DIR } from '../files/patches.ts';

const KUBEADM_API = 'kubeadm.k8s.io/v1beta4';
const CRI_SOCKET = `unix://${RUNTIME_SOCKET}`;
const TOKEN_TTL = '30m0s';

/** Placeholders of slots in a document: replaced by `withSlots`. */
export const TOKEN_MARK = 'KUBEWRIGHT-SLOT-TOKEN';
export const PIN_MARK = 'KUBEWRIGHT-SLOT-PIN';

/** Why a document of this node says what other nodes' do not, as its first lines. */
export function nodeRemarks(traits: HostTraits): string {
  return ignoredPreflightErrors(traits)
    .map((check) => `# ${check} is ignored: this host has cgroup v1, which the kubelet is told to accept\n`)
    .join('');
}

/** The one preflight check that is ignored, and for this reason alone: it refuses cgroup v1, which the kubelet is told to accept by the node's patch. */
function ignoredPreflightErrors({ platform }: HostTraits): readonly string[] {
  return platform.cgroup === 'v1' ? ['SystemVerification'] : [];
}

function nodeRegistration({ node }: NodeContext, facts: HostTraits): object {
  return {
    name: node.name,
    criSocket: CRI_SOCKET,
    kubeletExtraArgs: [{ name: 'node-ip', value: node.address.openFor(node.name) }],
    // Images are imported before: nothing is pulled.
    imagePullPolicy: 'Never',
    ignorePreflightErrors: ignoredPreflightErrors(facts),
  };
}

const localEndpoint = ({ node }: NodeContext): object => ({ advertiseAddress: node.address.openFor(node.name), bindPort: API_SERVER_PORT });

export function initConfiguration(context: NodeContext, facts: HostTraits): object {
  return {
    apiVersion: KUBEADM_API,
    kind: 'InitConfiguration',
    localAPIEndpoint: localEndpoint(context),
    nodeRegistration: nodeRegistration(context, facts),
    bootstrapTokens: [{ token: TOKEN_MARK, description: TOKEN_DESCRIPTION, ttl: TOKEN_TTL }],
    patches: { directory: PATCHES_DIR },
    skipPhases: ['show-join-command'],
  };
}

export function joinConfiguration(context: NodeContext, facts: HostTraits): object {
  const { endpoint } = context.wide;
  return {
    apiVersion: KUBEADM_API,
    kind: 'JoinConfiguration',
    discovery: { bootstrapToken: { apiServerEndpoint: `${endpoint.host}:${endpoint.port}`, token: TOKEN_MARK, caCertHashes: [PIN_MARK] } },
    ...(context.node.role === 'control-plane' && { controlPlane: { localAPIEndpoint: localEndpoint(context) } }),
    nodeRegistration: nodeRegistration(context, facts),
    patches: { directory: PATCHES_DIR },
  };
}
