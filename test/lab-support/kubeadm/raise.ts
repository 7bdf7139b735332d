import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPaths } from '../../../src/lab/lab-paths.ts';
import type { Flaw } from './init-and-join.ts';
import { buildKubeadmCluster } from './kubeadm-cluster.ts';
import { STORY_LAB, raiseInstalledLab } from './story-lab.ts';

// For work on the audit and on the tests of the story: raises the lab of the story, makes a cluster with the flaw that is named, and leaves both.
// node_modules/.bin/tsx test/lab-support/kubeadm/raise.ts shared-advertise-address | endpoint-of-one-node | none
const FLAWS: readonly Flaw[] = ['shared-advertise-address', 'endpoint-of-one-node', 'none'];

const flaw = FLAWS.find((each) => each === process.argv[2]);
if (flaw === undefined) throw new Error(`which flaw? one of ${FLAWS.join(', ')}`);
const began = Date.now();
const tell = (what: string): boolean => process.stderr.write(`${what} after ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
const directory = mkdtempSync(join(tmpdir(), 'kubewright-story-'));
const machines = await raiseInstalledLab();
tell('installed');
const cluster = await buildKubeadmCluster({ machines, flaw, directory });
writeFileSync(join(directory, 'cluster.json'), JSON.stringify(cluster), { mode: 0o600 });
tell('ready');
const { identityFile, knownHostsFile } = labPaths(STORY_LAB.name);
process.stdout.write(
  `export KUBECONFIG=${cluster.kubeconfig}\nbin/kubewright audit --host root@${machines[0]!.address} --identity-file ${identityFile} --known-hosts ${knownHostsFile}\nbin/kubewright lab down --name ${STORY_LAB.name}\n`,
);
