/** What a host answers: `begun` with a word of the operation, lines as they come, `ended` with the outcome's words. */
export type AnswerPart =
  | { readonly type: 'begun'; readonly note: string }
  /** Without its newline. */
  | { readonly type: 'line'; readonly bytes: Buffer }
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
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...this.#pending, chunk.subarray(from, at)]);
      this.#pending = [];
      from = at + 1;
      yield* this.#line(line);
    }
    if (from < chunk.length) this.#pending.push(chunk.subarray(from));
  }

  *#line(line: Buffer): Generator<AnswerPart> {
    const end = line.indexOf(this.#end);
    if (end >= 0) {
      yield { type: 'ended', outcome: textAfter(line, end + this.#end.length), rest: this.#begun ? line.subarray(0, end) : Buffer.alloc(0) };
    } else if (this.#begun) {
      yield { type: 'line', bytes: line };
    } else {
      const begin = line.indexOf(this.#begin);
      if (begin < 0) return;
      this.#begun = true;
      yield { type: 'begun', note: textAfter(line, begin + this.#begin.length) };
    }
  }
}

function textAfter(line: Buffer, offset: number): string {
  return line.subarray(offset).toString('utf8').trim();
}
