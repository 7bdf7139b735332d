import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the files of one lab are. */
export interface LabPaths {
  readonly directory: string;
  readonly stateFile: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly machines: string;
  readonly saved: string;
}

/** Where the files of one machine are. `upper` is what the machine wrote over the shared root filesystem. */
export interface MachinePaths {
  readonly directory: string;
  readonly root: string;
  readonly upper: string;
  readonly work: string;
  readonly data: string;
  readonly consoleLog: string;
}

/** Directory of all labs of this user: `$XDG_STATE_HOME/kubewright/labs`. */
export function labsDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'kubewright', 'labs');
}

export function labPaths(lab: string): LabPaths {
  const directory = join(labsDirectory(), lab);
  return {
    directory,
    stateFile: join(directory, 'lab.json'),
    identityFile: join(directory, 'id_ed25519'),
    knownHostsFile: join(directory, 'known_hosts'),
    machines: join(directory, 'machines'),
    saved: join(directory, 'saved'),
  };
}

export function machinePaths(lab: string, machine: string): MachinePaths {
  return machinePathsIn(join(labPaths(lab).machines, machine));
}

/** Paths of a machine whose directory is elsewhere: one being made, or one of a saved lab. */
export function machinePathsIn(directory: string): MachinePaths {
  return {
    directory,
    root: join(directory, 'root'),
    upper: join(directory, 'upper'),
    work: join(directory, 'work'),
    data: join(directory, 'data'),
    consoleLog: join(directory, 'console.log'),
  };
}
