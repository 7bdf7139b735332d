import { expect, it } from 'vitest';
import { addressesIn, hostNamesIn } from './tokens.ts';

it.each([
  ['https://10.0.0.1:6443,https://10.0.0.12:6443', ['10.0.0.1', '10.0.0.12']],
  ['10.0.0.1/24 and 10.0.0.2.', ['10.0.0.1', '10.0.0.2']],
  ['110.0.0.1 1.10.0.0.1 v1.36.3', ['110.0.0.1']],
  ['[::ffff:10.0.0.1]', ['10.0.0.1']],
])('finds the whole addresses in %s', (text, addresses) => expect([...addressesIn(text)]).toEqual(addresses));

it.each([
  ['https://cp-1:6443', ['https', 'cp-1', '6443']],
  ['api.demo.internal w-12', ['api.demo.internal', 'w-12']],
])('finds the whole names in %s', (text, names) => expect([...hostNamesIn(text)]).toEqual(names));
