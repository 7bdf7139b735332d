import { expect, it } from 'vitest';
import { kubespray, ourCluster } from '../../rules/testing/audit-healthy.ts';
import { holdsCredential, shownValue } from './credentials.ts';

const PEM = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----\n';

it.each<readonly [what: string, text: string]>([
  ['a password in a URL', 'value: http://operator:hunter2@proxy.example:3128\n'],
  ['a bootstrap token', 'discovery:\n  token: abcdef.0123456789abcdef\n'],
  ['a bootstrap token in words', '# join with abcdef.0123456789abcdef\n'],
  ['a private key', `data: |\n  ${PEM.replaceAll('\n', '\n  ')}`],
  ['a private key in base64', `users:\n- user:\n    client-key-data: ${Buffer.from(PEM).toString('base64')}\n`],
  ['a private key in base64 by any name', `blob: ${Buffer.from(PEM).toString('base64')}\n`],
  ["a service account's token", `user: {x: eyJhbGciOiJSUzI1NiIs.eyJpc3MiOiJrdWJlcm5l.c2lnbmF0dXJl}\n`],
  ['a password by its key', 'basicAuth:\n  password: hunter2\n'],
  ['a secret by its key', 'clientSecret: hunter2hunter2\n'],
  ['a password among extra arguments', 'extraArgs:\n- name: oidc-client-secret\n  value: hunter2\n'],
  ['a password as a flag', 'command:\n- kube-apiserver\n- --oidc-client-secret=hunter2\n'],
  ['a header', 'staticPodURLHeader:\n  Authorization: [Bearer aGVsbG8]\n'],
  ['a password in a second document', 'a: 1\n---\npassword: hunter2\n'],
  ['what may be one in a text that cannot be read', 'a: [b\npassword: hunter2\n'],
  ['a variable', 'env:\n- name: ETCD_ROOT_PASSWORD\n  value: hunter2\n'],
])('finds %s', (_, text) => expect(holdsCredential(text)).toBe(true));

it.each<readonly [what: string, text: string]>([
  ['a path to a key', 'tlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key\nclient-key: /var/lib/kubelet/key.pem\n'],
  ['a path to tokens', 'command:\n- --token-auth-file=/etc/kubernetes/tokens.csv\n'],
  ['a switch', 'command:\n- --enable-bootstrap-token-auth=true\nautomountToken: false\n'],
  ['an authority', `certificate-authority-data: ${Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n').toString('base64')}\n`],
  ['an empty field', 'token: ""\npassword:\n'],
])('passes over %s', (_, text) => expect(holdsCredential(text)).toBe(false));

it.each([
  ['ours', ourCluster(3, 1)],
  ["Kubespray's", kubespray('healthy')],
])('finds none in what a cluster of %s shares', (_, { cluster }) => {
  const entries =
    cluster.state === 'known'
      ? Object.entries(cluster.value.configMaps).flatMap(([name, data]) => Object.entries(data).map(([key, text]) => [`${name} ${key}`, text] as const))
      : [];
  expect(entries.length).toBeGreaterThan(4);
  expect(entries.filter(([, text]) => holdsCredential(text)).map(([name]) => name)).toEqual([]);
});

it.each([
  ['staticPodURLHeader.Authorization.0', 'Bearer aGVsbG8', '(a credential, not shown)'],
  ['basicAuth.password', 'hunter2', '(a credential, not shown)'],
  ['server', 'https://admin:hunter2@10.0.0.1:6443', 'https://10.0.0.1:6443'],
  ['address', '10.0.0.1', '10.0.0.1'],
])('shows of %s = %s: %s', (path, value, shown) => expect(shownValue({ path, value })).toBe(shown));
