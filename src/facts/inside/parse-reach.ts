import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { linesOf, sectionsOf } from '../observe/sections.ts';
import type { ApiAnswer, ProxyFact, ReachFacts, UpstreamFact } from './reach-facts.ts';
import { apiSection } from './reach-script.ts';
import { PROGRAM_MISSING, sectionAnswer } from '../section-script.ts';

/** The backend of the proxy whose servers are checked; the other one passes on unchecked. */
const CHECKED_BACKEND = 'checked';

/** What the host answered to `reachScript`, for these control planes. */
export function parseReach(answer: string, controlPlanes: readonly string[]): ReachFacts {
  const sections = sectionsOf(answer);
  return { apis: Object.fromEntries(controlPlanes.map((name) => [name, parseApi(sections, name)])), proxy: parseProxy(sections) };
}

function parseApi(sections: ReadonlyMap<string, string>, name: string): Fact<ApiAnswer> {
  const answer = sectionAnswer(sections, apiSection(name));
  if (answer === undefined) return unknown(`the answer says nothing of ${name}`);
  if (answer.exitCode === PROGRAM_MISSING) return unknown('curl is not installed there');
  if (answer.exitCode !== 0) return known({ isReady: false, detail: answer.complaint || `curl ended with ${answer.exitCode}` });
  const lines = linesOf(answer.output);
  const status = lines.at(-1) ?? '';
  const body = lines.slice(0, -1).join(' ');
  return known({ isReady: status === '200' && body === 'ok', detail: `HTTP ${status}: ${body}` });
}

function parseProxy(sections: ReadonlyMap<string, string>): Fact<ProxyFact> {
  const answer = sectionAnswer(sections, 'proxy');
  if (answer === undefined) return unknown('the answer says nothing of the proxy');
  if (answer.exitCode === PROGRAM_MISSING) return unknown('socat is not installed there');
  if (answer.exitCode !== 0) return known({ answers: false, why: answer.complaint || `its socket gave no answer (${answer.exitCode})` });
  return known({ answers: true, upstreams: parseStatistics(answer.output) });
}

/** `show stat` is CSV with a header line; the fields read here hold no comma. */
function parseStatistics(text: string): readonly UpstreamFact[] {
  const [header = '', ...rows] = linesOf(text);
  const columns = header.replace(/^# /, '').split(',');
  return rows
    .map((row) => {
      const cells = row.split(',');
      return (column: string) => cells[columns.indexOf(column)] ?? '';
    })
    .filter((cell) => cell('pxname') === CHECKED_BACKEND && cell('svname') !== 'BACKEND' && cell('svname') !== 'FRONTEND')
    .map((cell) => ({ name: cell('svname'), status: cell('status'), check: cell('check_status').replace(/^\* /, '') }));
}
