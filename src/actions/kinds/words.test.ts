import { expect, it } from 'vitest';
import type { LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { foreign } from '../../model/foreign.ts';
import { constant } from '../../model/scope.ts';
import type { Slot } from '../../plan/plan.ts';
import { slotId } from '../../plan/plan.ts';
import type { Action } from '../action.ts';
import { actionKinds, kindOf } from '../kinds.ts';

const token: Slot<'text'> = { slot: slotId('join-token'), type: 'text', secret: true, shown: 'bootstrap token of this run' };
const blob = { artifact: 'kubelet', sha256: 'd1', sizeBytes: 5 };
const config = [{ text: 't1' }, token];

const item = (fields: Partial<LedgerItem> & Pick<LedgerItem, 'path' | 'what'>): LedgerItem => ({
  ...{ existed: false, backup: '', was: '', written: ['d1'], now: 'file 644 root:root', digest: 'd1' },
  ...fields,
});

const GIVEN_BACK: readonly LedgerItem[] = [
  item({ path: '/etc/crictl.yaml', what: 'file' }),
  item({ path: '/etc/hosts', what: 'file', existed: true, backup: 'd0', was: 'file 644 root:root' }),
  item({ path: '/usr/local/bin/kubectl', what: 'program', existed: true, was: 'link /opt/kubectl', now: 'link /usr/local/lib/kubewright/store/d1/kubectl', digest: '' }),
  item({ path: '/etc/containerd', what: 'directory', now: 'directory', digest: '' }),
  item({ path: '/etc/containerd/certs.d', what: 'directory', now: 'directory', digest: '' }),
  item({ path: '/var/lib/etcd', what: 'tree', existed: true, was: '0 755 root:root', now: '12 700 root:root', digest: '' }),
  item({ path: '/opt/cni', what: 'tree', now: '9', digest: '' }),
  item({ path: '/usr/libexec/kubernetes', what: 'tree', existed: true, backup: 'd2', was: '0 755 root:root', now: '1 755 root:root', digest: '' }),
  item({ path: '/proc/sys/net/ipv4/ip_forward', what: 'sysctl', existed: true, was: '0', now: '1', digest: '' }),
  item({ path: 'kubelet.service', what: 'unit', was: 'disabled inactive', now: 'enabled inactive', digest: '' }),
  item({ path: 'containerd.service', what: 'unit', was: 'enabled active', now: 'enabled inactive', digest: '' }),
];

/** One action of each kind as a plan would have it. */
const examples: readonly Action[] = [
  { kind: 'absent', path: '/etc/kubernetes/super-admin.conf', because: 'a key past all RBAC', secret: true },
  { kind: 'api-serving', node: 'cp-2', address: '10.0.0.12', server: 'https://10.0.0.12:6443' },
  {
    ...{ kind: 'config-map-entry', configMap: 'kube-system/kubeadm-config', key: 'ClusterConfiguration', was: foreign('old\n'), text: constant('new\n') },
    ...{ content: { text: 't1' }, patch: { text: 't2' }, kept: { text: 't3' }, keptAs: 'kubeadm-config-before-0123456789' },
  },
  { kind: 'endpoint-answers', host: 'api.demo.kubewright.internal', port: 7443, authority: { text: 't1' } },
  { kind: 'file', path: '/etc/hosts', mode: '644', owner: 'root:root', content: [{ text: 't1' }], was: { sha256: 'd0', text: 'old\n' } },
  { kind: 'file', path: '/etc/kubewright/ca.crt', mode: '644', owner: 'root:root', content: [token], was: { absent: true } },
  { kind: 'given-back', items: GIVEN_BACK },
  { kind: 'images', archive: 'images-node', blob, images: [{ name: 'registry.k8s.io/pause:3.10', digest: 'sha256:1' }], isPulled: true },
  {
    kind: 'images',
    archive: 'images-node',
    blob,
    images: [
      { name: 'pause:3.10', digest: 'sha256:1' },
      { name: 'flannel:1', digest: 'sha256:2' },
    ],
  },
  { kind: 'kubeadm-init', node: 'cp-1', config },
  { kind: 'kubeadm-join', node: 'cp-2', role: 'control-plane', config },
  { kind: 'kubeadm-join', node: 'w-1', role: 'worker', config },
  { kind: 'kubeadm-reset', node: 'cp-2', endsCluster: false },
  { kind: 'kubeconfig-server', path: '/etc/kubernetes/admin.conf', from: 'https://10.0.0.11:6443', to: 'https://api.demo.kubewright.internal:7443' },
  {
    kind: 'kubeconfig-server',
    path: '/etc/kubernetes/kubelet.conf',
    from: 'https://10.0.0.11:6443',
    to: 'https://10.0.0.12:6443',
    reader: { unit: 'kubelet.service', healthz: '127.0.0.1:10248' },
  },
  { kind: 'ledger-closed', stays: ['masked: haproxy.service (its package stays)'], keeps: [] },
  { kind: 'member-absent', node: 'cp-2', peerURL: 'https://10.0.0.12:2380' },
  { kind: 'module', name: 'overlay' },
  { kind: 'network-cleared', links: ['cni0', 'flannel.1'], chains: ['KUBE-FORWARD'], tables: ['ip/nat'] },
  { kind: 'node-absent', node: 'cp-2' },
  { kind: 'node-settings', node: 'w-1', labels: { disk: 'fast' }, taints: [{ key: 'dedicated', value: 'storage', effect: 'NoSchedule' }], dropLabels: ['old'], dropTaints: [] },
  { kind: 'node-stopped', units: ['kubelet.service', 'containerd.service'], items: [], others: ['moby/a1'] },
  { kind: 'nodes-ready', nodes: ['cp-1', 'w-1'], deadlineSeconds: 180 },
  { kind: 'objects', title: 'flannel', objects: { text: 't1' }, witness: 'kube-flannel/DaemonSet/kube-flannel-ds', digest: 'd1' },
  { kind: 'packages', manager: 'apt', names: ['haproxy', 'socat'], keepOff: [{ package: 'haproxy', unit: 'haproxy.service' }] },
  { kind: 'place-secret', path: '/etc/kubernetes/pki/ca.key', slot: { ...token, shown: 'ca.key of the cluster' } },
  { kind: 'program', path: '/usr/local/bin/kubelet', version: '1.36.3', blob },
  {
    ...{ kind: 'program', path: '/opt/cni/bin/bridge', version: '1.9.1', blob },
    fetch: { url: 'https://github.com/plugins.tgz', programs: [{ member: 'bridge', sha256: 'd1' }], proxy: { https_proxy: 'http://proxy:3128' } },
  },
  { kind: 'read-files', title: 'the certificate authority', files: [{ path: '/etc/kubernetes/pki/ca.crt', slot: token }] },
  { kind: 'rolled-out', workload: 'kube-system/Deployment/coredns', deadlineSeconds: 60 },
  {
    ...{ kind: 'serving-names', names: ['api.demo.kubewright.internal'], certificate: '/etc/kubernetes/pki/apiserver.crt', key: '/etc/kubernetes/pki/apiserver.key' },
    ...{ authority: '/etc/kubernetes/pki/ca.crt', authorityKey: '/etc/kubernetes/pki/ca.key', was: 'd0', config: { text: 't1' }, shownAt: '10.0.0.12:6443' },
  },
  {
    ...{ kind: 'static-pod', component: 'kube-apiserver', path: '/etc/kubernetes/manifests/kube-apiserver.yaml', mode: '600', owner: 'root:root', content: { text: 't1' } },
    ...{ was: { sha256: 'd0', text: 'old\n' }, flags: ['--advertise-address=10.0.0.12'], kill: 'it would take an address of others out of the service kubernetes' },
  },
  { kind: 'sysctl', name: 'net.ipv4.ip_forward', value: '1' },
  { kind: 'token-create', slot: token, minutes: 30 },
  { kind: 'token-generate', slot: token },
  { kind: 'tokens-absent', ids: ['abcdef', 'ghijkl'] },
  { kind: 'tokens-revoked' },
  { kind: 'unit', unit: 'containerd.service', want: 'running', inputs: ['/etc/containerd/config.toml'], onChange: 'restart' },
  { kind: 'unit', unit: 'kubewright-api-proxy.service', want: 'running', inputs: [], onChange: 'reload' },
  { kind: 'unit', unit: 'kubelet.service', want: 'enabled', inputs: [], onChange: 'restart' },
  { kind: 'workload-restarted', workload: 'kube-system/DaemonSet/kube-proxy', digest: 'd1' },
  { kind: 'workload-variables-absent', workload: 'kube-system/DaemonSet/kube-proxy', variables: ['HTTP_PROXY', 'NO_PROXY'] },
];

it('has an example of every kind', () => expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(actionKinds)));

