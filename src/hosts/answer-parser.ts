/** What a host answers: `begun` with a word of the operation, output as it comes, `ended` with the outcome's words. */
export type AnswerPart =
  | { readonly type: 'begun'; readonly note: string }
  /** Whole lines, with their newlines. */
  | { readonly type: 'lines'; readonly bytes: Buffer }
  /** `rest`: what stood before the trailer without a newline of its own. */
  | { readonly type: 'ended'; readonly outcome: string; readonly rest: Buffer };

const NEWLINE = 0x0a;

/** Cuts standard output into parts. What a login shell prints before the first line with the nonce is passed over. */
export class AnswerParser {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  #pending: Buffer[] = [];
  #begun = false;

  /** `nonce` is the request's own, so that nothing a script prints looks like the trailer. */
  constructor(nonce: string) {
    this.#begin = Buffer.from(`##kw-run ${nonce} `);
    this.#end = Buffer.from(`##kw-end ${nonce} `);
  }

  *push(chunk: Buffer): Generator<AnswerPart> {
    const wholeEnd = chunk.lastIndexOf(NEWLINE) + 1;
    if (wholeEnd > 0) {
      const whole = Buffer.concat([...this.#pending, chunk.subarray(0, wholeEnd)]);
      this.#pending = [];
      yield* this.#whole(whole);
    }
    if (wholeEnd < chunk.length) this.#pending.push(chunk.subarray(wholeEnd));
  }

  *#whole(lines: Buffer): Generator<AnswerPart> {
    const output = this.#begun ? lines : yield* this.#beginning(lines);
    const end = output.indexOf(this.#end);
    if (end < 0) {
      if (this.#begun && output.length > 0) yield { type: 'lines', bytes: output };
      return;
    }
    const before = this.#begun ? output.subarray(0, end) : Buffer.alloc(0);
    const restStart = before.lastIndexOf(NEWLINE) + 1;
    if (restStart > 0) yield { type: 'lines', bytes: before.subarray(0, restStart) };
    yield { type: 'ended', outcome: lineFrom(output, end + this.#end.length), rest: before.subarray(restStart) };
  }

  /** Yields the beginning if it is there, and returns what follows it; all of it when it is not. */
  *#beginning(lines: Buffer): Generator<AnswerPart, Buffer> {
    const at = lines.indexOf(this.#begin);
    if (at < 0) return lines;
    this.#begun = true;
    yield { type: 'begun', note: lineFrom(lines, at + this.#begin.length) };
    return lines.subarray(lines.indexOf(NEWLINE, at) + 1);
  }
}

function lineFrom(bytes: Buffer, offset: number): string {
  return bytes.subarray(offset, bytes.indexOf(NEWLINE, offset)).toString('utf8').trim();
}
