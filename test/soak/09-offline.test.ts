import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFigures } from '../lab-support/figures.ts';
import { listingChanges } from '../lab-support/file-listing.ts';
import { kubewright, mustKubewright } from '../lab-support/kubewright.ts';
import { read } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { OFFLINE_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';
import { tracedKubewright } from '../lab-support/traced-connections.ts';
import { machineState } from '../lab-support/unfit-machines.ts';

const OPERATOR = OFFLINE_LAB.subnet.replace(/\.0\/24$/, '.1');
/** Among themselves, and what Kubernetes makes of that: everything else is nowhere. */
const AMONG_THEMSELVES = ['127.0.0.0/8', OFFLINE_LAB.subnet, '10.244.0.0/16', '10.96.0.0/16'];

/** Of this host a machine sees connections to its SSH server and nothing else; it reaches its own kind only, its pods too. What else is tried is counted. */
const SEAL = `nft -f - <<'END'
table inet sealed {
  counter from_operator {}
  counter to_elsewhere {}
  chain in {
    type filter hook input priority -10; policy accept;
    ip saddr ${OPERATOR} tcp dport 22 accept
    ip saddr ${OPERATOR} counter name from_operator drop
  }
  chain out {
    type filter hook output priority -10; policy accept;
    ip daddr ${OPERATOR} tcp sport 22 accept
    ip daddr ${OPERATOR} counter name to_elsewhere drop
    ip daddr != { ${AMONG_THEMSELVES.join(', ')} } counter name to_elsewhere drop
  }
  chain through {
    type filter hook forward priority -10; policy accept;
    ip daddr ${OPERATOR} drop
    ip daddr != { ${AMONG_THEMSELVES.join(', ')} } drop
  }
}
END`;

/** As a machine whose owner never installed them; nothing is left from which apt could take them. */
const LACKING = ['socat', 'ethtool', 'haproxy'];
const WITHOUT_PACKAGES = `dpkg --purge --force-depends ${LACKING.join(' ')} > /dev/null 2>&1; rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/*_Packages; ! command -v socat`;

/** Issue 6, bar 5: machines that can reach nothing but SSH from the operator. */
describe('machines that reach no network', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  const bundle = join(directory, 'bundle');
  const apply = ['apply', '-f', clusterFile, '--yes', '--source', `bundle:${bundle}`];
  let machines: readonly Machine[] = [];
  let bundleSeconds = 0;

  beforeAll(async () => {
    await clearLab(OFFLINE_LAB);
    machines = await raiseLab(OFFLINE_LAB);
    await writeClusterFile(OFFLINE_LAB.name, clusterFile);
    bundleSeconds = (await mustKubewright(['artifacts', 'bundle', '-o', bundle, '-f', clusterFile])).seconds;
    for (const machine of machines) await read(machine, SEAL);
    await read(machines.at(-1)!, WITHOUT_PACKAGES);
  });

  afterAll(() => clearLab(OFFLINE_LAB));

  it('are left alone by a bundle that is damaged or incomplete, which is named with file and remedy', async () => {
    const before = await Promise.all(machines.map(machineState));
    const file = join(bundle, 'files/kubelet/kubelet');
    const whole = await readFile(file);
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1]! ^= 1;
    await writeFile(file, damaged);
    const first = await kubewright(apply);
    await rm(file);
    const second = await kubewright(apply);
    await writeFile(file, whole);
    for (const { exitCode, stderr } of [first, second])
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('copy the file again') as string });
    expect(first.stderr).toContain(`${file}: it has sha256`);
    expect(second.stderr).toContain(`${file}: it cannot be read`);
    const after = await Promise.all(machines.map(machineState));
    expect(machines.flatMap(({ name }, index) => listingChanges(before[index]!, after[index]!).map((change) => `${name}: ${change}`))).toEqual([]);
  });

  it('are refused with the names of the packages that they lack, where the bundle has none', async () => {
    const bare = join(directory, 'bare');
    await mustKubewright(['artifacts', 'bundle', '-o', bare, '--no-packages', '--link']);
    const { exitCode, stdout } = await kubewright(['apply', '-f', clusterFile, '--check', '--source', `bundle:${bare}`]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('packages-out-of-reach') as string });
    for (const name of LACKING) expect(stdout).toContain(name);
  });

  it('become a cluster from a bundle, over connections to their SSH servers alone', async () => {
    const { ended, peers } = await tracedKubewright(apply, directory);
    expect(ended.exitCode, `${ended.stdout}\n${ended.stderr}`).toBe(0);
    expect(peers).toEqual(machines.map(({ address }) => `${address} 22`).sort());
    for (const machine of machines) expect(await read(machine, 'nft list counter inet sealed from_operator')).toContain('packets 0 ');
    expect(await read(machines.at(-1)!, `dpkg-query -W -f '\${db:Status-Status} ' ${LACKING.join(' ')}`)).toBe('installed '.repeat(LACKING.length));
    const verified = await tracedKubewright(['verify', '-f', clusterFile], directory);
    expect(verified.ended.exitCode, verified.ended.stdout).toBe(0);
    expect(verified.peers).toEqual(peers);
    keepFigures('offline', { bundleSeconds, applySeconds: ended.seconds, verifySeconds: verified.ended.seconds, peers: peers.length });
  });

  it('are as the bundle says: a second run does nothing, and apt keeps no trace of the archive', async () => {
    const { exitCode, stdout } = await kubewright(apply);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') as string });
    const fromCache = await kubewright(['apply', '-f', clusterFile, '--yes']);
    expect(fromCache).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('source go: as the lock file says') as string });
    expect(await read(machines.at(-1)!, 'find /etc/apt/sources.list.d /var/lib/apt/lists /var/lib/kubewright/packages -type f ! -name lock 2>/dev/null; true')).toBe('');
  });
});
