import { describe, expect, it } from 'vitest';
import { parseInside } from './parse-inside.ts';
import type { InsideFacts } from './inside-facts.ts';
import type { RecordedAnswer } from './testing/recorded-answers.ts';
import { encodeAnswer, insideBroken, insideWell } from './testing/recorded-answers.ts';

function facts(recorded: RecordedAnswer, changed: RecordedAnswer = {}): InsideFacts {
  const fact = parseInside(encodeAnswer(recorded, changed));
  if (fact.state !== 'known') throw new Error(fact.why);
  return fact.value;
}

/** What one node was answered, a line each. */
function shown(inside: InsideFacts, node: string): readonly string[] {
  const answers = inside.answers[node];
  if (answers?.state !== 'known') return [`${answers?.state}: ${answers?.why}`];
  return answers.value.map(({ question, isRight, detail }) => `${isRight ? 'right' : 'wrong'} ${Object.values(question).join(' ')}: ${detail}`);
}

describe('parseInside', () => {
  it('reads pods and whether they are ready', () => {
    const { probePods, dnsPods } = facts(insideWell);
    expect(probePods.map(({ node, name, isReady }) => [node, name, isReady])).toEqual([
      ['cp-1', 'probe-aaaa1', true],
      ['w-1', 'probe-aaaa2', true],
      ['w-2', 'probe-aaaa3', false],
    ]);
    expect(dnsPods.filter(({ isReady }) => isReady)).toHaveLength(2);
  });

  it('reads the answers of a cluster that is well', () => {
    expect(shown(facts(insideWell), 'w-1')).toEqual([
      'right name: Client sent an HTTP request to an HTTPS server.',
      'right service: Client sent an HTTP request to an HTTPS server.',
      'right dns coredns-a cp-1: 1 addresses',
      'right dns coredns-b w-1: 1 addresses',
      'right peer cp-1: probe-aaaa1',
    ]);
  });

  it('reads the answers where CoreDNS is dead and where a pod could not be spoken to', () => {
    const inside = facts(insideBroken);
    expect(shown(inside, 'cp-1')).toEqual(['unknown: its probe pod could not be spoken to: error: unable to forward port because pod is not running. Current status=Pending']);
    expect(shown(inside, 'w-1').map((line) => line.slice(0, 60))).toEqual([
      'wrong name: host and/or port param are invalid. lookup kuber',
      'right service: Client sent an HTTP request to an HTTPS serve',
      'right dns coredns-a cp-1: 1 addresses',
      'wrong dns coredns-b w-1: reading from udp connection failed.',
      'right peer cp-1: probe-aaaa1',
    ]);
  });

  it('takes an answer of another pod than the one asked for wrong', () => {
    const probes = (insideWell.probes ?? '').replace('probe-aaaa1', 'probe-zzzz1');
    expect(shown(facts(insideWell, { probes }), 'w-1')).toContain('wrong peer cp-1: probe-aaaa1');
  });

  it('counts the nodes that have figures', () => expect(facts(insideWell).metrics).toEqual({ state: 'known', value: { nodes: ['cp-1', 'w-1'], complaint: '' } }));

  it('keeps what kubectl top complained of', () =>
    expect(facts(insideWell, { 'top.exit': '1\n', 'top.error': 'error: Metrics API not available\n' }).metrics).toEqual({
      state: 'known',
      value: { nodes: [], complaint: 'error: Metrics API not available' },
    }));

  it('knows nothing where the pods could not be made', () =>
    expect(parseInside(encodeAnswer(insideWell, { 'create.exit': '1\n', 'create.error': 'Error from server (Forbidden): no\n' }))).toEqual({
      state: 'unknown',
      why: 'the probe pods could not be made or found: Error from server (Forbidden): no',
    }));
});
