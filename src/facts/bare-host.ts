import { known, unknown } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import type { HostFacts } from './host-facts.ts';
import type { ProbeRequest } from './probe-request.ts';
import { mergeProbes } from './probe-request.ts';
import type { Snapshot } from './snapshot.ts';

const DEFAULT_OPEN_FILES = 1_048_576;
const HOSTS_FILE = '/etc/hosts';

/**
 * Facts of a machine on which nothing is installed: everything asked for is absent. What a planner does with such machines tells what it will
 * ask about real ones.
 */
export function bareHost(name: string, requests: readonly ProbeRequest[] = []): HostFacts {
  const probes = mergeProbes(requests);
  const each = <T>(names: readonly string[], value: T): Readonly<Record<string, T>> => Object.fromEntries(names.map((key) => [key, value]));
  return {
    identity: { hostname: name, machineId: '', productUuid: unknown('nothing was observed'), macs: [], sshHostKeys: [] },
    platform: {
      osId: 'debian',
      osLike: [],
      osVersion: '12',
      osName: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0',
      architecture: 'x86_64',
      container: 'none',
      cgroup: 'v2',
      hasCapSysResource: true,
      openFilesHardLimit: DEFAULT_OPEN_FILES,
      isSwapOn: false,
      isResolvedActive: false,
      kernelModules: [],
      cpus: 2,
      memoryBytes: 0,
      bootId: '',
    },
    addresses: [],
    files: {
      ...each(probes.files, { type: 'absent' }),
      [HOSTS_FILE]: { type: 'file', sha256: '', sizeBytes: 0, mode: '644', owner: 'root:root', text: `127.0.0.1 localhost\n127.0.1.1 ${name}\n` },
    },
    units: each(probes.units, { load: 'not-found', active: 'inactive', enabled: '', mainPid: 0 }),
    sysctls: each(probes.sysctls, '0'),
    packages: {},
    images: unknown('no container runtime'),
    processes: [],
    certificates: {},
    kubeconfigs: {},
    podHosts: {},
    hasEtcdData: false,
    runs: [],
    lock: undefined,
  };
}

export function bareSnapshot(lanes: readonly LaneId[], requests: readonly ProbeRequest[] = []): Snapshot {
  return { hosts: Object.fromEntries(lanes.map((lane) => [lane, known(bareHost(lane, requests))])), cluster: unknown('there is no cluster') };
}
