import type { ReportedHookContext, Reporter, TestModule } from 'vitest/node';

/** Shorter hooks are of no interest. */
const SHOWN_FROM_MS = 1000;
const WIDTH = 60;

/** A vitest reporter that says what its own do not: how long hooks took, and each file with them. On lab machines they take most of the time. */
export class HookTimes implements Reporter {
  readonly #begun = new Map<string, number>();
  readonly #files = new Map<string, number>();
  readonly #print: (line: string) => void;
  readonly #now: () => number;

  constructor({ print = console.log, now = () => performance.now() }: { readonly print?: (line: string) => void; readonly now?: () => number } = {}) {
    this.#print = print;
    this.#now = now;
  }

  onHookStart(hook: ReportedHookContext): void {
    this.#begun.set(keyOf(hook), this.#now());
  }

  onHookEnd(hook: ReportedHookContext): void {
    const tookMs = this.#now() - (this.#begun.get(keyOf(hook)) ?? this.#now());
    if (tookMs >= SHOWN_FROM_MS) this.#print(`${hook.name} of ${hook.entity.type === 'module' ? hook.entity.relativeModuleId : hook.entity.fullName}: ${inSeconds(tookMs)}`);
  }

  onTestModuleStart({ relativeModuleId }: TestModule): void {
    this.#files.set(relativeModuleId, this.#now());
  }

  onTestModuleEnd({ relativeModuleId }: TestModule): void {
    this.#files.set(relativeModuleId, this.#now() - (this.#files.get(relativeModuleId) ?? this.#now()));
  }

  onTestRunEnd(): void {
    for (const [file, tookMs] of this.#files) if (tookMs >= SHOWN_FROM_MS) this.#print(`${file.padEnd(WIDTH)}${inSeconds(tookMs).padStart(9)}`);
  }
}

function keyOf({ name, entity }: ReportedHookContext): string {
  return `${name} ${entity.id}`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
