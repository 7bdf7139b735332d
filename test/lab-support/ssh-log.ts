import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programOf } from './program-of.ts';

/**
 * Stands before the real ssh and writes down, for each remote command, the machine that it is for. Sessions of a shared connection and the connection itself are told apart by
 * `-M`; `-O` is about the local end only.
 */
const WRAPPER = `#!/bin/sh
kind=session target=
for word; do
  case "$word" in
    -M) kind=connection ;;
    -O) kind=local ;;
  esac
  [ "$before" != -- ] || { target=$word; break; }
  before=$word
done
printf '%s %s\\n' "$kind" "$target" >> "$KW_SSH_LOG"
exec "$KW_SSH" "$@"
`;

/** What the tool asked of machines during a run, counted at the border: each ssh that it started. */
export interface SshLog {
  /** For the tool's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Remote commands by address. */
  readonly roundTrips: () => Readonly<Record<string, number>>;
  /** Every ssh that would have reached a machine. */
  readonly count: () => number;
}

/** Makes a place in `directory` where each ssh of a run is written down. */
export function logSsh(directory: string): SshLog {
  const bin = join(directory, 'bin');
  const log = join(directory, 'ssh.log');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'ssh'), WRAPPER);
  chmodSync(join(bin, 'ssh'), 0o755);
  const path = process.env['PATH'] ?? '';
  const lines = (): readonly string[] => (existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []).filter((line) => line !== '' && !line.startsWith('local '));
  return {
    env: { PATH: `${bin}${delimiter}${path}`, KW_SSH: programOf('ssh'), KW_SSH_LOG: log },
    count: () => lines().length,
    roundTrips: () => {
      const targets = lines().flatMap((line) => (line.startsWith('session ') ? [line.slice('session '.length)] : []));
      return Object.fromEntries([...new Set(targets)].map((target) => [target, targets.filter((each) => each === target).length]));
    },
  };
}
