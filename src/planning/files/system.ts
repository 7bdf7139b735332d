import type { HostTraits } from '../../facts/host-traits.ts';
import { INPUTS_DIR, RECORD_INPUTS } from '../../shell/remote-paths.ts';
import type { NodeFile } from './patches.ts';

/** Modules that containers and their network need; a container has those of its host. */
const MODULES = ['overlay', 'br_netfilter'] as const;

const SYSCTLS = { 'net.ipv4.ip_forward': '1', 'net.bridge.bridge-nf-call-iptables': '1' } as const;

/** Taken by drop-ins at each start of a unit, a boot included: what its inputs were, one line each (`facts/unit-inputs.ts` has the form). */
const RECORDER = `#!/bin/sh
# Written by kubewright. record-inputs UNIT FILE...: notes what a unit is started with.
set -eu
unit=$1; shift
mkdir -p ${INPUTS_DIR}
for file; do
  if [ -L "$file" ]; then printf '%s link:%s\\n' "$file" "$(readlink "$file")"
  elif [ -f "$file" ]; then sum=$(sha256sum < "$file"); printf '%s %s\\n' "$file" "\${sum%% *}"
  else printf '%s absent\\n' "$file"; fi
done > "${INPUTS_DIR}/$unit.new"
mv "${INPUTS_DIR}/$unit.new" "${INPUTS_DIR}/$unit"
`;

export const recorderFile: NodeFile = { path: RECORD_INPUTS, mode: '755', text: RECORDER };

export function wantedModules({ platform }: HostTraits): readonly string[] {
  return platform.container === 'none' ? MODULES : [];
}

/** Every setting that may be asked for: what an observation must look at. */
export const sysctlNames = Object.keys(SYSCTLS);

/** In a container the kernel's settings without a namespace are its host's: only what is there is set. */
export function wantedSysctls({ platform, sysctls }: HostTraits): readonly (readonly [name: string, value: string])[] {
  return Object.entries(SYSCTLS).filter(([name]) => platform.container === 'none' || sysctls[name] !== undefined);
}

export function kernelFiles(facts: HostTraits): readonly NodeFile[] {
  const modules = wantedModules(facts);
  const sysctls = wantedSysctls(facts);
  return [
    ...(modules.length === 0 ? [] : [{ path: '/etc/modules-load.d/kubewright.conf', mode: '644', text: `# Written by kubewright.\n${modules.join('\n')}\n` }]),
    { path: '/etc/sysctl.d/90-kubewright.conf', mode: '644', text: `# Written by kubewright.\n${sysctls.map(([name, value]) => `${name} = ${value}\n`).join('')}` },
  ];
}

export const HOSTS_FILE = '/etc/hosts';
const HOSTS_MARK = "# kubewright: the API endpoint, served by this machine's own proxy";

/** `/etc/hosts` with the endpoint's line; everything else of the file stays as it is. The line never changes (design, section 9). */
export function hostsText(now: string, endpoint: { readonly host: string }): string {
  const lines = now.split('\n').filter((line) => !line.endsWith(HOSTS_MARK));
  while (lines.at(-1) === '') lines.pop();
  return [...lines, `127.0.0.1 ${endpoint.host} ${HOSTS_MARK}`, ''].join('\n');
}

/** `/etc/hosts` without the endpoint's line. */
export function withoutEndpoint(now: string): string {
  return now
    .split('\n')
    .filter((line) => !line.endsWith(HOSTS_MARK))
    .join('\n');
}

/** Endpoints of this tool's clusters that the file names. */
export function endpointsIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.endsWith(HOSTS_MARK) ? [line.split(' ')[1] ?? ''] : []));
}
