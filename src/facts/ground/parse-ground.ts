import { known, unknown } from '../../plan/fact.ts';
import { fieldsOf, linesOf } from '../observe/sections.ts';
import type { GroundFacts, LinkFact, ListenerFact, PlaceFact } from './ground-facts.ts';

const KIBIBYTE = 1024;

/** Lines of one kind, without the kind. */
type Lines = (kind: string) => readonly string[];

/** Facts from what `GROUND` printed; undefined where it printed nothing: it was not asked. */
export function parseGround(text: string): GroundFacts | undefined {
  if (text === '') return undefined;
  const lines = linesOf(text);
  const of: Lines = (kind) => lines.filter((line) => line.startsWith(`${kind}|`)).map((line) => line.slice(kind.length + 1));
  const says = (kind: string): boolean => of(kind).includes('yes');
  const words = (kind: string): readonly string[] => of(kind).flatMap((line) => line.split(/\s+/).filter((word) => word !== ''));
  return {
    userId: Number(of('user')[0] ?? -1),
    hasSystemd: says('systemd'),
    packageManagers: words('manager'),
    clockMs: Number(of('clock')[0] ?? 0),
    listeners: of('sockets').length === 0 ? unknown('there is no program ss') : known(parseListeners(of)),
    routes: of('route').flatMap(parseRoute),
    links: of('link').flatMap(parseLink),
    places: of('place').flatMap(parsePlace),
    syncedWriteMs: parseSynced(of('synced')),
    cgroupControllers: words('controllers'),
    kernelFeatures: Object.fromEntries(of('feature').flatMap(parseFeature)),
    remains: of('remain'),
    programs: of('program'),
    firewalls: of('firewall'),
    isSelinuxEnforcing: of('selinux')[0] === '1',
    isHaproxyConfined: words('haproxybool')[0] === '0',
    nameservers: words('nameserver'),
    hostsSources: words('sources'),
    cloudInitHosts: of('cloudinit'),
    isPrepared: says('prepared'),
  };
}

/** `ss -Hlntup`: NETID STATE RECV SEND LOCAL PEER USERS. */
function parseListeners(of: Lines): readonly ListenerFact[] {
  const units = new Map(of('unit').map((line) => [fieldsOf(line, 2)[0] ?? '', /([^/]+\.(?:service|scope))(?:\/|$)/.exec(line)?.[1] ?? ''] as const));
  return of('socket').flatMap((line) => {
    const match = /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s/.exec(`${line} `);
    if (match === null) return [];
    const [, protocol, address = '', port] = match;
    const [, process = '', pid = ''] = /\(\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
    return [{ protocol: protocol === 'udp' ? 'udp' : 'tcp', address, port: Number(port), process, unit: units.get(pid) ?? '' } as const];
  });
}

/** `10.0.0.0/24 dev eth0 ...`, `10.1.0.0/16 via 10.0.0.1 dev eth0`; an address alone is a network of one. Routes that only say "nowhere" have no interface. */
function parseRoute(line: string): GroundFacts['routes'] {
  const match = /^(\d+\.\d+\.\d+\.\d+)(\/\d+)?\s.*\bdev (\S+)/.exec(line);
  return match === null ? [] : [{ range: `${match[1] ?? ''}${match[2] ?? '/32'}`, interface: match[3] ?? '' }];
}

function parseFeature(line: string): readonly (readonly [name: string, isThere: boolean])[] {
  const [name = '', state = ''] = fieldsOf(line, 2);
  return state === 'unknown' ? [] : [[name, state === 'yes']];
}

function parseLink(line: string): readonly LinkFact[] {
  const [name = '', mtu = '', mac = ''] = fieldsOf(line, 3);
  return /^\d+$/.test(mtu) ? [{ name, mtu: Number(mtu), mac }] : [];
}

/** Of the best series; one that did not end in its time took longer than any bound. */
function parseSynced(lines: readonly string[]): GroundFacts['syncedWriteMs'] {
  if (lines.length === 0) return unknown("etcd's data will lie on another disk than /var/log, where alone a check writes, or nothing could be written there");
  return known(Math.min(...lines.map((line) => (/^[\d.e+-]+$/.test(line) ? Number(line) : Number.POSITIVE_INFINITY))));
}

function parsePlace(line: string): readonly PlaceFact[] {
  const [path = '', kibibytes = '', writable = ''] = fieldsOf(line, 3);
  return /^\d+$/.test(kibibytes) ? [{ path, availableBytes: Number(kibibytes) * KIBIBYTE, isWritable: writable === 'yes' }] : [];
}
