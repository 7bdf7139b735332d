import { describe, expect, it } from 'vitest';
import type { BenchOptions } from './testing/cli-bench.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';

/** `apply` with what the plan was asked to take over; nothing is loaded before that is agreed to. */
async function apply(words: readonly string[], options: BenchOptions = {}) {
  const { verbs, calls } = plannedWorld();
  const taken: (string | undefined)[] = [];
  const plan: NonNullable<typeof verbs.plan> = async () => {
    const { planCluster } = await verbs.plan!();
    return {
      planCluster: async (loaded, context) => {
        taken.push(context.takeOver);
        return await planCluster(loaded, context);
      },
    };
  };
  const run = await runOnBench(['apply', '--take-over', 'r9', ...words], { ...options, verbs: { ...verbs, plan } });
  return { ...run, calls, taken };
}

describe('--take-over', () => {
  it('is refused where nobody can answer and --yes is not given, before anything is read or dialled', async () => {
    for (const { exitCode, stdout, stderr, calls } of [await apply([]), await apply(['-o', 'json'], { isTerminal: true })])
      expect({ exitCode, said: stdout + stderr, calls }).toEqual({ exitCode: 2, said: expect.stringContaining('give --yes too'), calls: [] });
  });

  it('asks a person at once, who may say no', async () => {
    expect(await apply([], { isTerminal: true })).toMatchObject({
      exitCode: 130,
      stdout: 'nothing was changed\n',
      asked: ['End run r9 now, whatever becomes of this one?'],
      calls: [],
    });
    expect((await apply([], { isTerminal: true, agrees: true })).taken).toEqual(['r9']);
  });

  it('is done with --yes', async () => expect(await apply(['--yes'])).toMatchObject({ exitCode: 0, taken: ['r9'], asked: [] }));

  it.each([
    ['apply', '--check'],
    ['reset', '--dry-run'],
  ])('is refused by %s %s, which changes nothing', async (command, flag) =>
    expect(await runOnBench([command, flag, '--yes', '--take-over', 'r9'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`with ${flag} nothing is changed`) }),
  );
});
