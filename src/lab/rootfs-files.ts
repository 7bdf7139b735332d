/** Files that every machine has in common, on top of Debian's packages. */
export interface RootfsFile {
  readonly path: string;
  readonly content: string;
}

/**
 * On a cgroup v1 host systemd-nspawn leaves the controllers read-only; kubelet and container runtime need them. Mounts must be shared for volumes to
 * reach containers. Before basic.target, so that no service starts without it.
 */
const PREPARE_UNIT = `[Unit]
Description=Make cgroups writable and mounts shared
DefaultDependencies=no
Before=basic.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/kubewright-lab/prepare

[Install]
WantedBy=basic.target
`;

const PREPARE_SCRIPT = `#!/bin/sh
for controller in /sys/fs/cgroup/*; do
  if [ ! -h "$controller" ] && mountpoint -q "$controller" && [ ! -w "$controller" ]; then
    mount -o remount,bind,rw "$controller" || exit 1
  fi
done
mount --make-rshared /
`;

export const PREPARE_UNIT_NAME = 'kubewright-lab.service';

/** Program of the machine that must be executable. */
export const PREPARE_SCRIPT_FILE: RootfsFile = { path: 'usr/local/lib/kubewright-lab/prepare', content: PREPARE_SCRIPT };

export const ROOTFS_FILES: readonly RootfsFile[] = [
  { path: `etc/systemd/system/${PREPARE_UNIT_NAME}`, content: PREPARE_UNIT },
  // The first boot gives each machine its own.
  { path: 'etc/machine-id', content: '' },
  // Logs outlive a power cut, and a person can read them from the host with journalctl -D.
  { path: 'etc/systemd/journald.conf.d/lab.conf', content: '[Journal]\nStorage=persistent\nSystemMaxUse=200M\nSyncIntervalSec=5s\n' },
  // A container's first process may ignore SIGTERM: a shutdown waits this long for it, instead of 90 s.
  { path: 'etc/systemd/system.conf.d/lab.conf', content: '[Manager]\nDefaultTimeoutStopSec=15s\n' },
  // No name of a machine is in any name server: without this each login would wait for one.
  { path: 'etc/ssh/sshd_config.d/lab.conf', content: 'UseDNS no\n' },
];
