import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/contract/report.ts';
import { BASTION, throughBastion } from '../lab-support/bastion.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { leaksOn } from '../lab-support/secret-search.ts';
import { SUDO_USER, addSudoUser, refusedPasswords } from '../lab-support/sudo-users.ts';
import { MIXED_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const PASSWORD = "correct-horse battery 'staple' 7f3a";

/** Issue 6, bar 4: root on one machine, a sudo user without a password on another, one with a password on a third, a fourth behind a jump host. */
describe('machines that are logged in to in different ways', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  const passwordFile = join(directory, 'password');
  let machines: readonly Machine[] = [];
  let env: Readonly<Record<string, string>> = {};
  let since = 0;
  const machine = (name: string): Machine => machines.find((each) => each.name === name)!;
  const run = (...words: readonly string[]): Promise<Ended> => kubewright([...words, '-f', clusterFile], { env });
  const withPassword = ['--sudo-password-file', passwordFile] as const;

  beforeAll(async () => {
    await clearLab(MIXED_LAB);
    machines = await raiseLab(MIXED_LAB);
    await Promise.all([addSudoUser(machine('cp-2')), addSudoUser(machine('cp-3'), PASSWORD), addSudoUser(machine('w-1'))]);
    const user = SUDO_USER;
    await writeClusterFile(MIXED_LAB.name, clusterFile, { 'cp-2': { ssh: { user } }, 'cp-3': { ssh: { user } }, 'w-1': { ssh: { user, jump: BASTION } } });
    env = throughBastion(directory, machine('cp-1'));
    writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
    since = Math.floor(Date.now() / 1000);
  });

  afterAll(() => clearLab(MIXED_LAB));

  it('are refused without the password that one of them wants, by that one alone', async () => {
    const { exitCode, stdout, stderr } = await run('apply', '--yes', '-o', 'json');
    expect(exitCode, `${stdout}\n${stderr}`).toBe(4);
    const { findings } = reportSchema.parse(JSON.parse(stdout));
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code, node }) => [code, node])).toEqual([['sudo-refused', 'cp-3']]);
    expect(await refusedPasswords(machine('cp-3'))).toBe(0);
  });

  it('are refused with a wrong one, which is tried once', async () => {
    const { exitCode, stdout, stderr } = await kubewright(['apply', '--yes', '-f', clusterFile, '--sudo-password-env', 'WRONG', '-o', 'json'], { env: { ...env, WRONG: 'wrong' } });
    expect(exitCode, `${stdout}\n${stderr}`).toBe(4);
    const [finding] = reportSchema.parse(JSON.parse(stdout)).findings.filter(({ severity }) => severity === 'error');
    expect(finding).toMatchObject({
      code: 'sudo-refused',
      node: 'cp-3',
      evidence: [expect.stringContaining('did not take the sudo password of ops; it was tried once'), 'Sorry, try again.'],
    });
    expect(await refusedPasswords(machine('cp-3'))).toBe(1);
  });

  it('are deployed with it, and verified', async () => {
    const { exitCode, stdout, stderr, seconds } = await run('apply', '--yes', ...withPassword);
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr}`).toBe(0);
    const verified = await run('verify', ...withPassword);
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
    console.log(`mixed fleet: apply ${seconds.toFixed(1)} s, verify ${verified.seconds.toFixed(1)} s`);
  });

  it('and there is nothing left to do', async () => {
    const { stdout } = await run('plan', '-o', 'json', ...withPassword);
    expect((JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps).toEqual([]);
  });

  it('and the password is nowhere on them', async () => {
    const found = await Promise.all(machines.map(async (each) => (await leaksOn(each, [PASSWORD], since)).map((place) => `${each.name}: ${place}`)));
    expect(found.flat()).toEqual([]);
  });
});
