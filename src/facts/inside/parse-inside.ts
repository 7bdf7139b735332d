import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf } from '../observe/sections.ts';
import { countDnsAnswers } from './dns-query.ts';
import type { InsideAnswer, InsideFacts, InsideQuestion, MetricsFact, PodFact } from './inside-facts.ts';
import { sectionAnswer } from '../section-script.ts';
import { AT_WORK_EXIT } from './take-namespace.ts';

/** What Go's HTTPS server says to plain HTTP: enough to know that one is there. */
const HTTPS_SERVER_REPLY = 'Client sent an HTTP request to an HTTPS server.';

/** What agnhost's `/dial` answers: JSON, or a plain text when it could not even resolve the host. */
interface DialReply {
  readonly responses?: readonly string[];
  readonly errors?: readonly string[];
}

/** What the control plane answered to `insideScript`; unknown where the probe could not be set up. */
export function parseInside(answer: string): Fact<InsideFacts> {
  const sections = sectionsOf(answer);
  const failed = ['create', 'probes', 'dnspods', 'service'].find((name) => sectionAnswer(sections, name)?.exitCode !== 0);
  if (failed !== undefined) return unknown(`the probe pods could not be made or found: ${sectionAnswer(sections, failed)?.complaint ?? failed}`);
  const probePods = parsePods(sections.get('probes'));
  return known({ probePods, dnsPods: parsePods(sections.get('dnspods')), answers: parseAnswers(sections.get('asked') ?? '', probePods), metrics: parseMetrics(sections) });
}

/** Who is at work where the script made nothing for that. */
export function otherVerification(answer: string): { readonly runId: string; readonly through: string; readonly since: string } | undefined {
  const create = sectionAnswer(sectionsOf(answer), 'create');
  if (create?.exitCode !== AT_WORK_EXIT) return undefined;
  const [runId = '', through = '', since = ''] = fieldsOf(create.output.trim(), 3);
  return { runId, through, since };
}

function parsePods(text = ''): readonly PodFact[] {
  return linesOf(text).map((line) => {
    const [node = '', name = '', address = '', ready = ''] = fieldsOf(line, 4);
    return { node, name, address, isReady: ready === 'True' };
  });
}

function parseAnswers(text: string, pods: readonly PodFact[]): InsideFacts['answers'] {
  const lines = linesOf(text).map((line) => fieldsOf(line, 4));
  const nodes = [...new Set(lines.map(([node = '']) => node))];
  return Object.fromEntries(
    nodes.map((node) => [
      node,
      answersOf(
        lines.filter(([of]) => of === node),
        pods,
      ),
    ]),
  );
}

function answersOf(lines: readonly (readonly string[])[], pods: readonly PodFact[]): Fact<readonly InsideAnswer[]> {
  const failed = lines.find(([, question]) => question === 'forward');
  if (failed !== undefined) return unknown(`its probe pod could not be spoken to: ${decodeBase64(failed[3] ?? '').trim() || 'no answer in 10 s'}`);
  return known(lines.map((fields) => answerOf(fields, pods)));
}

function answerOf([node = '', words = '', exit = '', body = '']: readonly string[], pods: readonly PodFact[]): InsideAnswer {
  const question = questionOf(words);
  const text = decodeBase64(body);
  if (exit !== '0') return { node, question, isRight: false, detail: text.trim() || `curl ended with ${exit}` };
  const { responses = [], errors = [] } = dialReply(text);
  const response = responses[0] ?? '';
  return { node, question, ...judge(question, response, pods, errors) };
}

function questionOf(words: string): InsideQuestion {
  const [ask, first = '', second = ''] = words.split(' ');
  if (ask === 'dns') return { ask, pod: first, podNode: second };
  if (ask === 'peer') return { ask, node: first };
  return { ask: ask === 'service' ? 'service' : 'name' };
}

function dialReply(text: string): DialReply {
  if (!text.startsWith('{')) return { errors: [text.trim()] };
  return JSON.parse(text) as DialReply;
}

function judge(question: InsideQuestion, response: string, pods: readonly PodFact[], errors: readonly string[]): Pick<InsideAnswer, 'isRight' | 'detail'> {
  const complaint = errors[0];
  if (complaint !== undefined) return { isRight: false, detail: complaint };
  if (question.ask === 'dns') {
    const count = countDnsAnswers(response);
    return { isRight: count > 0, detail: `${count} addresses` };
  }
  const expected = question.ask === 'peer' ? pods.find(({ node }) => node === question.node)?.name : HTTPS_SERVER_REPLY;
  return { isRight: expected !== undefined && response.trim() === expected, detail: response.trim() || 'an empty answer' };
}

/** `kubectl top nodes --no-headers`: NAME CPU CPU% MEMORY MEMORY%, `<unknown>` where there are no figures. */
function parseMetrics(sections: ReadonlyMap<string, string>): Fact<MetricsFact> {
  const answer = sectionAnswer(sections, 'top');
  if (answer === undefined) return unknown('it was not asked');
  if (answer.exitCode !== 0) return known({ nodes: [], complaint: answer.complaint || `kubectl ended with ${answer.exitCode}` });
  const rows = linesOf(answer.output).filter((line) => !line.includes('<unknown>'));
  return known({ nodes: rows.map((row) => row.split(/\s+/)[0] ?? ''), complaint: '' });
}
