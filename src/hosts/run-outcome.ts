import { AppError } from '../errors/app-error.ts';
import type { LockHolder } from './host.ts';

/** How a run ended, as the trailer tells it; `sizeBytes` of the whole output where the host keeps it. */
export interface RunEnd {
  readonly exitCode: number;
  readonly sizeBytes: number | undefined;
}

interface Names {
  readonly host: string;
  readonly stepId: string;
}

/** Reads a trailer's words; throws for every end but the script's own. */
export function runEnd(outcome: string, { host, stepId }: Names, remarks: readonly string[] = []): RunEnd {
  const [word = '', first = '', second] = outcome.split(' ');
  const stopped = (what: string): AppError => new AppError('step-failed', `${stepId} on ${host} ${what}`, { retry: 'safe', details: remarks });
  switch (word) {
    case 'exited':
      return { exitCode: Number(first), sizeBytes: second === undefined ? undefined : Number(second) };
    case 'fenced':
      throw fenced(host, outcome);
    case 'busy':
      throw new AppError('locked', `another script still runs on ${host}`, { retry: 'safe' });
    case 'deadline':
      throw stopped('did not end in its time and was stopped');
    case 'killed':
      throw stopped(`was stopped from outside (${first})`);
    case 'absent':
      throw stopped('is not there: the machine restarted meanwhile');
    case 'lost':
      throw stopped('vanished without a result');
    case 'unstarted':
      throw stopped('could not be started: systemd refused the unit');
    default:
      throw new Error(`unknown outcome of a run: ${outcome}`);
  }
}

function fenced(host: string, outcome: string): AppError {
  const holder = parseLockFile(outcome.slice('fenced '.length));
  return new AppError('locked', `${host} is in the hands of another run: ${holder.owner}, number ${holder.token}, since ${holder.since}`, {
    details: [`run ${holder.runId}, lock expires ${holder.expires}`],
  });
}

/** The holder in a host's lock file. */
export function parseLockFile(text: string): LockHolder {
  return (JSON.parse(text) as { readonly holder: LockHolder }).holder;
}
