import { expect, it } from 'vitest';
import { sha256 } from '../../util/sha256.ts';
import { digestIn } from './published-file.ts';

it.each([
  ['a bare digest', `${sha256('a')}\n`, sha256('a')],
  ['a list', `${sha256('b')}  b.tgz\n${sha256('a')}  a.tgz\n`, sha256('a')],
  ['binary marks and folders', `${sha256('a')} *./a.tgz\n`, sha256('a')],
  ['another name alone', `${sha256('a')}  b.tgz\n`, undefined],
  ['a page of a proxy', '<html>please log in</html>', undefined],
  ['nothing', '', undefined],
])('the digest of a file is found in %s', (_what, sums, expected) => expect(digestIn(sums, 'a.tgz')).toBe(expected));