it('says each action in words', () => {
  expect(`\n${examples.map((action) => kindOf(action).words()).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    remove /etc/kubernetes/super-admin.conf: a key past all RBAC
    wait until the API server of cp-2 is ready and 10.0.0.12 is an endpoint of the service kubernetes
    change ClusterConfiguration of ConfigMap kube-system/kubeadm-config; what it held is kept as kubeadm-config-before-0123456789
    wait until api.demo.kubewright.internal:7443 is answered with a certificate of the cluster for that name
    write /etc/hosts
    write /etc/kubewright/ca.crt
    remove what was made here (9 places); give back /etc/hosts, /usr/local/bin/kubectl
    pull 1 images (images-node)
    import 2 images (images-node)
    create the cluster on cp-1 with kubeadm init
    join cp-2 as a control plane with kubeadm join
    join w-1 as a worker with kubeadm join
    clean cp-2 of a half-done init or join
    lead /etc/kubernetes/admin.conf to https://api.demo.kubewright.internal:7443
    lead /etc/kubernetes/kubelet.conf to https://10.0.0.12:6443, and start kubelet.service anew
    close the ledger; what stays here: masked: haproxy.service (its package stays)
    remove the etcd member of cp-2
    load kernel module overlay
    remove the cluster's network: 2 interfaces, 1 chain of the packet filter
    delete the Node object of cp-2, which has not joined completely
    remove 1 label of w-1, set 1 label and 1 taint of w-1
    stop kubelet.service, containerd.service, every container of Kubernetes, container moby/a1 of others
    wait until cp-1, w-1 are Ready
    apply flannel
    install packages haproxy socat
    place /etc/kubernetes/pki/ca.key (ca.key of the cluster)
    install /usr/local/bin/kubelet 1.36.3
    install /opt/cni/bin/bridge 1.9.1
    read the certificate authority
    wait until kube-system/Deployment/coredns is rolled out
    make /etc/kubernetes/pki/apiserver.crt anew with api.demo.kubewright.internal in it; the API server takes it up by itself
    write /etc/kubernetes/manifests/kube-apiserver.yaml; the kubelet starts kube-apiserver with it
    set net.ipv4.ip_forward = 1
    make a bootstrap token for 30 minutes
    make a bootstrap token
    delete bootstrap tokens abcdef, ghijkl
    revoke the bootstrap tokens of this tool
    restart containerd.service
    reload-or-restart kubewright-api-proxy.service
    enable kubelet.service
    start the pods of kube-system/DaemonSet/kube-proxy anew
    take HTTP_PROXY, NO_PROXY out of kube-system/DaemonSet/kube-proxy
    "
  `);
});

