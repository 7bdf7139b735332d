import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileFact } from '../../facts/host-facts.ts';
import { inputsRecord } from '../../facts/unit-inputs.ts';
import { INPUTS_DIR } from '../../shell/remote-paths.ts';
import { sha256 } from '../../util/sha256.ts';
import { planDeploy } from '../plan-deploy.ts';
import { clusterOf, plainEntry } from '../testing/any-cluster.ts';
import { bareMachines, inputFor } from '../testing/deploy-input.ts';
import { withFiles } from '../testing/living.ts';
import { hostsText, recorderFile } from './system.ts';

const cluster = clusterOf(plainEntry);
const OURS = "127.0.0.1 api.demo.kubewright.internal # kubewright: the API endpoint, served by this machine's own proxy";

describe('what a unit is started with', () => {
  const root = mkdtempSync(join(tmpdir(), 'kw-inputs-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is written down by the host in the very form in which the plan expects it', () => {
    const at = (name: string): string => join(root, name);
    writeFileSync(at('record-inputs'), recorderFile.text.replaceAll(INPUTS_DIR, at('inputs')));
    writeFileSync(at('a file'), 'bytes');
    symlinkSync('/some/where', at('link'));
    const inputs: readonly (readonly [string, FileFact])[] = [
      [at('a file'), { type: 'file', sha256: sha256('bytes'), sizeBytes: 5, mode: '644', owner: 'root:root' }],
      [at('link'), { type: 'link', target: '/some/where', targetSizeBytes: undefined }],
      [at('absent'), { type: 'absent' }],
    ];
    execFileSync('sh', [at('record-inputs'), 'x.service', ...inputs.map(([path]) => path)]);
    expect(readFileSync(at('inputs/x.service'), 'utf8')).toBe(inputsRecord(inputs));
  });
});

describe('/etc/hosts', () => {
  it.each([
    ['empty', '', `${OURS}\n`],
    ['theirs', '127.0.0.1 localhost\n10.0.0.9 db # mine\n', `127.0.0.1 localhost\n10.0.0.9 db # mine\n${OURS}\n`],
    ['without an end of line', '127.0.0.1 localhost', `127.0.0.1 localhost\n${OURS}\n`],
    ['with ours already', `127.0.0.1 localhost\n${OURS}\n`, `127.0.0.1 localhost\n${OURS}\n`],
    ['with ours twice, in the middle', `${OURS}\n127.0.0.1 localhost\n${OURS}\n`, `127.0.0.1 localhost\n${OURS}\n`],
    ['with comments and blank lines', '# a\n\n::1 localhost\n\n\n', `# a\n\n::1 localhost\n${OURS}\n`],
  ])('%s: gets the endpoint once, and keeps the rest', (_what, now, wanted) => {
    expect(hostsText(now, cluster.wide.endpoint)).toBe(wanted);
    expect(hostsText(wanted, cluster.wide.endpoint)).toBe(wanted);
  });

  it.each<readonly [what: string, file: FileFact]>([
    ['too long to be brought', { type: 'file', sha256: sha256('x'), sizeBytes: 70_000, mode: '644', owner: 'root:root' }],
    ['a link', { type: 'link', target: '/etc/static/hosts', targetSizeBytes: 5 }],
  ])('%s: is not replaced; the machine is not prepared', (_what, file) => {
    const { plan, refused } = planDeploy(inputFor(cluster, withFiles(bareMachines(cluster), 'w-1', { '/etc/hosts': file })));
    expect(refused.map(({ id }) => id)).toContain('w-1/prepare');
    expect(plan.steps.map(({ id }) => id)).toContain('cp-1/init');
    expect(plan.steps.filter(({ on }) => 'lane' in on && on.lane === 'w-1').flatMap(({ actions }) => actions)).toEqual([]);
  });
});
