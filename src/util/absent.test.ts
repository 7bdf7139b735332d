import { expect, it } from 'vitest';
import { absent } from './absent.ts';

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

it('gives undefined for what is not there alone', () => {
  expect(absent(failure('ENOENT'))).toBeUndefined();
  expect(() => absent(failure('EACCES'))).toThrow('EACCES');
});
