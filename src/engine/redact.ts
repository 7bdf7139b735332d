const REDACTED = '[redacted]';
/** Shorter values are no secrets worth the name, and replacing them would garble every line. */
const SHORTEST_SECRET = 6;
/** Of a value of many lines (a key, a kubeconfig), the parts of a line that look drawn by chance; the rest is public form. */
const RANDOM_LOOKING = /[A-Za-z0-9+/_=.-]{20,}/g;
const HAS_DIGIT_AND_CAPITAL = /(?=.*\d)(?=.*[A-Z])/;
const BASE64_ALIGNMENTS = [0, 1, 2] as const;

/** Replaces secrets in texts on their way to people and to the journal. */
export class Redactor {
  readonly #needles = new Set<string>();

  /** From now on the value, its lines and its base64 are replaced. */
  add(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('utf8');
    const needles = [text.trim(), ...randomParts(text), ...base64Forms(bytes), ...base64Forms(Buffer.from(text.trim()))];
    for (const needle of needles) if (needle.length >= SHORTEST_SECRET) this.#needles.add(needle);
  }

  redact(text: string): string {
    let result = text;
    for (const needle of this.#needles) result = result.replaceAll(needle, REDACTED);
    return result;
  }
}

function randomParts(text: string): readonly string[] {
  if (!text.trim().includes('\n')) return [];
  return (text.match(RANDOM_LOOKING) ?? []).filter((part) => HAS_DIGIT_AND_CAPITAL.test(part));
}

/** How the bytes look inside a longer base64 text, wherever in it they begin: without the characters that neighbours share. */
function base64Forms(bytes: Uint8Array): readonly string[] {
  return BASE64_ALIGNMENTS.map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - shared);
  });
}
