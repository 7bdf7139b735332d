import { describe, expect, it } from 'vitest';
import { parseReach } from './parse-reach.ts';
import { encodeAnswer, reachRecorded } from './testing/recorded-answers.ts';

const names = ['cp-1', 'cp-2', 'cp-3'];
const parse = (changed = {}) => parseReach(encodeAnswer(reachRecorded, changed), names);

describe('parseReach', () => {
  it('reads what each API server answered', () => {
    expect(parse().apis).toMatchObject({
      'cp-1': { state: 'known', value: { isReady: true, detail: 'HTTP 200: ok' } },
      'cp-2': { state: 'known', value: { isReady: false, detail: 'HTTP 500: [-]etcd failed' } },
      'cp-3': { state: 'known', value: { isReady: false, detail: expect.stringMatching(/^curl: \(7\) Failed to connect/) as string } },
    });
  });

  it('reads the upstreams of the checked backend alone', () => {
    expect(parse().proxy).toEqual({
      state: 'known',
      value: {
        answers: true,
        upstreams: [
          { name: 'cp-1', status: 'UP', check: 'L7OK' },
          { name: 'cp-2', status: 'DOWN', check: 'L7STS' },
          { name: 'cp-3', status: 'DOWN', check: 'L4CON' },
        ],
      },
    });
  });

  it('takes a proxy without a socket for one that does not answer', () => {
    const error = '2025/11/23 18:59:00 socat[123] E connect(5, AF=1 "/run/kubewright/api-proxy.sock", 32): Connection refused\n';
    expect(parse({ proxy: '', 'proxy.exit': '1\n', 'proxy.error': error }).proxy).toMatchObject({
      state: 'known',
      value: { answers: false, why: expect.stringContaining('Connection refused') as string },
    });
  });

  it.each([
    ['curl', { 'api.cp-1.exit': '127\n' }, (facts: ReturnType<typeof parse>) => facts.apis['cp-1']],
    ['socat', { 'proxy.exit': '127\n' }, (facts: ReturnType<typeof parse>) => facts.proxy],
  ])('knows nothing where %s is missing', (program, changed, of) => expect(of(parse(changed))).toEqual({ state: 'unknown', why: `${program} is not installed there` }));

  it('knows nothing of whom the answer does not name', () => expect(parseReach(encodeAnswer(reachRecorded), ['cp-9']).apis['cp-9']?.state).toBe('unknown'));
});
