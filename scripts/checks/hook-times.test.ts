import { describe, expect, it } from 'vitest';
import type { ReportedHookContext, TestModule } from 'vitest/node';
import { HookTimes } from './hook-times.ts';

const file = { type: 'module', id: '1', relativeModuleId: 'test/e2e/a.test.ts' } as TestModule;
const hookOf = (name: 'beforeAll' | 'afterAll', entity: object): ReportedHookContext => ({ name, entity }) as ReportedHookContext;

describe('HookTimes', () => {
  it('tells hooks that took a second or more by what they belong to, and each such file at the end', () => {
    const lines: string[] = [];
    let now = 0;
    const times = new HookTimes({ print: (line) => lines.push(line), now: () => now });
    const take = (ms: number, hook: ReportedHookContext): void => {
      times.onHookStart(hook);
      now += ms;
      times.onHookEnd(hook);
    };
    times.onTestModuleStart(file);
    take(12_340, hookOf('beforeAll', { type: 'suite', id: '1_0', fullName: 'power > cut' }));
    take(999, hookOf('afterAll', { type: 'suite', id: '1_0', fullName: 'power > cut' }));
    take(2000, hookOf('afterAll', file));
    times.onTestModuleEnd(file);
    times.onTestRunEnd();
    expect(lines).toEqual(['beforeAll of power > cut: 12.3 s', 'afterAll of test/e2e/a.test.ts: 2.0 s', expect.stringMatching(/^test\/e2e\/a\.test\.ts +15\.3 s$/)]);
  });
});
