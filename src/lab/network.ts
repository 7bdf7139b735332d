import { writeFile } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import { gatewayOf } from './lab-addresses.ts';
import { bridgeAlias, bridgeName } from './lab-names.ts';
import type { LabState } from './lab-state.ts';

interface Link {
  readonly ifname: string;
  readonly ifalias?: string;
}

/** The lab's bridge, up and with its address; false when another lab has a bridge of this name. */
export async function ensureBridge(lab: Pick<LabState, 'name' | 'index' | 'subnet'>): Promise<boolean> {
  const bridge = bridgeName(lab.index);
  const found = (await bridges()).find((link) => link.ifname === bridge);
  if (found?.ifalias !== undefined && found.ifalias !== bridgeAlias(lab.name)) return false;
  // The kernel decides between two labs that want one name at once. A bridge without an alias is one of ours, killed half-way.
  if (!found && !(await addBridge(bridge))) return false;
  await runProgram('ip', ['link', 'set', 'dev', bridge, 'alias', bridgeAlias(lab.name)]);
  await isolate(bridge);
  await runProgram('ip', ['address', 'replace', `${gatewayOf(lab.subnet)}/24`, 'dev', bridge]);
  await runProgram('ip', ['link', 'set', 'dev', bridge, 'up']);
  return true;
}

async function addBridge(bridge: string): Promise<boolean> {
  const { exitCode, stderr } = await runProgram('ip', ['link', 'add', 'name', bridge, 'type', 'bridge'], { expect: 'any' });
  if (exitCode === 0 || stderr.includes('File exists')) return exitCode === 0;
  throw new AppError('lab-failed', `bridge ${bridge} cannot be made`, { details: [stderr.trim()] });
}

/** The machines reach this host and each other, no further: what comes in over the bridge is not forwarded, even where the host forwards otherwise. */
async function isolate(bridge: string): Promise<void> {
  await writeFile(`/proc/sys/net/ipv4/conf/${bridge}/forwarding`, '0');
  // Absent on a kernel without IPv6.
  await writeFile(`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, '1', { flag: 'r+' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
  });
}

/** Names of bridges in use, whoever made them. */
export async function bridgeNames(): Promise<readonly string[]> {
  return (await bridges()).map((link) => link.ifname);
}

/** Removes the lab's bridge and every link on it; it is known by its alias, so this works without the lab's state. */
export async function removeBridge(lab: string): Promise<void> {
  for (const { ifname } of (await bridges()).filter((link) => link.ifalias === bridgeAlias(lab))) {
    for (const member of await links(['master', ifname])) await removeLink(member.ifname);
    await removeLink(ifname);
  }
}

/** Puts a running machine's link back on its lab's bridge, should that have been made anew. A machine that is just starting has no link yet, and will do so itself. */
export async function attachLink(link: string, bridge: string): Promise<void> {
  const { exitCode, stderr } = await runProgram('ip', ['link', 'set', 'dev', link, 'master', bridge], { expect: 'any' });
  if (exitCode === 0 || isNoSuchLink(stderr)) return;
  throw new AppError('lab-failed', `link ${link} cannot be put on bridge ${bridge}`, { details: [stderr.trim()] });
}

/** Takes a running machine's link off its bridge: it stays up at both ends, and what is sent over it reaches nobody. */
export async function detachLink(link: string): Promise<void> {
  await runProgram('ip', ['link', 'set', 'dev', link, 'nomaster']);
}

function isNoSuchLink(stderr: string): boolean {
  return stderr.includes('Cannot find device');
}

/** Removes a link if it is there. The host's end of a machine's link outlives a cut for a moment, and would be in the way of the next start. */
export async function removeLink(name: string): Promise<void> {
  const { exitCode, stderr } = await runProgram('ip', ['link', 'delete', 'dev', name], { expect: 'any' });
  if (exitCode === 0 || isNoSuchLink(stderr)) return;
  throw new AppError('lab-failed', `link ${name} cannot be removed`, { details: [stderr.trim()] });
}

async function bridges(): Promise<readonly Link[]> {
  return links(['type', 'bridge']);
}

async function links(filter: readonly string[]): Promise<readonly Link[]> {
  const { stdout } = await runProgram('ip', ['-json', 'link', 'show', ...filter]);
  // With nothing to show, some versions print nothing and some an array of empty objects.
  return (JSON.parse(stdout.trim() || '[]') as readonly Partial<Link>[]).filter((link): link is Link => link.ifname !== undefined);
}
