import { flagPairs, manifestSettings } from '../../facts/audit/components.ts';
import { CONTROL_PLANE_PROGRAMS } from '../../facts/audit/programs.ts';
import { foreignInManifest } from './advertise-address-foreign.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { componentOn, seenMachines } from './machine.ts';
import type { Component } from '../../facts/audit/components.ts';

/** What runs decides; the manifest says what will run after the next restart. */
export const manifestNotRunning = defineAuditRule({
  code: 'manifest-not-running',
  severity: 'warning',
  title: 'what runs is not what its manifest says',
  why: 'the kubelet has not taken the manifest, or could not: at the next restart of the machine the component comes up with other flags, or not at all',
  fix: 'read the log of the kubelet, journalctl -u kubelet; when the manifest is right, move it out of its directory and back, so that the kubelet takes it anew',
  grades: 'an error where the component does not run at all',
  judge: (view) =>
    seenMachines(view).flatMap((machine) =>
      CONTROL_PLANE_PROGRAMS.flatMap((name) => {
        const component = componentOn(machine, name);
        if (component?.manifest === undefined) return [];
        if (component.process === undefined)
          return complain([`${component.manifest.path} exists and no ${name} runs`], {
            node: machine.name,
            severity: 'error',
            title: 'a component of the control plane does not run',
          });
        // That address has a rule of its own.
        const told = name === 'kube-apiserver' ? foreignInManifest(machine)?.where : undefined;
        return complain(differences(component, told), { node: machine.name });
      }),
    ),
});

/** `told`: the line of the manifest that another rule tells of. */
function differences({ name, process, manifest }: Component, told: string | undefined): readonly string[] {
  const running = flagPairs(process?.args ?? []);
  const written = manifestSettings(manifest);
  const missing = written.filter((setting) => !running.some(([flag, value]) => flag === setting.name && value === setting.value));
  const extra = running.filter(([flag, value]) => !written.some((setting) => setting.name === flag && setting.value === value));
  return [
    ...missing.filter(({ where }) => where !== told).map((setting) => `${setting.where}: --${setting.name}=${setting.value}; ${name} runs with ${shownOf(running, setting.name)}`),
    ...extra
      .filter(([flag]) => !missing.some((setting) => setting.name === flag))
      .map(([flag, value]) => `${name}, process ${process?.pid ?? ''}: --${flag}=${value}, which ${manifest?.path ?? ''} does not have`),
  ];
}

function shownOf(running: readonly (readonly [string, string])[], flag: string): string {
  const values = running.filter(([name]) => name === flag).map(([, value]) => value);
  return values.length === 0 ? `no --${flag}` : `--${flag}=${values.join(',')}`;
}
