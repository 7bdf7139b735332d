import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended } from './kubewright.ts';
import { ROOT, start } from './kubewright.ts';

/** A use of the network by the tool or by a program that it started: `ADDRESS PORT`, as strace shows it. */
export interface TracedRun {
  readonly ended: Ended;
  /** Each address and port that was connected or sent to, once. */
  readonly peers: readonly string[];
}

/** Every way in which a program names whom it speaks to. */
const CALLS = 'connect,sendto,sendmsg,sendmmsg';

/** Runs the tool with all that it starts under strace, which notes whom any of them speaks to over IP. */
export async function tracedKubewright(args: readonly string[], directory: string): Promise<TracedRun> {
  const log = join(directory, `strace-${Date.now()}.log`);
  const ended = await start('strace', ['-f', '--seccomp-bpf', '-qq', '-e', `trace=${CALLS}`, '-s', '0', '-o', log, join(ROOT, 'bin/kubewright'), ...args]).ended;
  return { ended, peers: peersOf(await readFile(log, 'utf8')) };
}

/** `sin_port=htons(22), sin_addr=inet_addr("10.88.0.11")`; IPv6 has `sin6_port`, and `inet_pton(AF_INET6, "::1", ...)`. */
export function peersOf(log: string): readonly string[] {
  const peers = log.split('\n').flatMap((line) => {
    const [, port = '', address = ''] = /sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"/.exec(line) ?? [];
    return port === '' ? [] : [`${address} ${port}`];
  });
  return [...new Set(peers)].sort();
}
