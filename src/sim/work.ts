import { inputName, inputsOf } from '../actions/kind.ts';
import type { Content, Slot } from '../plan/plan.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** An action at work on a machine. */
export interface Work {
  readonly world: SimWorld;
  readonly machine: SimMachine;
  /** Bytes of texts and slots by the names under which scripts find them. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly provide: (slot: Slot, text: string) => void;
  /** Lets time pass, in which the power may go: everything after it may not happen. */
  readonly pause: () => Promise<void>;
}

/** Ends a script with this exit code. */
export class ScriptFailed extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an action does; it throws `ScriptFailed` when its script would fail. */
export type Effect<A> = (action: A, work: Work) => void | Promise<void>;

/** The bytes of a content, as the script is given them. */
export function textOf(content: Content, { inputs }: Pick<Work, 'inputs'>): string {
  return inputsOf(content)
    .map((input) => Buffer.from(inputs.get(inputName(input)) ?? []).toString('utf8'))
    .join('');
}
