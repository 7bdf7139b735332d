/** Exit codes of every command: one meaning each. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  invalidClusterFile: 3,
  unreachable: 4,
  refused: 5,
  failedResumable: 6,
  findings: 7,
  locked: 8,
  interrupted: 130,
  terminated: 143,
} as const;

interface CodeEntry {
  readonly exitCode: (typeof exitCodes)[keyof typeof exitCodes];
  /** What the code means, one sentence; the generated `docs/errors.md` prints it. */
  readonly meaning: string;
  /** What to do when the place that throws has nothing more exact to say. */
  readonly hint: string;
}

const entry = (exitCode: CodeEntry['exitCode'], meaning: string, hint: string): CodeEntry => ({ exitCode, meaning, hint });

/** The one registry of error codes. `docs/errors.md` is generated from it. */
export const errorCodes = {
  internal: entry(exitCodes.internal, 'a defect of kubewright itself', 'report it with the command and the details below'),
  usage: entry(exitCodes.usage, 'the command line is not of the form that the command takes', 'see the command with --help'),
  'program-missing': entry(exitCodes.usage, 'a program of this machine that the command needs is not installed', 'install it and run the command again'),
  'program-failed': entry(exitCodes.failedResumable, 'a program of this machine ended with an error', 'read the details, mend the cause and run the command again'),
  'local-file': entry(
    exitCodes.usage,
    'a file or directory of this machine cannot be read or written',
    'see that it is there, has room and is yours to use; KUBEWRIGHT_CACHE, XDG_STATE_HOME and TMPDIR name other places',
  ),
  'cluster-file-invalid': entry(exitCodes.invalidClusterFile, 'the cluster file has problems; each is listed with its position', 'mend what is listed and run the command again'),
  'cluster-file-missing': entry(exitCodes.invalidClusterFile, 'there is no cluster file where one was looked for', 'name one with -f FILE'),
  'host-unreachable': entry(exitCodes.unreachable, 'a machine could not be reached or refused the login', 'check address, SSH key and host key, then run the command again'),
  'sudo-refused': entry(
    exitCodes.unreachable,
    'a machine was reached, and the user that logs in there cannot become root with sudo',
    'see what sudo says, then run the command again',
  ),
  'remote-failed': entry(
    exitCodes.failedResumable,
    'a machine could not carry out a request of kubewright itself',
    'read what the machine said, mend the cause and run the command again',
  ),
  'cluster-unreachable': entry(
    exitCodes.unreachable,
    'no control plane answered, or there is no cluster on the machines',
    'look at the control planes, then run the command again',
  ),
  refused: entry(exitCodes.refused, 'what was asked is not safe or not possible; nothing was changed', 'see the details'),
  drifted: entry(
    exitCodes.failedResumable,
    'a machine no longer shows what the plan was made from; what differs was left as it is',
    'run the command again: it plans from what is there now',
  ),
  'step-failed': entry(exitCodes.failedResumable, 'a step failed on a machine', 'mend the cause and run the command again: it goes on from what is there'),
  'gate-closed': entry(exitCodes.failedResumable, 'a condition that a step needs did not come true in its time', 'read what is missing, then run the command again'),
  'artifact-failed': entry(
    exitCodes.failedResumable,
    'an artifact could not be obtained or does not have the digest it must have',
    'read the details and run the command again: what is ready is kept',
  ),
  'bundle-unfit': entry(
    exitCodes.refused,
    'a bundle is damaged, incomplete or made for something else; no machine was changed',
    'copy it again from where it was made, or make it anew with kubewright artifacts bundle',
  ),
  'lock-unfit': entry(
    exitCodes.refused,
    'the lock file beside the cluster file names other bytes than there are at hand, or is damaged; no machine was changed',
    'deploy from a bundle that has the locked bytes, or take what is at hand with kubewright artifacts lock --update',
  ),
  locked: entry(exitCodes.locked, 'another run holds the lock', 'wait for it to end'),
  interrupted: entry(exitCodes.interrupted, 'the command was interrupted', 'run it again: it goes on from what is there'),
  'lab-unsupported': entry(exitCodes.refused, 'this machine cannot run a lab', 'use a Linux machine as root, or machines of your own with a cluster file'),
  'lab-failed': entry(exitCodes.failedResumable, 'a lab machine could not be made, started or stopped', 'read the details; `kubewright lab down --name NAME` removes what is left'),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;
