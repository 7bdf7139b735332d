import { parseMarker } from '../shell/markers.ts';
import type { RunEvent } from './host.ts';

const NEWLINE = 0x0a;

/** Makes events of a run's output, and keeps count of it, so that a lost connection can be taken up at that byte. */
export class RunEventParser {
  #nonce = '';
  #index: number | undefined;
  #seenBytes = 0;

  /** Bytes of whole lines seen. */
  get seenBytes(): number {
    return this.#seenBytes;
  }

  /** The run's own nonce, as the host tells it: another process may have started the run. */
  begin(nonce: string): void {
    this.#nonce = nonce;
  }

  /** Whole lines, with their newlines. */
  *lines(bytes: Buffer): Generator<RunEvent> {
    this.#seenBytes += bytes.length;
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(NEWLINE, from);
      yield* this.#events(bytes.subarray(from, end));
      from = end + 1;
    }
  }

  /** What came last, without a newline. */
  *rest(bytes: Buffer): Generator<RunEvent> {
    this.#seenBytes += bytes.length;
    if (bytes.length > 0) yield* this.#events(bytes);
  }

  *#events(bytes: Buffer): Generator<RunEvent> {
    const text = bytes.toString('utf8');
    // A program before it may have ended without a newline: the marker then stands behind its last words.
    const at = text.indexOf(`##kw ${this.#nonce} `);
    const marker = at < 0 ? undefined : parseMarker(text.slice(at), this.#nonce);
    if (marker === undefined) {
      yield { type: 'output', index: this.#index, line: text };
      return;
    }
    if (at > 0) yield { type: 'output', index: this.#index, line: text.slice(0, at) };
    if (marker.type === 'slot') {
      yield { type: 'slot.provided', slot: marker.slot, bytes: Buffer.from(marker.base64, 'base64') };
    } else {
      this.#index = marker.type === 'started' ? marker.index : undefined;
      yield { type: marker.type === 'started' ? 'action.started' : 'action.finished', index: marker.index };
    }
  }
}
