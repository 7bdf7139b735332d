import { describe, expect, it } from 'vitest';
import { isCertSan, isClusterName, isLabelKey, isLabelValue, isNodeName, parseTaint } from './value-forms.ts';

const long = (length: number): string => 'a'.repeat(length);

describe.each([
  ['a cluster name', isClusterName, ['demo', 'a', '1', 'a-b', long(40)], ['', 'A', 'a.b', '-a', 'a-', 'a_b', long(41)]],
  ['a node name', isNodeName, ['cp-1', 'cp-1.example.com', '1', long(63)], ['', 'CP-1', 'a..b', '.a', 'a.', 'a_b', '10.0.0.1', 'localhost', long(64)]],
  [
    'a name of a certificate',
    isCertSan,
    ['k8s.example.com', '*.example.com', '10.0.0.1', 'fd00::1'],
    ['', '*', 'a.*.b', 'https://a', 'a:6443', '10.0.0.1/24', '10.0.0.256', '1.2.3', 'fe80::1%eth0', 'A B'],
  ],
  ['a label key', isLabelKey, ['disk', 'example.com/disk', 'Disk_1.x'], ['', '/', '/disk', 'a/b/c', 'example.com/', 'Example.com/disk', '-disk', `${long(64)}`]],
  ['a label value', isLabelValue, ['', 'fast', 'v1.2_x-y'], ['-a', 'a b', 'a/b', long(64)]],
])('%s', (_what, isRight, right, wrong) => {
  it.each(right)('is %j', (text) => {
    expect(isRight(text)).toBe(true);
  });

  it.each(wrong)('is not %j', (text) => {
    expect(isRight(text)).toBe(false);
  });
});

it.each([
  ['dedicated=storage:NoSchedule', { key: 'dedicated', value: 'storage', effect: 'NoSchedule' }],
  ['example.com/a:NoExecute', { key: 'example.com/a', value: '', effect: 'NoExecute' }],
  ['a=:PreferNoSchedule', { key: 'a', value: '', effect: 'PreferNoSchedule' }],
  ['a=b', undefined],
  ['a=b:noschedule', undefined],
  ['a=b=c:NoSchedule', undefined],
  ['=b:NoSchedule', undefined],
  ['', undefined],
])('the taint %j', (text, taint) => {
  expect(parseTaint(text)).toEqual(taint);
});
