import { read } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** A user of the tests who is let in by the lab's key. */
export const SUDO_USER = 'ops';

/** Makes the user on a machine. sudo wants the password of him, if there is one, and lets him do everything. */
export async function addSudoUser(machine: Machine, password?: string): Promise<void> {
  const rule = `${SUDO_USER} ALL=(ALL:ALL) ${password === undefined ? 'NOPASSWD: ' : ''}ALL`;
  const script = [
    'set -e',
    `useradd --create-home --shell /bin/bash ${SUDO_USER}`,
    `install -d -o ${SUDO_USER} -g ${SUDO_USER} -m 700 /home/${SUDO_USER}/.ssh`,
    `install -o ${SUDO_USER} -g ${SUDO_USER} -m 600 /root/.ssh/authorized_keys /home/${SUDO_USER}/.ssh/authorized_keys`,
    ...(password === undefined ? [] : [`chpasswd <<'END'\n${SUDO_USER}:${password}\nEND`]),
    `printf '%s\\n' '${rule}' > /etc/sudoers.d/${SUDO_USER}`,
  ];
  await read(machine, script.join('\n'), { isSecret: true });
}

/** How often sudo on the machine has refused a password. */
export async function refusedPasswords(machine: Machine): Promise<number> {
  return Number(await read(machine, `journalctl --quiet --no-pager _COMM=sudo | grep -c 'pam_unix(sudo:auth): authentication failure' || :`));
}
