import type { PackageManager } from '../../catalogue/distributions.ts';
import { familyOf } from '../../catalogue/distributions.ts';
import { fileAction } from '../../actions/kinds/file.ts';
import type { Action } from '../../actions/action.ts';
import { fileKey, platformKey } from '../../facts/keys.ts';
import { membership } from '../../model/membership.ts';
import type { Planned } from '../../plan/plan.ts';
import { apiServerAddress, isNode } from '../../rules/audit/machine.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { API_PROXY_CA, API_PROXY_INPUTS, API_PROXY_UNIT, apiProxyFiles } from '../files/api-proxy.ts';
import type { ApiProxy } from '../files/api-proxy.ts';
import type { NodeFile } from '../files/patches.ts';
import { hostsText, recorderFile } from '../files/system.ts';
import { after, goal } from '../step-types.ts';
import { NO_AUTHORITY, authorityText } from './endpoint-proofs.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { apiPort, laneOfMachine, notSeen } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

export const endpointStep = (node: string): string => `${node}/endpoint`;

const HOSTS_FILE = '/etc/hosts';
const PACKAGES = ['haproxy', 'openssl'];

const NO_MANAGER = 'how its distribution installs packages is not known: haproxy cannot be installed there';

const managerKey = platformKey('keeps its packages by', ({ platform }): PackageManager | 'none' => familyOf(platform)?.packageManager ?? 'none');

/**
 * Drafts on every node the way to the API that our own clusters have: the name is the machine itself, and a proxy there passes it on to every control plane that answers.
 */
export function planEndpointProxies(scene: RepairScene, target: EndpointTarget, certificates: readonly string[]): void {
  const authority = authorityText(scene);
  for (const machine of scene.view.machines.filter(isNode)) {
    const why = obstacleOn(scene, machine, authority);
    const step = { id: endpointStep(machine.name), lane: laneOfMachine(machine) };
    const manager = scene.board.read(step.lane, managerKey);
    if (why !== undefined || authority === undefined) scene.board.refuse(step.id, step.lane, why ?? NO_AUTHORITY);
    else if (manager === undefined || manager === 'none') scene.board.refuse(step.id, step.lane, NO_MANAGER);
    else {
      const actions = proxyActions(scene, machine, { target, authority, manager });
      scene.board.add({ id: step.id, title: `serve ${target.host} on the machine itself`, on: { lane: step.lane }, needs: after(...certificates), actions });
    }
  }
}

/** Why no proxy can be set up there. Everything is asked, so that one look at bare machines tells what is needed. */
function obstacleOn({ board }: RepairScene, machine: Machine, authority: string | undefined): string | undefined {
  const lane = laneOfMachine(machine);
  for (const path of [HOSTS_FILE, API_PROXY_CA]) board.look({ probe: 'file', path, text: true });
  for (const name of PACKAGES) board.look({ probe: 'package', name });
  board.look({ probe: 'unit', unit: API_PROXY_UNIT }, ...[recorderFile.path, ...API_PROXY_INPUTS].map((path) => ({ probe: 'file', path, text: true }) as const));
  const hosts = board.read(lane, fileKey(HOSTS_FILE));
  if (machine.facts === undefined || hosts === undefined || board.read(lane, managerKey) === undefined) return notSeen(machine);
  if (authority === undefined) return NO_AUTHORITY;
  if (hosts.type !== 'file' || hosts.text === undefined) return `${HOSTS_FILE} could not be read as a text: it is edited, never replaced`;
  // cloud-init's templates say so themselves (cloud-init documentation, module Update Etc Hosts).
  if (/manage_etc_hosts' as (true|localhost)/i.test(hosts.text))
    return `cloud-init writes ${HOSTS_FILE} anew at each boot, and the name would be gone: write manage_etc_hosts: false into /etc/cloud/cloud.cfg.d/99-hosts.cfg, take it out of the user data and out of the comment in ${HOSTS_FILE}, then run the command again`;
  return undefined;
}

interface ProxyWanted {
  readonly manager: PackageManager;
  readonly target: EndpointTarget;
  readonly authority: string;
}

function proxyActions(scene: RepairScene, machine: Machine, { target, authority, manager }: ProxyWanted): readonly Planned<Action>[] {
  const { board } = scene;
  const lane = laneOfMachine(machine);
  const write = ({ path, mode, text }: NodeFile): Planned<Action> =>
    goal(fileAction({ path, mode, owner: 'root:root', content: board.texts.contentOf(text) }, board.read(lane, fileKey(path))));
  const hosts = board.read(lane, fileKey(HOSTS_FILE));
  const now = hosts?.type === 'file' ? hosts : undefined;
  return [
    goal({ kind: 'packages', manager, names: PACKAGES, keepOff: [{ package: 'haproxy', unit: 'haproxy.service' }] }),
    write(recorderFile),
    write({ path: API_PROXY_CA, mode: '644', text: authority }),
    ...apiProxyFiles(proxyOf(scene, machine, target)).map(write),
    goal({ kind: 'unit', unit: API_PROXY_UNIT, want: 'running', inputs: API_PROXY_INPUTS, onChange: 'reload' }),
    write({ path: HOSTS_FILE, mode: now?.mode ?? '644', text: hostsText(now?.text ?? '', target) }),
  ];
}

function proxyOf({ view }: RepairScene, machine: Machine, endpoint: EndpointTarget): ApiProxy {
  const upstreams = view.controlPlanes.map((each) => ({ name: each.name, address: apiServerAddress(each), port: Number(apiPort(each)) }));
  return { role: machine.isControlPlane ? 'control-plane' : 'worker', endpoint, upstreams: membership(upstreams, ({ name }) => name) };
}
