import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodePort } from '../../model/node-ports.ts';
import { TRY_NAME, dialScript, listenScript, stopListeningScript } from './network-script.ts';
import type { DialTarget } from './network-plan.ts';
import { parseDialled, parseListening } from './parse-network.ts';

const ADDRESS = '127.0.0.77';
const NONCE = `${TRY_NAME}-of-this-test`;
const port = (protocol: NodePort['protocol'], number: number): NodePort => ({ port: number, protocol, owner: 'a test', on: 'all', from: 'all' });
const target = (protocol: NodePort['protocol'], number: number, address = ADDRESS): DialTarget => ({ to: 'w-1', address, protocol, port: number });
const MTU = 1500;

function shell(script: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** Ports that are free at this address now. */
const free = 20_000 + (process.pid % 20_000);

const listen = (...ports: readonly NodePort[]) => parseListening(shell(listenScript(NONCE, ADDRESS, ports)));

afterEach(() => void shell(stopListeningScript(NONCE)));

describe('two machines that are one', () => {
  it('answer where they listen, small and large, and refuse where they do not', () => {
    const listening = listen(port('tcp', free), port('udp', free));
    expect([...listening.ports]).toEqual([`tcp/${free}`, `udp/${free}`]);
    const targets = [target('tcp', free), target('udp', free), target('tcp', free + 1), target('udp', free + 1)];
    const answer = shell(dialScript(MTU, targets));
    const all = new Map([['w-1', { ...listening, ports: new Set([...listening.ports, `tcp/${free + 1}`]) }]]);
    expect(parseDialled(answer, targets, all)).toEqual({
      state: 'known',
      value: {
        ports: [
          { to: 'w-1', protocol: 'tcp', port: free, outcome: 'open' },
          { to: 'w-1', protocol: 'udp', port: free, outcome: 'open' },
          { to: 'w-1', protocol: 'tcp', port: free + 1, outcome: 'refused' },
          { to: 'w-1', protocol: 'udp', port: free + 1, outcome: 'deaf' },
        ],
        sizes: [{ to: 'w-1', sizeBytes: MTU, arrived: true }],
      },
    });
  });

  it('leave a port to him who has it', () => {
    expect([...listen(port('tcp', free)).ports]).toEqual([`tcp/${free}`]);
    expect([...listen(port('tcp', free), port('tcp', free + 1)).ports]).toEqual([`tcp/${free + 1}`]);
  });

  it('are free again when the listener was stopped, and no other process is', async () => {
    const { pid } = listen(port('tcp', free));
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toMatch(new RegExp(`^${TRY_NAME}`));
    const bystander = spawn('sh', ['-c', 'read line', NONCE]);
    shell(stopListeningScript(NONCE));
    expect(bystander.kill(0)).toBe(true);
    bystander.kill();
    await expect.poll(() => listen(port('tcp', free)).ports.size).toBe(1);
  });
});

it('tells a machine without perl, and an answer that is cut off', () => {
  expect(parseDialled('missing|perl\n', [], new Map())).toEqual({ state: 'unknown', why: 'there is no perl' });
  expect(parseDialled('port|0|open\n', [target('tcp', 1)], new Map())).toEqual({ state: 'unknown', why: 'its answer ends early' });
  expect(parseListening('missing|perl\n')).toEqual({ pid: undefined, ports: new Set() });
});
