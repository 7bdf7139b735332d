import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { labPaths } from '../../src/lab/lab-paths.ts';
import { programOf } from './program-of.ts';
import type { Machine } from './test-lab.ts';

/** As the cluster file names it: a `Host` of the person's ssh configuration. */
export const BASTION = 'bastion';

/** The environment of a person whose ssh configuration knows a lab machine as the bastion: a file of the test's own, since nothing is written into the home directory of whoever runs the tests. */
export function throughBastion(directory: string, { lab, address }: Machine): Readonly<Record<string, string>> {
  const { identityFile, knownHostsFile } = labPaths(lab);
  const config = join(directory, 'ssh-config');
  writeFileSync(config, `Host ${BASTION}\n  HostName ${address}\n  User root\n  IdentityFile ${identityFile}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHostsFile}\n`);
  const bin = join(directory, 'bastion-bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec ${programOf('ssh')} -F ${config} "$@"\n`);
  chmodSync(join(bin, 'ssh'), 0o755);
  return { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
}
