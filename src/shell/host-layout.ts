import { STATE_DIR } from './remote-paths.ts';

/** Where things are on a host. Tests give a root of their own. */
export interface HostLayout {
  /** Emptied by a restart: runs, their inputs, flocks. */
  readonly runDir: string;
  /** Kept: lock, blobs, ledger. */
  readonly stateDir: string;
  /** `PATH` of every script; a shell started by sshd may lack the `sbin` directories. */
  readonly path: string;
}

export const hostLayout: HostLayout = {
  runDir: '/run/kubewright',
  stateDir: STATE_DIR,
  path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};
