import type { Slot, SlotId } from '../plan/plan.ts';
import type { Outputs } from './ports.ts';

/** Values of slots during a run: in memory only, and zeroed at its end. */
export class SlotStore implements Outputs {
  readonly #values = new Map<SlotId, Uint8Array>();

  /** Takes the bytes over: they are zeroed by `wipe`, or by the value that replaces them. */
  provide(slot: SlotId, bytes: Uint8Array): void {
    this.#values.get(slot)?.fill(0);
    this.#values.set(slot, bytes);
  }

  has(slot: SlotId): boolean {
    return this.#values.has(slot);
  }

  bytes(slot: Slot): Uint8Array {
    const bytes = this.#values.get(slot.slot);
    if (bytes === undefined) throw new Error(`no step has provided ${slot.slot}`);
    return bytes;
  }

  wipe(): void {
    for (const bytes of this.#values.values()) bytes.fill(0);
    this.forget();
  }

  /** Drops the values as they are: where a step was left, its port may still be sending them, and zeros must not reach a host. */
  forget(): void {
    this.#values.clear();
  }
}
