/** Shorter pieces could be found by chance. */
const SHORTEST_PIECE = 20;
const PIECE = 48;
/** Of each form of a key so many pieces, spread over it: what leaks is a whole key, or a good part of one. */
const PIECES = 5;
const ALIGNMENTS = [0, 1, 2] as const;
const KEY_BLOCK = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----\n([\s\S]*?)-----END \1-----/g;

/**
 * Texts by which a secret is found wherever it lies: of keys in PEM each line of the block, of a token its secret part; and each in base64, at any of the three places where it may
 * begin in a longer text. Only pieces that are drawn by chance are taken: the form of a key is public, and so is the id of a token.
 */
export function needlesOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(KEY_BLOCK)];
  const needles = blocks.length > 0 ? blocks.flatMap(([whole, , body = '']) => [...linesOfKey(body), ...piecesInBase64(whole)]) : tokenNeedles(text.trim());
  return [...new Set(needles)];
}

/** The last line of a key may be too short to mean anything. */
function linesOfKey(body: string): readonly string[] {
  return spread(body.split('\n').filter((line) => line.length >= SHORTEST_PIECE));
}

function tokenNeedles(token: string): readonly string[] {
  const secret = token.slice(token.indexOf('.') + 1);
  return [secret, ...ALIGNMENTS.map((offset) => inBase64(Buffer.from(secret), offset))];
}

/** A kubeconfig holds keys as base64 of the PEM text. Its first line is the same in every key. */
function piecesInBase64(block: string): readonly string[] {
  const body = Buffer.from(block.slice(block.indexOf('\n') + 1, block.lastIndexOf('\n')));
  return ALIGNMENTS.flatMap((offset) => pieces(inBase64(body, offset)));
}

/** How the bytes look in a longer base64 text in which they begin at this offset from a group of three: without the characters that neighbours share. */
function inBase64(bytes: Buffer, offset: (typeof ALIGNMENTS)[number]): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - shared);
}

function pieces(text: string): readonly string[] {
  const count = Math.floor(text.length / PIECE);
  return spread(Array.from({ length: count }, (_, index) => text.slice(index * PIECE, (index + 1) * PIECE)));
}

function spread(all: readonly string[]): readonly string[] {
  if (all.length <= PIECES) return all;
  return Array.from({ length: PIECES }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / PIECES)] ?? '');
}

/** Whether a text holds any of the needles: one pass over it, however many they are. */
export function holdsAny(text: string, needles: readonly string[]): boolean {
  const width = Math.min(...needles.map(({ length }) => length));
  const byBeginning = new Map<string, string[]>();
  for (const needle of needles) byBeginning.set(needle.slice(0, width), [...(byBeginning.get(needle.slice(0, width)) ?? []), needle]);
  for (let at = 0; at + width <= text.length; at += 1) {
    const candidates = byBeginning.get(text.slice(at, at + width));
    if (candidates?.some((needle) => text.startsWith(needle, at))) return true;
  }
  return false;
}
