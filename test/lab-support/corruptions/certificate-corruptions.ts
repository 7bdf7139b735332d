import { changeFile, machineNamed } from './corruption.ts';
import { read } from '../on-machine.ts';
import type { Corruption, Undo, World } from './corruption.ts';

const PKI = '/etc/kubernetes/pki';
const CLIENT = `${PKI}/front-proxy-client`;

/** Signs the key of a client certificate again with the authority that it has, for some days. */
const sign = (days: number): string => `set -e
openssl req -new -key ${CLIENT}.key -subj /CN=front-proxy-client -out /run/kubewright-test.csr
openssl x509 -req -in /run/kubewright-test.csr -CA ${PKI}/front-proxy-ca.crt -CAkey ${PKI}/front-proxy-ca.key -set_serial 4711 -days ${days} -out ${CLIENT}.crt 2> /dev/null`;

/** Signs the key of a client certificate with itself. */
const signAlone = `openssl req -x509 -new -key ${CLIENT}.key -subj /CN=front-proxy-client -days 90 -out ${CLIENT}.crt`;

/** Removes the key of an authority from all control planes but one. */
async function keepKeyOnOne(world: World, key: string): Promise<Undo> {
  const undos = await Promise.all(['cp-2', 'cp-3'].map(async (name) => changeFile(world, name, key, `rm ${key}`)));
  return async () => {
    for (const undo of undos) await undo();
  };
}

/** Certificates and keys that are not as they should be. */
export const certificateCorruptions: readonly Corruption[] = [
  {
    wrong: 'a key of another certificate',
    code: 'certificate-key-mismatch',
    spoil: async (world) => changeFile(world, 'cp-2', `${PKI}/apiserver.key`, `openssl genrsa -out ${PKI}/apiserver.key 2048 2> /dev/null`),
  },
  {
    wrong: 'another key for tokens',
    code: 'service-account-key-differs',
    spoil: async (world) => changeFile(world, 'cp-2', `${PKI}/sa.key`, `openssl genrsa -out ${PKI}/sa.key 2048 2> /dev/null`),
  },
  { wrong: 'a certificate that ends soon', code: 'certificate-expiry', spoil: async (world) => changeFile(world, 'cp-2', `${CLIENT}.crt`, sign(20)) },
  { wrong: 'a certificate for a hundred years', code: 'certificate-endless', spoil: async (world) => changeFile(world, 'cp-2', `${CLIENT}.crt`, sign(36_500)) },
  { wrong: 'a certificate of another authority', code: 'certificate-foreign-authority', spoil: async (world) => changeFile(world, 'cp-2', `${CLIENT}.crt`, signAlone) },
  { wrong: 'another authority on one machine', code: 'authority-differs', spoil: async (world) => otherAuthority(world) },
  { wrong: 'a key that is missing', code: 'host-path-missing', spoil: async (world) => changeFile(world, 'cp-2', `${PKI}/apiserver.key`, `rm ${PKI}/apiserver.key`) },
  { wrong: 'a key on one control plane alone', code: 'ca-key-on-one-node', spoil: async (world) => keepKeyOnOne(world, `${PKI}/etcd/ca.key`) },
];

/** The worker's copy of the cluster's authority. */
async function otherAuthority(world: World): Promise<Undo> {
  const path = `${PKI}/ca.crt`;
  await read(machineNamed(world, 'w-1'), `test -s ${path}`);
  return changeFile(world, 'w-1', path, `openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=kubernetes -days 90 -out ${path} 2> /dev/null`);
}