it('shows of each action what it runs, restarts and writes', () => {
  const shown = examples.map((action) => {
    const { command, restarts, knownAfter, file } = kindOf(action).details();
    return [action.kind, command, restarts && `restarts ${restarts}`, knownAfter, file && `${file.path} ${file.mode} ${file.owner}`]
      .filter((part) => part !== undefined)
      .join(' | ');
  });
  expect(`\n${shown.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    absent | rm -f /etc/kubernetes/super-admin.conf
    api-serving | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache --server https://10.0.0.12:6443 get --raw /readyz
    kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache -n default get endpointslices -l kubernetes.io/service-name=kubernetes
    config-map-entry | kube-system/kubeadm-config: ClusterConfiguration ConfigMap of all nodes
    endpoint-answers | openssl s_client -connect api.demo.kubewright.internal:7443 -servername api.demo.kubewright.internal -verify_hostname api.demo.kubewright.internal -verify_return_error -CAfile ca.crt
    file | /etc/hosts 644 root:root
    file | holds values that exist only during the run | /etc/kubewright/ca.crt 644 root:root
    given-back | systemctl enable containerd.service
    systemctl disable kubelet.service
    rm /etc/crictl.yaml
    cp -p /var/lib/kubewright/backup/d0 /etc/hosts   # file 644 root:root
    ln -sfn /opt/kubectl /usr/local/bin/kubectl
    rm -r /opt/cni
    find /usr/libexec/kubernetes -mindepth 1 -delete
    find /var/lib/etcd -mindepth 1 -delete
    rmdir /etc/containerd/certs.d
    rmdir /etc/containerd
    sysctl -w net.ipv4.ip_forward=0
    images | crictl pull registry.k8s.io/pause@sha256:1
    images | ctr -n k8s.io images import --local ARCHIVE   # pause:3.10 flannel:1
    kubeadm-init | kubeadm init --config kubeadm.yaml --skip-token-print | kubeadm.yaml 0600 root:root
    kubeadm-join | kubeadm join --config kubeadm.yaml | kubeadm.yaml 0600 root:root
    kubeadm-join | kubeadm join --config kubeadm.yaml | kubeadm.yaml 0600 root:root
    kubeadm-reset | kubeadm reset --force --skip-phases=remove-etcd-member
    kubeconfig-server | server: https://10.0.0.11:6443  ->  server: https://api.demo.kubewright.internal:7443
    kubeconfig-server | server: https://10.0.0.11:6443  ->  server: https://10.0.0.12:6443 | restarts kubelet.service
    ledger-closed | rm -rf /var/lib/kubewright/backup /var/lib/kubewright/blobs /run/kubewright/inputs /run/kubewright/kubectl-cache
    rm -f /var/lib/kubewright/init-begun /var/lib/kubewright/join-begun /var/lib/kubewright/salt /var/lib/kubewright/ledger.jsonl
    member-absent | etcdctl member remove ID
    module | modprobe overlay
    network-cleared | ip link delete cni0
    ip link delete flannel.1
    iptables-restore --noflush   # without KUBE-FORWARD
    nft delete table ip nat   # if no rule is left in it
    node-absent | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache delete node cp-2 --ignore-not-found
    node-settings | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache label node w-1 --overwrite disk=fast old-
    kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache taint node w-1 --overwrite dedicated=storage:NoSchedule
    kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache annotate node w-1 --overwrite kubewright.dev/labels=disk kubewright.dev/taints=dedicated:NoSchedule
    node-stopped | systemctl stop kubelet.service
    systemctl stop containerd.service
    crictl --runtime-endpoint unix:///run/containerd/containerd.sock rmp --force --all
    nodes-ready | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache wait --for=condition=Ready --timeout=180s node cp-1 w-1
    objects | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache apply --server-side --force-conflicts --field-manager=kubewright -f - | flannel.yaml 0600 root:root
    packages | apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 haproxy socat
    place-secret | /etc/kubernetes/pki/ca.key 0600 root:root
    program | ln -sfn /usr/local/lib/kubewright/store/d1/kubelet /usr/local/bin/kubelet
    program | env https_proxy=http://proxy:3128 curl -fsSL --retry 3 --connect-timeout 20 --speed-limit 1 --speed-time 60 -O https://github.com/plugins.tgz; ln -sfn /usr/local/lib/kubewright/store/d1/bridge /opt/cni/bin/bridge
    read-files | cat /etc/kubernetes/pki/ca.crt
    rolled-out | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache -n kube-system rollout status deployment/coredns --timeout=60s
    serving-names | kubeadm init phase certs apiserver --config kubeadm.yaml | the old pair is kept on the machine | kubeadm.yaml 0600 root:root
    static-pod | restarts kube-apiserver, which is killed: it would take an address of others out of the service kubernetes | /etc/kubernetes/manifests/kube-apiserver.yaml 600 root:root
    sysctl | sysctl -w net.ipv4.ip_forward=1
    token-create | kubeadm token create --ttl 30m --description kubewright
    token-generate
    tokens-absent | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache -n kube-system delete secret --ignore-not-found bootstrap-token-abcdef bootstrap-token-ghijkl
    tokens-revoked | kubectl -n kube-system delete secret bootstrap-token-ID
    unit | systemctl restart containerd.service | restarts containerd.service
    unit | systemctl reload-or-restart kubewright-api-proxy.service | restarts kubewright-api-proxy.service
    unit | systemctl enable kubelet.service
    workload-restarted | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache -n kube-system patch daemonset/kube-proxy --type=strategic -p '{"metadata":{"annotations":{"kubewright.dev/restarted-for":"d1","kubewright.dev/restart-due":null}},"spec":{"template":{"metadata":{"annotations":{"kubewright.dev/restarted-for":"d1"}}}}}' | restarts the pods of kube-system/DaemonSet/kube-proxy, in turn
    workload-variables-absent | kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/kubewright/kubectl-cache -n kube-system set env daemonset/kube-proxy HTTP_PROXY- NO_PROXY- | restarts the pods of kube-system/DaemonSet/kube-proxy, in turn
    "
  `);
});
