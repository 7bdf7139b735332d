import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';

/** What this machine lacks to run a lab; nothing is missing when `problems` is empty. */
export interface LabRequirements {
  readonly problems: readonly string[];
  /** The command that installs what is missing, when installing helps. */
  readonly command: string | undefined;
}

interface Need {
  readonly path: string;
  readonly aptPackage: string;
}

const PROGRAMS: readonly Need[] = [
  { path: 'systemd-nspawn', aptPackage: 'systemd-container' },
  { path: 'mmdebstrap', aptPackage: 'mmdebstrap' },
  { path: 'newuidmap', aptPackage: 'uidmap' },
  { path: 'ssh', aptPackage: 'openssh-client' },
  { path: 'ssh-keygen', aptPackage: 'openssh-client' },
  { path: 'ip', aptPackage: 'iproute2' },
];
const FILES: readonly Need[] = [{ path: '/usr/share/keyrings/debian-archive-keyring.gpg', aptPackage: 'debian-archive-keyring' }];
const ELSEWHERE = 'a lab needs Linux and root: run this on a Linux machine as root, or list machines of your own in a cluster file';

/** What is missing here to run a lab, with the exact command that mends it. */
export async function labRequirements(): Promise<LabRequirements> {
  if (process.platform !== 'linux') return { problems: [`this machine runs ${process.platform}, not Linux`], command: undefined };
  if (process.geteuid?.() !== 0) return { problems: ['this user is not root'], command: undefined };
  const checked = await Promise.all([...PROGRAMS, ...FILES].map(async (need) => ((await isInstalled(need.path)) ? undefined : need)));
  const missing = checked.filter((need) => need !== undefined);
  const packages = [...new Set(missing.map((need) => need.aptPackage))];
  return {
    problems: missing.map((need) => `${need.path} is not installed`),
    command: packages.length > 0 ? `apt-get install --yes --no-install-recommends ${packages.join(' ')}` : undefined,
  };
}

/** Throws `lab-unsupported` when this machine cannot run a lab as it is. */
export async function requireLabHost(): Promise<void> {
  const { problems, command } = await labRequirements();
  const [first] = problems;
  if (first === undefined) return;
  throw new AppError('lab-unsupported', `a lab cannot run here: ${first}`, { hint: command ?? ELSEWHERE, details: problems });
}

async function isInstalled(program: string): Promise<boolean> {
  const paths = program.startsWith('/') ? [program] : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, program));
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
