interface ProblemCodeEntry {
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong. The generated documentation prints it. */
  readonly meaning: string;
  readonly why: string;
  /** What to write. */
  readonly fix: string;
  /** Ends `KEY VALUE ...` for values of a wrong form. */
  readonly says?: string;
}

const error = (meaning: string, why: string, fix: string): ProblemCodeEntry => ({ severity: 'error', meaning, why, fix });
const warning = (meaning: string, why: string, fix: string): ProblemCodeEntry => ({ severity: 'warning', meaning, why, fix });
const form = (says: string, why: string, fix: string): ProblemCodeEntry => ({ severity: 'error', meaning: `a value ${says}`, why, fix, says });

const NO_SHARING = 'each value stands where it counts, so that its position and its scope are plain';

/** The one registry of what can be wrong with a cluster file; documentation is generated from it. */
export const problemCodes = {
  'file-empty': error('the file holds no document', 'a cluster file is one YAML map', 'start from examples/minimal.yaml'),
  'file-too-large': error('the file is above 1 MiB', 'a cluster file of 1,000 nodes has 100 KiB: this is some other file', 'name the cluster file with -f FILE'),
  'file-several-documents': error(
    'the file holds more than one YAML document',
    'a cluster file describes one cluster',
    'keep one document in this file and move the others to files of their own',
  ),
  'file-too-deep': error('the file nests too deeply', 'no cluster file nests more than a few levels', 'look for brackets that are not closed'),
  'yaml-syntax': error('the file is not YAML', 'it cannot be read', 'mend the YAML at this position'),
  'yaml-tab': error('a tab is used to indent', 'YAML allows spaces alone to indent', 'indent by spaces'),
  'yaml-duplicate-key': error('a key stands twice in one map', 'only one of the two could count, and nobody can tell which', 'keep one of the two'),
  'yaml-alias': error('an anchor or an alias is used', NO_SHARING, 'write the value out at each place'),
  'yaml-tag': error('a YAML tag is used', 'the schema alone decides the type of a value', 'write the value without the tag'),
  'yaml-key': error('a key is not a plain word', 'keys are names', 'write a plain key'),

  'key-unknown': error('a key that no cluster file has', 'a key that is not understood would have no effect', 'remove it'),
  'key-missing': error('a key that every cluster file has is missing', 'it has no default', 'write it'),
  'type-wrong': error('a value has the wrong type', 'the key takes another type', 'write a value of that type'),
  'value-not-allowed': error('a value is not one of those that the key takes', 'this version knows no other', 'write one of those'),
  'string-needed': error('a number, boolean or nothing stands where text is needed', 'YAML reads text of this form as another type, and digits may be lost', 'put it in quotes'),
  'interpolation-refused': error('a value asks for substitution', 'nothing is substituted in a cluster file: what stands there is what counts', 'write the value itself'),
  'secret-value': error('a value is a secret', 'a cluster file is kept in version control and shown in plans', 'remove it here, and treat the secret as known to others'),

  'cluster-name-invalid': form(
    'is not an RFC 1123 label',
    'the name becomes part of the endpoint, api.NAME.kubewright.internal',
    'at most 40 lower-case letters, digits and "-", starting and ending with a letter or digit',
  ),
  'node-name-invalid': form(
    'is not an RFC 1123 name',
    'the name becomes the Kubernetes node name and the value of the label kubernetes.io/hostname',
    'at most 63 lower-case letters, digits, "-" and ".", each part starting and ending with a letter or digit',
  ),
  'node-name-duplicate': error('two nodes have one name', 'the second would take the place of the first in the cluster', 'give each node its own name'),
  'address-invalid': form('is not an IPv4 address', 'other nodes dial it as it stands', 'four decimal numbers, like 10.0.0.11'),
  'address-unusable': error('an address that no other node can dial', 'other nodes dial this address', 'the address of the node in the network that the nodes share'),
  'address-duplicate': error('two nodes have one address', 'they would be one machine', 'give each node its own address'),

  'version-invalid': form('is not a version', 'one exact release is installed on every node', 'major.minor.patch, like 1.36.3'),
  'version-unknown': error(
    'this version of kubewright does not know that Kubernetes release',
    'only releases whose every component version is in the catalogue are installed',
    'write a known release',
  ),

  'range-invalid': form('is not an IPv4 range', 'it is given to Kubernetes as it stands', 'address/prefix, like 10.244.0.0/16'),
  'range-host-bits': error('a range has bits set behind its prefix', 'Kubernetes programs disagree on what such a range means', 'write the network itself'),
  'range-reserved': error('a range overlaps addresses that have a meaning of their own', 'packets to them never reach a pod or a service', 'a private range, like 10.244.0.0/16'),
  'range-size': error('a range is too small or too large', 'kubeadm refuses it', 'a range of a size that kubeadm takes'),
  'ranges-overlap': error('the pod and the service range overlap', 'an address would be a pod and a service at once', 'two ranges that share no address'),
  'range-over-node': error('a pod or service range holds the address of a node', 'packets to that node would go to a pod or a service', 'a range that holds no node'),
  'pod-range-too-small': error('the pod range has too few parts for the nodes', 'each node gets a /24 of it; a node without one never becomes Ready', 'a larger range'),
  'max-pods-over-range': warning(
    'maxPods is more than the addresses that a node has for pods',
    'pods above that number wait for ever for an address',
    'at most 253 with a /24 for each node',
  ),

  'no-control-plane': error('no node has the role control-plane', 'a cluster is run by its control planes', 'give at least one node role: control-plane'),
  'control-planes-even': warning('the number of control planes is even', 'the last one adds no failure tolerance and one more machine that can fail', 'one more or one less'),
  'control-planes-many': warning(
    'there are more than 7 control planes',
    'etcd waits for a majority at each write: more members make it slower (etcd documentation, FAQ)',
    '3 or 5',
  ),

  'san-invalid': form(
    'is neither a DNS name nor an IP address',
    'a certificate names hosts and addresses, without scheme, port or path',
    'a DNS name or an address, like k8s.example.com',
  ),
  'san-of-node': error(
    'a name or address of one node stands in the certificates of all',
    'each API server has its own name and address in its certificate already; in the others it is a leak',
    'remove it',
  ),

  'flag-name-invalid': error(
    'a flag is not written as Kubernetes names it',
    'the component reads other spellings as the same flag, and a check by name would miss it',
    'the name alone: lower case, "-" between words',
  ),
  'flag-unknown': error('a flag is none that the program has', 'the program does not start with it, on any control plane', 'take a flag that the program names in its --help'),
  'flag-value-invalid': error('the value of a flag has line ends or control characters', 'it becomes one argument of a process', 'one line of printable characters'),
  'flag-node-scoped': error(
    'a flag of one node stands in cluster scope',
    'kubeadm stores it once for the whole cluster, and it wins over what each node says of itself: every control plane gets the one value',
    'write it under that node',
  ),
  'flag-cluster-scoped': error(
    'a flag of the whole cluster stands under one node',
    'what the cluster does must not depend on which control plane answers or leads',
    'write it under spec.controlPlane',
  ),
  'flag-managed': error('a flag that kubewright sets itself', 'the cluster depends on its value', 'remove it'),
  'flag-names-file': error('a flag names a file', 'this version places no file of yours on the control planes: a program whose file is missing does not start', 'remove it'),
  'flag-value-lacks': error('a list lacks what the cluster depends on', 'a list of your own takes the place of the one that kubeadm sets', 'add it to the list'),
  'component-on-worker': error('a worker has settings of a component of control planes', 'no such component runs there', 'remove them, or give the node role: control-plane'),
  'address-of-other-node': error(
    'the address of another node stands under a node',
    'the value reaches the wrong machine',
    'write the address of this node, or a value that names no node',
  ),
  'node-address-in-cluster-scope': error('the address of one node stands in cluster scope', 'the value reaches every node', 'remove it, or write a value that names no node'),

  'field-unknown': error('a configuration has no such field', 'the program would not start with it, or ignore it', 'remove it'),
  'field-type': error('a field of a configuration has the wrong type', 'the program would not start', 'write a value of that type'),
  'field-node-scoped': error(
    'a setting of one node stands in the configuration of all',
    'kubeadm stores one KubeletConfiguration and one KubeProxyConfiguration for the whole cluster: every node would get this value',
    'remove it',
  ),
  'field-managed': error('a setting that kubewright or kubeadm sets itself', 'the cluster depends on its value', 'remove it'),

  'label-invalid': form('is not a label', 'Kubernetes refuses it', 'key: optional DNS prefix and "/", then at most 63 letters, digits, "-", "_", "."; value: the same or empty'),
  'label-reserved': error('a label that Kubernetes or kubewright sets itself', 'its value has a meaning to them', 'a key with a prefix of your own, like example.com/disk'),
  'taint-invalid': form('is not a taint', 'Kubernetes refuses it', 'key=value:Effect or key:Effect; Effect is NoSchedule, PreferNoSchedule or NoExecute'),
  'taint-reserved': error('a taint that Kubernetes or kubewright sets itself', 'its presence has a meaning to them', 'a key with a prefix of your own, like example.com/dedicated'),
  'taint-duplicate': error('a node has two taints with one key and effect', 'Kubernetes keeps one of the two', 'keep one'),

  'pool-name-invalid': form('is not the name of a pool', 'nodes name it', 'at most 40 lower-case letters, digits and "-", starting and ending with a letter or digit'),
  'pool-unknown': error('a node names a pool that is not there', "its settings would be nobody's", 'write the name of a pool under spec.pools, or add the pool'),

  'proxy-url-invalid': form(
    'is not the URL of a proxy',
    'it is given to the container runtime and the kubelet as it stands, and a cluster file holds no password',
    'http://host:port, without user and path',
  ),
  'proxy-empty': error('a proxy without a URL', 'it would change nothing', 'write httpProxy, httpsProxy or both'),
  'no-proxy-invalid': form(
    'is nothing that can be reached without the proxy',
    'it is given to the container runtime and the kubelet as it stands',
    'a name, .domain, an IPv4 address or a range',
  ),
  'registry-name-invalid': form('is not a registry', 'images name it', 'a host, maybe with a port, like docker.io or registry.example.com:5000'),
  'mirror-unused': error('a mirror that nobody asks', 'everything is sent from this machine, and nothing comes from the mirror', 'write mode: pull beside it, or remove it'),
  'mirror-url-invalid': form('is not the URL of a mirror', 'machines are given it as it stands', 'https://host, maybe with a port and a path'),
  'registry-user-invalid': form('is not the name of a user', 'it is sent to the registry before a colon and the password', 'a word without a colon'),

  'secret-written': error(
    'a secret stands in the file',
    'a cluster file is kept in version control and shown in plans',
    'write { fromFile: PATH } or { fromEnv: NAME }, and treat a secret that stood here as known to others',
  ),
  'secret-reference': error('a secret is not named once', 'it comes from one place', 'write { fromFile: PATH } or { fromEnv: NAME }'),
  'ssh-file-missing': error(
    'a file that ssh is to be given cannot be read',
    'ssh would say only that the machine refuses the login, or is a stranger',
    'name a file that you may read, or leave it out: then your own ssh configuration counts',
  ),
  'secret-missing': error('a secret that the file names is not there', 'the nodes are given it during the run', 'put the secret where the file says'),
  'secret-path-invalid': form(
    'is not a path that can be used',
    'a path is taken as it stands, only ~/ is expanded',
    'an absolute path, one that starts with ~/, or one relative to the cluster file',
  ),
  'secret-variable-invalid': form('is not the name of a variable', 'it is looked up in the environment of kubewright', 'letters, digits and "_", not starting with a digit'),

  'port-invalid': form('is not a port', 'sshd listens on a port', 'a whole number from 1 to 65535'),
  'ssh-user-invalid': form('is not the name of a user', 'it is given to ssh as it stands', 'letters, digits, "_", ".", "-", not starting with a digit'),
  'ssh-host-invalid': form('is not a host', 'it is given to ssh as it stands', 'a name or an address, without user and port'),
  'ssh-jump-invalid': form('is no way to jump', "it is given to ssh's ProxyJump as it stands", '[user@]host[:port], several with commas'),
  'ssh-path-invalid': form(
    'is not a path that can be used',
    'a path is taken as it stands, only ~/ is expanded',
    'an absolute path, one that starts with ~/, or one relative to the cluster file',
  ),
} as const satisfies Record<string, ProblemCodeEntry>;

export type ProblemCode = keyof typeof problemCodes;

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemCodes, text);
}
