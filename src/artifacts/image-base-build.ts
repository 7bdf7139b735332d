import { runProgram } from '../process/run-program.ts';
import type { Architecture } from './architecture.ts';
import { imageBaseSuite } from './artifact.ts';

export interface ImageBaseBuild {
  readonly architecture: Architecture;
  readonly output: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** BusyBox stands for a shell and `cp`, which flannel's manifest uses: upstream's images, which are Alpine's, have it too. */
const packages = ['iptables', 'nftables', 'conntrack', 'iproute2', 'kmod', 'busybox-static'] as const;
const shellCommands = ['sh', 'cp', 'mv', 'ls', 'cat', 'mkdir', 'rm', 'ln', 'chmod', 'sleep', 'grep', 'sed', 'test', 'true'] as const;
/** Without maintainer scripts nothing sets Debian's alternatives: these are the links they would make. */
const firewallCommands = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore'] as const;

/** What no program in the layer reads. Licences stay; so does what mmdebstrap itself clears at its end. */
const removal = [
  'find usr/share -type f ! -path "usr/share/doc/*/copyright" -delete',
  'find usr/share -type l -delete',
  'find usr/share -depth -type d -empty -delete',
  'rm -rf usr/lib/*/gconv usr/lib/*/audit usr/lib/*/perl* usr/lib/tmpfiles.d usr/lib/systemd lib/systemd',
  'rm -rf etc/init.d etc/default etc/pam.d etc/security usr/include boot home media mnt opt srv',
  'rm -f usr/lib/*/libmvec* lib/*/libmvec*',
] as const;

/** Without it the owner of apt's folders depends on whether apt's own user could reach them. */
const aptOptions = ['APT::Sandbox::User "root"'] as const;

/** Everything the layer is made from: part of the name of what is made. */
export const imageBaseRecipe = { suite: imageBaseSuite, packages, shellCommands, firewallCommands, removal, aptOptions } as const;

/** Makes the layer as a tar archive from Debian's packages, verified by Debian's archive keys; they are unpacked, not installed. */
export async function buildImageBase({ architecture, output, scratch, signal, onProgress }: ImageBaseBuild): Promise<void> {
  const links = [
    ...shellCommands.map((name) => `ln -sf busybox bin/${name}`),
    ...firewallCommands.map((name) => `ln -sf xtables-nft-multi usr/sbin/${name}`),
    'mkdir -p tmp run && chmod 1777 tmp',
  ];
  const hook = ['cd "$1"', ...removal, ...links].join(' && ');
  const options = [
    '--variant=extract',
    `--architectures=${architecture}`,
    '--skip=output/dev',
    '--format=tar',
    `--include=${packages.join(',')}`,
    ...aptOptions.map((option) => `--aptopt=${option}`),
    `--extract-hook=${hook}`,
  ];
  await runProgram('mmdebstrap', [...options, imageBaseSuite, output], {
    env: { SOURCE_DATE_EPOCH: '0', ...ownTemporary(scratch) },
    signal,
    onLine: (line) => tell(line, onProgress),
  });
}

function tell(line: string, onProgress: (detail: string) => void): void {
  const detail = /^I: (?!running --extract-hook)(.*)$/.exec(line)?.[1];
  if (detail !== undefined) onProgress(detail);
}

/** As root it works in our scratch directory, so that a killed run leaves nothing elsewhere; others' user namespace may not reach it. */
function ownTemporary(scratch: string): Readonly<Record<string, string>> {
  return process.getuid?.() === 0 ? { TMPDIR: scratch } : {};
}
