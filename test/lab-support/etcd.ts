import { ask, read } from './on-machine.ts';
import type { Answer } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

const PKI = '/etc/kubernetes/pki/etcd';
const ETCDCTL = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt --cert=${PKI}/healthcheck-client.crt --key=${PKI}/healthcheck-client.key`;

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly isLearner: boolean;
}

/** Members of etcd as the one on this machine lists them, by name. Ids are decimal: JSON's numbers are not exact for them. */
export async function etcdMembers(machine: Machine): Promise<readonly Member[]> {
  const text = await read(machine, `${ETCDCTL} -w json member list`);
  const { members } = JSON.parse(text.replaceAll(/"ID":(\d+)/g, '"ID":"$1"')) as {
    readonly members: readonly { ID: string; name?: string; peerURLs: string[]; isLearner?: boolean }[];
  };
  return members.map(({ ID, name = '', peerURLs, isLearner = false }) => ({ id: ID, name, peerURLs, isLearner })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Runs etcdctl on a control plane with the credentials of its member. */
export async function etcdctl(machine: Machine, words: string): Promise<string> {
  return read(machine, `${ETCDCTL} ${words}`);
}

/** The same, whatever its end. */
export async function tryEtcdctl(machine: Machine, words: string): Promise<Answer> {
  return ask(machine, `${ETCDCTL} ${words}`);
}
