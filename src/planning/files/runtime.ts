import { RUNTIME_SOCKET } from '../../shell/ledger-shell.ts';
import type { HostTraits } from '../../facts/host-traits.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import { RECORD_INPUTS } from '../../shell/remote-paths.ts';
import { proxyDropIn } from './outbound-proxy.ts';
import type { NodeFile } from './patches.ts';
import { REGISTRIES_DIR } from './registries.ts';

export const CONTAINERD_UNIT = 'containerd.service';
const CONTAINERD_CONFIG = '/etc/containerd/config.toml';
const UNIT_PATH = `/etc/systemd/system/${CONTAINERD_UNIT}`;
const INPUTS = [CONTAINERD_CONFIG, UNIT_PATH, '/usr/local/bin/containerd'];

/** The files that the runtime is started with. */
export function containerdInputs({ proxy }: Pick<ClusterWide, 'proxy'>): readonly string[] {
  return proxy === undefined ? INPUTS : [...INPUTS, proxyDropIn(CONTAINERD_UNIT)];
}

/** What of a host its runtime's files follow from. */
interface RuntimeTraits {
  readonly platform: Pick<HostTraits['platform'], 'hasCapSysResource' | 'openFilesHardLimit'>;
}

const OPEN_FILES = 1_048_576;

/**
 * containerd 2 (configuration version 3) with systemd cgroups; the pause image is the release's, so that nothing is pulled. The place of registries is named, with registries and without: containerd's
 * own default of two places is taken for one path that is nowhere by what pulls images (decision 99).
 */
function config(pauseImage: string, { platform }: RuntimeTraits): string {
  return [
    '# Written by kubewright.',
    'version = 3',
    '',
    "[plugins.'io.containerd.cri.v1.images'.pinned_images]",
    `  sandbox = '${pauseImage}'`,
    '',
    "[plugins.'io.containerd.cri.v1.images'.registry]",
    `  config_path = '${REGISTRIES_DIR}'`,
    '',
    ...(platform.hasCapSysResource
      ? []
      : [
          "# This host has no CAP_SYS_RESOURCE: a container's oom_score_adj cannot be below the runtime's own.",
          "[plugins.'io.containerd.cri.v1.runtime']",
          '  restrict_oom_score_adj = true',
          '',
        ]),
    "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]",
    "  runtime_type = 'io.containerd.runc.v2'",
    "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]",
    '  SystemdCgroup = true',
    '',
  ].join('\n');
}

function unit(inputs: readonly string[], { platform }: RuntimeTraits): string {
  const openFiles = Math.min(OPEN_FILES, platform.openFilesHardLimit);
  return [
    '# Written by kubewright.',
    '[Unit]',
    'Description=containerd container runtime',
    'After=network.target dbus.service',
    '',
    '[Service]',
    'Type=notify',
    `ExecStartPre=-${RECORD_INPUTS} ${CONTAINERD_UNIT} ${inputs.join(' ')}`,
    'ExecStart=/usr/local/bin/containerd',
    'Delegate=yes',
    'KillMode=process',
    'Restart=always',
    'RestartSec=5',
    'LimitNPROC=infinity',
    'LimitCORE=infinity',
    ...(openFiles < OPEN_FILES ? [`# The hard limit here is ${openFiles}.`] : []),
    `LimitNOFILE=${openFiles}`,
    'TasksMax=infinity',
    ...(platform.hasCapSysResource ? ['OOMScoreAdjust=-999'] : ['# No OOMScoreAdjust: this host has no CAP_SYS_RESOURCE.']),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

export function runtimeFiles(pauseImage: string, wide: Pick<ClusterWide, 'proxy'>, facts: RuntimeTraits): readonly NodeFile[] {
  return [
    // A registry's credentials may stand in the one that it replaces.
    { path: CONTAINERD_CONFIG, mode: '644', text: config(pauseImage, facts), isPrivate: true },
    { path: UNIT_PATH, mode: '644', text: unit(containerdInputs(wide), facts) },
    { path: '/etc/crictl.yaml', mode: '644', text: `# Written by kubewright.\nruntime-endpoint: unix://${RUNTIME_SOCKET}\n` },
  ];
}
