import type { RuleJson } from '../contract/rule.ts';
import type { Paint } from './paint.ts';

/** What a rule looks for, for people. Ends with a newline. */
export function renderRule({ code, severity, grades, title, why, fix, isMended }: RuleJson, paint: Paint): string {
  const grade = grades === undefined ? severity : `${severity}; ${grades}`;
  return `${[paint.bold(code), `  ${title}`, `  severity: ${grade}`, `  why:      ${why}`, `  fix:      ${fix}`, `  --fix:    ${isMended ? 'does that' : 'says that, and changes nothing'}`].join('\n')}\n`;
}
