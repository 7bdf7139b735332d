import type { CST } from 'yaml';
import { Lexer, Parser } from 'yaml';

/** Levels of maps and lists; a cluster file has six, a kubelet setting within it some more. */
const DEEPEST = 64;

export type Tokens = { readonly tokens: readonly CST.Token[] } | { readonly tooDeepAt: number };

/**
 * The tokens of a text, or where it nests too deeply. Nesting is measured before the composer sees the text: it recurses, and a
 * hundred thousand brackets end the whole process there (yaml 2.9, Node 20), not just the call.
 */
export function tokensOf(text: string, onNewLine: (offset: number) => void): Tokens {
  const parser = new Parser(onNewLine);
  const tokens: CST.Token[] = [];
  onNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST) return { tooDeepAt: parser.offset };
  }
  return { tokens: [...tokens, ...parser.end()] };
}
