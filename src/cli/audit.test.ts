import { describe, expect, it } from 'vitest';
import type { AuditHost, OpenAudit } from '../app/audit/open-audit.ts';
import type { ReportJson, Severity } from '../contract/report.ts';
import { auditReportJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { ruleJson, ruleSchema } from '../contract/rule.ts';
import { parseAuditHost } from './parse-audit-host.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const [FOLDER, FILE] = [import.meta.dirname, import.meta.filename];
const finding = (severity: Severity) => ({ code: 'x', severity, title: 't', evidence: ['e'], why: 'w', fix: 'f' });
const rule = ruleJson({ code: 'shared-advertise-address', severity: 'error', grades: 'g', title: 't', why: 'w', fix: 'f', isMended: true });

function auditing(report: ReportJson): { readonly verbs: Partial<Verbs>; readonly opened: unknown[] } {
  const opened: unknown[] = [];
  const open: OpenAudit = { reach: { given: [], more: () => [] }, [Symbol.asyncDispose]: async () => void opened.push('closed') };
  const audit: Verbs['audit'] = async () => ({
    auditCluster: async ({ onProgress }) => {
      onProgress?.('looking');
      return report;
    },
    planClusterRepair: async () => {
      throw new Error('no repair was asked for');
    },
    explainRule: (code) => (code === rule.code ? rule : undefined),
    ruleCodes: () => [rule.code],
    openAuditHosts: (hosts: readonly AuditHost[], access) => {
      opened.push(hosts, access);
      return open;
    },
    openAuditCluster: ({ nodes }) => {
      opened.push(nodes[0]?.name);
      return open;
    },
  });
  return { verbs: { ...plannedWorld().verbs, audit }, opened };
}

describe('audit', () => {
  it.each([
    ['audit', auditReportJson([], []), 0],
    ['audit', auditReportJson([], [{ what: 'w-1', why: 'no answer' }]), 0],
    ['audit', auditReportJson([finding('warning')], []), 0],
    ['audit', auditReportJson([finding('error')], [{ what: 'w-1', why: 'no answer' }]), 7],
    ['audit --fail-on warning', auditReportJson([finding('warning')], []), 7],
    ['audit --fail-on notice', auditReportJson([finding('notice')], []), 7],
  ])('%s of %j exits with %d', async (line, report, exitCode) => {
    const { verbs } = auditing(report);
    const run = await runOnBench([...line.split(' '), '-o', 'json'], { verbs });
    expect(run.exitCode).toBe(exitCode);
    expect(JSON.parse(run.stdout)).toEqual(report);
    expect(run.stderr).toBe('looking\n');
  });

  it('goes out from the hosts that are named, without a cluster file', async () => {
    const { verbs, opened } = auditing(auditReportJson([], []));
    await runOnBench(['audit', '--host', 'root@10.0.0.11,ops@cp-2', '--host', '[fd00::1]', '--identity-file', FILE, '--known-hosts', FILE], { verbs });
    const hosts = [
      { user: 'root', address: '10.0.0.11' },
      { user: 'ops', address: 'cp-2' },
      { user: 'root', address: 'fd00::1' },
    ];
    expect(opened).toEqual([hosts, { identityFile: FILE, knownHostsFile: FILE }, 'closed']);
  });

  it.each([
    ['--known-hosts', '/nowhere/hosts', 'no such file or directory'],
    ['--known-hosts', FOLDER, 'it is a directory'],
    ['--identity-file', '/nowhere/key', 'no such file or directory'],
  ])('names %s %s that cannot be read, and dials nobody', async (flag, path, why) => {
    const { verbs, opened } = auditing(auditReportJson([], []));
    const { exitCode, stderr, asked } = await runOnBench(['audit', '--host', 'ops@10.88.2.11', '--ask-sudo-password', flag, path], { verbs, isTerminal: true });
    expect({ exitCode, asked, opened }).toEqual({ exitCode: 2, asked: [], opened: [] });
    expect(stderr).toContain(`error: ${flag} ${path} cannot be read: ${why}; no machine was asked [local-file]\n`);
  });

  it('goes out from the cluster file otherwise', async () => {
    const { verbs, opened } = auditing(auditReportJson([], []));
    await runOnBench(['audit', '-f', 'demo.yaml'], { verbs });
    expect(opened).toEqual(['cp-1', 'closed']);
  });

  it('says that it can do without one where there is none', async () => {
    const { verbs } = auditing(auditReportJson([], []));
    const readClusterFile = (): never => {
      throw new AppError('cluster-file-missing', 'cluster file cluster.yaml: there is no such file');
    };
    const { exitCode, stderr } = await runOnBench(['audit'], { verbs: { ...verbs, clusterFile: async () => ({ readClusterFile: async () => readClusterFile() }) } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining('--host USER@ADDRESS') as string });
  });

  it('takes either of them', async () => {
    const { verbs } = auditing(auditReportJson([], []));
    expect(await runOnBench(['audit', '-f', 'x', '--host', 'a@b'], { verbs })).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('shows what hurts first as it came', async () => {
    const { verbs } = auditing(
      auditReportJson(
        [
          { ...finding('error'), code: 'z' },
          { ...finding('error'), code: 'a' },
        ],
        [],
      ),
    );
    const { stdout } = await runOnBench(['audit'], { verbs });
    expect(stdout.indexOf('error  z')).toBeLessThan(stdout.indexOf('error  a'));
  });
});

describe('audit --explain', () => {
  it('says what a finding means, and looks at nothing', async () => {
    const { verbs, opened } = auditing(auditReportJson([], []));
    const { stdout, exitCode } = await runOnBench(['audit', '--explain', rule.code], { verbs });
    expect({ exitCode, opened }).toEqual({ exitCode: 0, opened: [] });
    expect(stdout).toMatchInlineSnapshot(`
      "shared-advertise-address
        t
        severity: error; g
        why:      w
        fix:      f
        --fix:    does that
      "
    `);
    expect(ruleSchema.parse(JSON.parse((await runOnBench(['audit', '--explain', rule.code, '-o', 'json'], { verbs })).stdout))).toEqual(rule);
  });

  it('knows no other code', async () => {
    const { verbs } = auditing(auditReportJson([], []));
    const { exitCode, stderr } = await runOnBench(['audit', '--explain', 'nope'], { verbs });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(rule.code);
  });
});

describe('parseAuditHost', () => {
  it.each(['', '@x', 'a b', '-oProxyCommand=x', 'root@-x', 'root@', 'a@b@c', 'root@x/y', 'root@10.0.0.11:2222', 'cp-1:22'])('refuses %j', (input) =>
    expect(() => parseAuditHost(input)).toThrow('it is no machine'),
  );
});
