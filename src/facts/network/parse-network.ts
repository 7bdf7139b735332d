import { known, unknown } from '../../plan/fact.ts';
import type { Observed } from '../observed.ts';
import { fieldsOf, linesOf } from '../observe/sections.ts';
import type { NetworkFacts, PortTry } from './network-facts.ts';
import type { DialTarget } from './network-plan.ts';

/** What came of a machine's listeners. */
export interface Listening {
  /** Undefined where none was started. */
  readonly pid: number | undefined;
  /** `PROTOCOL/PORT` on which it listens for us. */
  readonly ports: ReadonlySet<string>;
}

export function parseListening(text: string): Listening {
  const lines = linesOf(text).map((line) => line.split('|'));
  const pid = lines.find(([kind]) => kind === 'pid')?.[1] ?? '';
  const bound = lines.filter(([kind, , , state]) => kind === 'bound' && state === 'yes').map(([, protocol, port]) => `${protocol ?? ''}/${port ?? ''}`);
  return { pid: /^\d+$/.test(pid) ? Number(pid) : undefined, ports: new Set(bound) };
}

const OUTCOMES = new Set<string>(['open', 'refused', 'silent', 'unreachable']);

/** What a machine was answered. A port that did not answer says something only if somebody listened there for us. */
export function parseDialled(text: string, targets: readonly DialTarget[], listening: ReadonlyMap<string, Listening>): Observed<NetworkFacts> {
  const lines = linesOf(text);
  if (lines.includes('missing|perl')) return unknown('there is no perl');
  if (lines.at(-1) !== 'complete') return unknown('its answer ends early');
  const rows = lines.map((line) => fieldsOf(line, 4));
  const ports = rows.flatMap(([kind, index = '', said = '']): readonly PortTry[] => {
    const target = targets[Number(index)];
    if (kind !== 'port' || target === undefined || !OUTCOMES.has(said)) return [];
    const { to, protocol, port } = target;
    const isHeard = said === 'open' || listening.get(to)?.ports.has(`${protocol}/${port}`) === true;
    return [{ to, protocol, port, outcome: isHeard ? (said as PortTry['outcome']) : 'deaf' }];
  });
  const sizes = rows.flatMap(([kind, index = '', bytes = '', arrived = '']) => {
    const target = targets[Number(index)];
    return kind === 'size' && target !== undefined ? [{ to: target.to, sizeBytes: Number(bytes), arrived: arrived === 'yes' }] : [];
  });
  return known({ ports, sizes });
}
