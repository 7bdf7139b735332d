import { pollUntil } from '../../../src/util/poll.ts';
import { read } from '../on-machine.ts';
import { kubectl, kubectlJson } from '../operator-kubectl.ts';
import { argumentsOf } from '../process-starts.ts';
import { addressOf, addressOfNobody, changeFile, editFile, machineNamed } from './corruption.ts';
import type { Corruption, Undo, World } from './corruption.ts';

const ADMIN = '/etc/kubernetes/admin.conf';
const KUBELET = '/etc/kubernetes/kubelet.conf';
const PROXY = '/etc/kubewright/api-proxy.cfg';
const JOIN_FILE = '/etc/kubernetes/join.conf';
const API_SERVER = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const ALLOW_LIST = '/etc/systemd/system/kubelet.service.d/20-allow.conf';
const RESTARTED_WITHIN_MS = 120_000;

const leadTo = (address: string): string => `s#server: .*#server: https://${address}:6443#`;

interface Lease {
  readonly spec: { readonly renewTime: string };
}

/** A control plane's kubelet talks to the API server beside it: while that one starts, the node may be taken for lost. Waits until it was heard since, and is Ready. */
async function awaitHeard({ operator }: World, node: string, since: Date): Promise<void> {
  const isHeard = async (): Promise<true | undefined> => {
    const { spec } = await kubectlJson<Lease>(operator, 'get', 'lease', node, '--namespace', 'kube-node-lease');
    return new Date(spec.renewTime) > since ? true : undefined;
  };
  await pollUntil(isHeard, { what: `the kubelet of ${node} to be heard`, deadlineMs: RESTARTED_WITHIN_MS, everyMs: 1000 });
  await kubectl(operator, 'wait', '--for=condition=Ready', `node/${node}`, `--timeout=${RESTARTED_WITHIN_MS / 1000}s`);
}

/** Edits the API server's manifest of a machine and waits until what runs is what it says and answers; undoing too. */
async function editApiServer(world: World, on: string, expression: string, word: string): Promise<Undo> {
  const machine = machineNamed(world, on);
  const awaitWord = async (isThere: boolean): Promise<void> => {
    const isSo = async (): Promise<true | undefined> => {
      const [args] = await argumentsOf(machine, 'kube-apiserver');
      if (args?.includes(word) !== isThere) return undefined;
      return (await read(machine, `curl -ks --noproxy '*' --max-time 2 https://${machine.address}:6443/readyz || true`)) === 'ok' ? true : undefined;
    };
    await pollUntil(isSo, { what: `the API server of ${on} to run ${isThere ? 'with' : 'without'} ${word}`, deadlineMs: RESTARTED_WITHIN_MS, everyMs: 500 });
    await awaitHeard(world, on, new Date());
  };
  const undo = await editFile(world, on, API_SERVER, expression);
  await awaitWord(true);
  return async () => {
    await undo();
    await awaitWord(false);
  };
}

/** A drop-in of the kubelet's unit; systemd is told of it. */
async function allowOnly(world: World, on: string, addresses: readonly string[]): Promise<Undo> {
  const machine = machineNamed(world, on);
  const undo = await changeFile(world, on, ALLOW_LIST, `printf '[Service]\\nIPAddressAllow=${addresses.join(' ')}\\n' > ${ALLOW_LIST}`);
  await read(machine, 'systemctl daemon-reload');
  return async () => {
    await undo();
    await read(machine, 'systemctl daemon-reload');
  };
}

const joinFile = (discovery: string): string =>
  `printf 'apiVersion: kubeadm.k8s.io/v1beta4\\nkind: JoinConfiguration\\ndiscovery:\\n  bootstrapToken:\\n    ${discovery}\\n' > ${JOIN_FILE}`;

