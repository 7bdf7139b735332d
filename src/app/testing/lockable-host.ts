import { AppError } from '../../errors/app-error.ts';
import type { Host, LockAnswer, LockHolder } from '../../hosts/host.ts';
import { readingHost } from './reading-host.ts';

/** A host's lock as the contract of `hosts/host.ts` has it: one holder until it expires or is given back, and numbers that only rise. */
export class LockableHost {
  readonly name: string;
  holder: LockHolder | undefined;
  isHeld = false;
  /** Told of each attempt, before it is answered. */
  onLock: (holder: LockHolder) => void = () => undefined;
  isReachable = true;

  constructor(name: string) {
    this.name = name;
  }

  heldBy(holder: Partial<LockHolder>, isHeld = true): this {
    this.holder = { runId: 'other', token: 1, owner: 'ops@desk pid 1', since: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:00:30Z', ...holder };
    this.isHeld = isHeld;
    return this;
  }

  host(): Host {
    return {
      ...readingHost(this.name, () => ''),
      lock: (holder, _signal, over) => this.#answer(() => this.#lock(holder, over)),
      unlock: (fence) => this.#answer(() => this.#unlock(fence)),
    };
  }

  async #answer<T>(act: () => T): Promise<T> {
    if (!this.isReachable) throw new AppError('host-unreachable', `${this.name} is gone`);
    return act();
  }

  #lock(holder: LockHolder, over?: string): LockAnswer {
    this.onLock(holder);
    const now = this.holder;
    const isOwn = now?.runId === holder.runId && now.token <= holder.token;
    if (now !== undefined && !isOwn) {
      if (this.isHeld && now.runId !== over) return { taken: false, held: true, holder: now };
      if (holder.token <= now.token) return { taken: false, held: false, holder: now };
    }
    this.holder = holder;
    this.isHeld = true;
    return { taken: true, ...(now !== undefined && !isOwn && { before: now.token }) };
  }

  #unlock({ runId, token }: { readonly runId: string; readonly token: number }): void {
    if (this.holder?.runId === runId && this.holder.token === token) this.isHeld = false;
  }
}
