import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read } from '../on-machine.ts';
import type { Machine } from '../test-lab.ts';

const PACKAGE = 'systemd-resolved';

/** Installs and starts systemd-resolved on a machine, from this host's Debian sources: lab machines reach none. */
export async function startResolved(machine: Machine): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'kubewright-resolved-'));
  try {
    execFileSync('apt-get', ['download', '--quiet', `${PACKAGE}/bookworm`], { cwd: directory, stdio: 'ignore' });
    const file = readdirSync(directory)[0]!;
    const archive = readFileSync(join(directory, file)).toString('base64');
    await read(machine, `base64 -d > /root/resolved.deb <<'END'\n${archive}\nEND\nDEBIAN_FRONTEND=noninteractive dpkg -i /root/resolved.deb && systemctl is-active ${PACKAGE}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
