import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import type { HostTarget } from './host.ts';
import type { SudoVerdict } from './sudo.ts';
import { notTold } from './sudo.ts';

/**
 * Who may be told a password. Machines may share a directory of accounts that counts failures: of each user, one machine whose sudo asks is told first, and the others when it was not wrong there.
 * Machines that ask for none wait for nobody.
 */
export class SudoTrials {
  readonly #first = new Map<string, LimitFunction>();
  readonly #tried = new Set<string>();
  readonly #refusedBy = new Map<string, HostTarget>();

  /** Tells this machine the password by `tell`, when it is its turn. */
  async tell(target: HostTarget, tell: () => Promise<SudoVerdict>): Promise<SudoVerdict> {
    const verdict = await this.#turnOf(target.user)(() => this.#decide(target, tell));
    return verdict ?? tell();
  }

  /** The verdict of a machine that goes first; undefined when the password has been tried before. */
  async #decide(target: HostTarget, tell: () => Promise<SudoVerdict>): Promise<SudoVerdict | undefined> {
    const { user } = target;
    const first = this.#refusedBy.get(user);
    if (first !== undefined) return { error: notTold(target, first), isOfPassword: true };
    if (this.#tried.has(user)) return undefined;
    const verdict = await tell();
    if (verdict === 'lost') return verdict;
    if (verdict !== 'in' && verdict.isOfPassword) this.#refusedBy.set(user, target);
    else this.#tried.add(user);
    return verdict;
  }

  #turnOf(user: string): LimitFunction {
    const turn = this.#first.get(user) ?? pLimit(1);
    this.#first.set(user, turn);
    return turn;
  }
}
