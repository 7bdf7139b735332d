import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { encodeFrame, LOADER } from './frame.ts';

function load(bytes: Uint8Array): string {
  return execFileSync('sh', ['-c', LOADER], { input: bytes, encoding: 'utf8' });
}

test('the loader runs the program, which finds the rest on its standard input', () => {
  const program = 'read -r word length count; head -c "$length"; echo ":$word:$count"; read -r name size; head -c "$size" | od -An -tx1';
  const bytes = encodeFrame({ program, words: ['w'], texts: ['ä text\n\n'], inputs: new Map([['blob', Uint8Array.of(0, 10, 255)]]) });
  expect(load(bytes)).toBe('ä text:w:1\n 00 0a ff\n');
});

test('a program that arrives cut short is not run', () => {
  const bytes = encodeFrame({ program: 'echo first; echo second', words: [] });
  expect(() => load(bytes.subarray(0, 15))).toThrow('Command failed');
});

test.each(['two words', '', '$x', 'a/b'])('%j cannot stand in a header', (word) => {
  expect(() => encodeFrame({ program: ':', words: [word] })).toThrow('not a word');
});

test.each(['../x', 'a b', '.hidden', ''])('%j cannot name an input', (name) => {
  expect(() => encodeFrame({ program: ':', words: [], inputs: new Map([[name, new Uint8Array()]]) })).toThrow('not the name');
});

test('a script with a NUL byte is refused', () => {
  expect(() => encodeFrame({ program: ':', words: [], texts: ['a\0b'] })).toThrow('NUL');
});