/** One thing on one machine that is not as it should be. */
export const machineCorruptions: readonly Corruption[] = [
  {
    wrong: 'an admin.conf that leads to another control plane',
    code: 'admin-conf-of-one-node',
    spoil: async (world) => editFile(world, 'cp-2', ADMIN, leadTo(addressOf(world, 'cp-1'))),
  },
  { wrong: 'a worker that hangs on one control plane', code: 'kubelet-of-one-node', spoil: async (world) => editFile(world, 'w-1', KUBELET, leadTo(addressOf(world, 'cp-1'))) },
  {
    wrong: "a scheduler with another's API server",
    code: 'controller-of-one-node',
    spoil: async (world) => editFile(world, 'cp-2', '/etc/kubernetes/scheduler.conf', leadTo(addressOf(world, 'cp-3'))),
  },
  {
    wrong: 'a kubeconfig that believes everybody',
    code: 'join-insecure',
    spoil: async (world) => editFile(world, 'w-1', KUBELET, 's#^( *)server: (.*)#\\1server: \\2\\n\\1insecure-skip-tls-verify: true#'),
  },
  {
    wrong: 'an upstream of nobody',
    code: 'balancer-upstreams-stale',
    spoil: async (world) => editFile(world, 'w-1', PROXY, `s#^( *server) cp-1 .*#&\\n\\1 cp-9 ${addressOfNobody(world)}:6443#`),
  },
  { wrong: 'an upstream missing', code: 'balancer-upstreams-stale', spoil: async (world) => editFile(world, 'w-1', PROXY, '/^ *server cp-1 /d') },
  { wrong: 'a resolver file that is missing', code: 'kubelet-resolver-missing', spoil: async (world) => changeFile(world, 'w-1', '/etc/resolv.conf', 'rm /etc/resolv.conf') },
  {
    wrong: 'super-admin.conf left',
    code: 'super-admin-conf',
    spoil: async (world) => changeFile(world, 'cp-1', '/etc/kubernetes/super-admin.conf', `cp -a ${ADMIN} /etc/kubernetes/super-admin.conf`),
  },
  {
    wrong: 'a join configuration left',
    code: 'join-file-left',
    spoil: async (world) => changeFile(world, 'w-1', JOIN_FILE, joinFile(`apiServerEndpoint: ${addressOf(world, 'cp-1')}:6443`)),
  },
  { wrong: 'a join that believed everybody', code: 'join-insecure', spoil: async (world) => changeFile(world, 'w-1', JOIN_FILE, joinFile('unsafeSkipCAVerification: true')) },
  {
    wrong: 'a manifest that is no YAML',
    code: 'manifest-broken',
    spoil: async (world) => changeFile(world, 'cp-1', '/etc/kubernetes/manifests/etcd.yaml.bak', "printf 'a: [b\\nc: }\\n' > /etc/kubernetes/manifests/etcd.yaml.bak"),
  },
  {
    wrong: 'a unit that does not let a control plane in',
    code: 'unit-allow-list-stale',
    spoil: async (world) => allowOnly(world, 'w-1', ['127.0.0.0/8', addressOf(world, 'cp-1'), addressOf(world, 'cp-2')]),
  },
  {
    wrong: 'a kubelet that lets everybody in',
    code: 'kubelet-insecure',
    spoil: async (world) => editFile(world, 'w-1', KUBELET_CONFIG, '/^ *anonymous:/,/enabled/s#enabled: false#enabled: true#'),
  },
  { wrong: 'one machine-id', code: 'same-machine-id', spoil: async (world) => shareMachineId(world) },
  {
    wrong: "another's advertise-address in one manifest",
    code: 'advertise-address-foreign',
    spoil: async (world) => {
      const word = `--advertise-address=${addressOf(world, 'cp-1')}`;
      return editApiServer(world, 'cp-2', `s#--advertise-address=.*#${word}#`, word);
    },
  },
  {
    wrong: 'one control plane with a flag of its own',
    code: 'manifests-differ',
    spoil: async (world) => editApiServer(world, 'cp-2', 's#^( *)- --allow-privileged=.*#&\\n\\1- --event-ttl=2h#', '--event-ttl=2h'),
  },
];

async function shareMachineId(world: World): Promise<Undo> {
  const id = (await read(machineNamed(world, 'cp-1'), 'cat /etc/machine-id')).trim();
  return changeFile(world, 'w-1', '/etc/machine-id', `echo ${id} > /etc/machine-id`);
}
