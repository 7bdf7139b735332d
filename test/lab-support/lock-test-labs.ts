import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HeldLock } from '../../src/artifacts/entry-lock.ts';
import { acquireLock, lockState } from '../../src/artifacts/entry-lock.ts';

/** One for the whole machine, whatever checkout or home a run of tests has: labs' bridges, ranges and control groups are the machine's. */
const LOCK = join(tmpdir(), 'kubewright-test-labs.lock');

/**
 * Takes the labs of the tests for this run of them; the lock of a run that died is free. Throws at once, naming who holds it: two runs would remove each other's machines.
 */
export async function lockTestLabs(directory: string = LOCK): Promise<HeldLock> {
  const { owner } = await lockState(directory);
  if (owner !== 'free') throw held(owner, directory);
  const abort = new AbortController();
  let holder = owner as Awaited<ReturnType<typeof lockState>>['owner'];
  const lock = await acquireLock(directory, {
    signal: abort.signal,
    isDone: async () => false,
    onWait: (other) => {
      holder = other;
      abort.abort();
    },
  }).catch((cause: unknown) => {
    throw holder === 'free' ? cause : held(holder, directory);
  });
  if (lock === undefined) throw new Error(`the lock ${directory} was not taken`);
  return lock;
}

function held({ pid, host }: { readonly pid: number; readonly host: string }, directory: string): Error {
  return new Error(`tests on lab machines run already, as process ${pid} on ${host} (lock ${directory}): two runs at once would remove each other's machines; wait for it to end`);
}
