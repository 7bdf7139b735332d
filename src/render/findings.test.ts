import { expect, it } from 'vitest';
import { reportJson } from '../contract/report.ts';
import { renderReport } from './findings.ts';
import { paintFor } from './paint.ts';

const paint = paintFor(false);
const finding = { why: 'the member is dead', fix: 'run apply', evidence: ['etcd members: cp-1, cp-2', 'nodes: cp-1, cp-2, cp-3'] };

it('shows the gravest first, then what is not known, then the sum', () => {
  const findings = [
    { ...finding, code: 'certificate-ends', severity: 'warning' as const, node: 'cp-1', title: 'a certificate ends in 20 days' },
    { ...finding, code: 'etcd-member-missing', severity: 'error' as const, node: 'cp-3', title: 'etcd has no member for cp-3' },
    { ...finding, code: 'certificate-ends', severity: 'warning' as const, node: 'cp-0', title: 'a certificate ends in 20 days', evidence: [] },
  ];
  expect(renderReport(reportJson(findings, [{ node: 'w-1', what: 'its proxy', why: 'it could not be reached', advice: ['no route to host', 'next: look at its network'] }]), paint))
    .toMatchInlineSnapshot(`
    "error  etcd-member-missing  cp-3
      etcd has no member for cp-3
      seen: etcd members: cp-1, cp-2
      seen: nodes: cp-1, cp-2, cp-3
      why:  the member is dead
      fix:  run apply

    warning  certificate-ends  cp-0
      a certificate ends in 20 days
      why:  the member is dead
      fix:  run apply

    warning  certificate-ends  cp-1
      a certificate ends in 20 days
      seen: etcd members: cp-1, cp-2
      seen: nodes: cp-1, cp-2, cp-3
      why:  the member is dead
      fix:  run apply

    could not be seen
      w-1: its proxy: it could not be reached
        no route to host
        next: look at its network

    not ok: 1 error, 2 warnings, 1 not known
    "
  `);
});

it('is one line when all is well', () => {
  expect(renderReport(reportJson([], []), paint)).toBe('ok: nothing found\n');
});
