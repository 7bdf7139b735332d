import { expect, it } from 'vitest';
import { countDnsAnswers, encodeDnsQuery } from './dns-query.ts';

it('writes a question as RFC 1035 has it', () => {
  const bytes = Buffer.from(encodeDnsQuery('a.bc').replaceAll('%', ''), 'hex');
  expect(bytes.toString('hex')).toBe('6b77010000010000000000000161026263000001' + '0001');
});

// Flags as one character of replacement, or one of its bytes below 0x80 (no recursion offered, NXDOMAIN: 3).
it.each([
  ['one answer', 'kw\ufffd\ufffd\0\u0001\0\u0001\0\0\0\0', 1],
  ['one answer, no recursion', 'kw\ufffd\0\0\u0001\0\u0001\0\0\0\0', 1],
  ['no such name', 'kw\ufffd\u0003\0\u0001\0\0\0\u0001\0\0', 0],
  ['another id', 'xx\ufffd\ufffd\0\u0001\0\u0001\0\0\0\0', 0],
  ['nothing', '', 0],
  ['a torn header', 'kw\ufffd', 0],
])('counts the answers of a reply: %s', (_, reply, count) => expect(countDnsAnswers(reply)).toBe(count));
