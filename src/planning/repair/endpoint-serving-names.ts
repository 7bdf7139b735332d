import { posix } from 'node:path';
import { parse } from 'yaml';
import { certificateKey, fileKey } from '../../facts/keys.ts';
import { configMapEntryKey } from '../../actions/kinds/config-map-entry.ts';
import { SERVING_WORK_DIR } from '../../actions/kinds/serving-names.ts';
import { holdsCredential } from '../../facts/audit/credentials.ts';
import type { Foreign } from '../../model/foreign.ts';
import { apiServerAddress } from '../../rules/audit/machine.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { KUBEADM, sharedDocumentOf } from '../../rules/audit/shared-documents.ts';
import { nodeText } from '../documents/shared-text.ts';
import { after, goal } from '../step-types.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { apiPort, flagOf, laneOfMachine, notSeen, ownServerOf, repairsOf, servedWithout } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

const servingNamesStep = (node: string): string => `${node}/serving-certificate`;

/** Where a control plane has the pair that its API server serves with, and the authority. */
interface ServingFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly authorityKey: string;
}

/** Drafts the name in the certificate of every API server, one control plane after another. Gives the ids of all these steps, drafted or not: nobody may be led to the name before. */
export function planServingNames(scene: RepairScene, { host }: EndpointTarget, before: readonly string[]): readonly string[] {
  let needs = before.slice(-1);
  for (const machine of scene.view.controlPlanes) {
    planOne(scene, machine, { host, needs });
    const step = servingNamesStep(machine.name);
    // Where nothing is done, since the certificate has the name already or cannot be changed, the next one waits for the one before.
    if (scene.board.has(step)) needs = [step];
  }
  return scene.view.controlPlanes.map(({ name }) => servingNamesStep(name));
}

interface Wanted {
  readonly host: string;
  readonly needs: readonly string[];
}

function planOne(scene: RepairScene, machine: Machine, { host, needs }: Wanted): void {
  const { board } = scene;
  const lane = laneOfMachine(machine);
  const files = servingFiles(machine);
  if (files === undefined) return refused(scene, machine, machine.facts === undefined ? notSeen(machine) : 'the certificate of its API server could not be seen');
  board.look({ probe: 'certificate', path: files.certificate }, { probe: 'file', path: files.certificate, text: false });
  const now = board.read(lane, certificateKey(files.certificate));
  const file = board.read(lane, fileKey(files.certificate));
  if (now === undefined || file?.type !== 'file') return refused(scene, machine, `${files.certificate} could not be read`);
  if (now.includes(host)) return;
  const shared = board.read(undefined, configMapEntryKey(KUBEADM.configMap, KUBEADM.key));
  const { state, why } = sharedDocumentOf(KUBEADM, shared);
  // First: of what cannot be read nobody can say that it holds no credential.
  if (shared === undefined || state !== 'read') return leaveUnreadable(scene, machine, why);
  // What kubeadm makes it from is part of the plan, which is shown and journalled.
  if (holdsCredential(shared)) return leaveCredential(scene, machine, host);
  const config = kubeadmConfig(shared, machine, [...now, host]);
  if (config === undefined) return leaveUnreadable(scene, machine, 'it is no ClusterConfiguration with its apiVersion');
  if (!hasAuthorityKey(machine, files)) return leaveWithoutKey(scene, machine, files, host);
  board.add({
    id: servingNamesStep(machine.name),
    title: `put ${host} into the certificate of the API server`,
    on: { lane },
    needs: after(...needs),
    gates: servedWithout(scene, machine.name),
    // By its own address: loopback is not always listened on.
    actions: [goal({ kind: 'serving-names', names: [host], ...files, was: file.sha256, config: board.texts.add(config), shownAt: ownServerOf(machine).replace('https://', '') })],
  });
}

function servingFiles(machine: Machine): ServingFiles | undefined {
  const [certificate, key, authority] = ['tls-cert-file', 'tls-private-key-file', 'client-ca-file'].map((flag) => flagOf(machine, 'kube-apiserver', flag));
  if (certificate === undefined || key === undefined || authority === undefined) return undefined;
  return { certificate, key, authority, authorityKey: authority.replace(/\.(crt|pem)$/, '.key') };
}

/** Names of files alone: whether the key is there. */
function hasAuthorityKey({ facts }: Machine, { authorityKey }: ServingFiles): boolean {
  return facts?.directories[posix.dirname(authorityKey)]?.includes(posix.basename(authorityKey)) === true;
}

interface ClusterConfiguration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly apiServer?: { readonly certSANs?: readonly string[] };
}

/**
 * What kubeadm makes this machine's certificate from: the cluster's own configuration, this machine's address and name, and every name that the certificate carries now, so that
 * whoever asks for one of those goes on being answered. Undefined where the configuration is something else.
 */
function kubeadmConfig(shared: Foreign, machine: Machine, names: readonly string[]): string | undefined {
  const cluster = parse(shared, { logLevel: 'silent', uniqueKeys: false }) as ClusterConfiguration | null;
  if (cluster?.kind !== 'ClusterConfiguration' || cluster.apiVersion === undefined) return undefined;
  const certSANs = [...new Set([...(cluster.apiServer?.certSANs ?? []), ...names])];
  const init = {
    apiVersion: cluster.apiVersion,
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: apiServerAddress(machine), bindPort: Number(apiPort(machine)) },
    nodeRegistration: { name: machine.name },
  };
  return [init, { ...cluster, certificatesDir: SERVING_WORK_DIR, apiServer: { ...cluster.apiServer, certSANs } }].map(nodeText).join('---\n');
}

function refused({ board }: RepairScene, machine: Machine, why: string): void {
  board.refuse(servingNamesStep(machine.name), laneOfMachine(machine), why);
}

const SHARED = `${KUBEADM.key} of ConfigMap ${KUBEADM.configMap}`;

function leaveCredential(scene: RepairScene, machine: Machine, host: string): void {
  leave(scene, machine, `${SHARED} holds a password, a token or a key, which goes into no plan and no journal`, [
    `on ${machine.name}, add ${host} to the names of the API server's certificate (kubeadm init phase certs apiserver), or take the credential out`,
  ]);
}

function leaveUnreadable(scene: RepairScene, machine: Machine, why: string): void {
  leave(scene, machine, `${SHARED}, from which kubeadm makes the certificate of the API server, cannot be read: ${why}`, [
    'kubectl -n kube-system edit configmap kubeadm-config: make it one ClusterConfiguration that kubeadm reads',
  ]);
}

function leaveWithoutKey(scene: RepairScene, machine: Machine, { certificate, authorityKey }: ServingFiles, host: string): void {
  leave(scene, machine, `${machine.name} has no ${authorityKey}, with which its API server's certificate would be signed`, [
    `copy it from a control plane that has it, or sign a certificate with ${host} in it and put it at ${certificate}`,
  ]);
}

/** To a person, with why, under the finding that wants the name there. */
function leave(scene: RepairScene, machine: Machine, why: string, steps: readonly string[]): void {
  const [repair] = repairsOf(scene, 'stable-endpoint');
  if (repair !== undefined) scene.byHand.push({ code: repair.code, steps: [why, ...steps, 'then run the command again'] });
  refused(scene, machine, why);
}
