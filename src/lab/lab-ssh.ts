import { spawn } from 'node:child_process';
import { AppError } from '../errors/app-error.ts';
import type { LabMachineState } from './lab-state.ts';
import type { MachineRef } from './lab-names.ts';
import { labPaths } from './lab-paths.ts';

const KILLED_BY_SIGNAL = 128;

/** Logs in to a machine, or runs a command there, on this process's terminal; gives the exit code. */
export async function labSsh(machine: MachineRef & Pick<LabMachineState, 'address'>, argv: readonly string[]): Promise<number> {
  const child = spawn('ssh', sshArguments(machine, argv), { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new AppError('program-missing', 'program ssh could not be started', { cause })));
    child.once('close', (code) => resolve(code ?? KILLED_BY_SIGNAL));
  });
}

/** Nothing of the user's own ssh configuration takes part, and the machine's key must be the one the lab made. */
export function sshArguments(machine: MachineRef & Pick<LabMachineState, 'address'>, argv: readonly string[]): readonly string[] {
  const { identityFile, knownHostsFile } = labPaths(machine.lab);
  const options = { IdentitiesOnly: 'yes', StrictHostKeyChecking: 'yes', UserKnownHostsFile: knownHostsFile, GlobalKnownHostsFile: '/dev/null', LogLevel: 'ERROR' };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['-F', 'none', '-i', identityFile, ...settings, `root@${machine.address}`, ...(argv.length > 0 ? ['--', ...argv] : [])];
}
