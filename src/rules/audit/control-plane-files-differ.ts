import type { Severity } from '../finding.ts';
import { CONTROL_PLANE_PROGRAMS } from '../../facts/audit/programs.ts';
import { classifyFlag } from '../../model/flag-table.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn } from './machine.ts';

const BREAKS: ReadonlySet<string> = new Set(['encryption-provider-config']);

interface FileOfFlag {
  readonly flag: string;
  readonly component: string;
  readonly machine: string;
  readonly path: string;
  readonly sha256: string;
}

/** L25 to L29: what one machine, or who ran the tool there, made different. */
export const controlPlaneFilesDiffer = defineAuditRule({
  code: 'control-plane-files-differ',
  severity: 'warning',
  title: 'a file that all control planes must have alike differs between them',
  why: 'what the API allows, logs or encrypts depends on which API server answers; with other encryption keys, objects that one has written cannot be read by the others',
  fix: 'compare the files named, decide which is right, and put that one on every control plane',
  grades: 'an error for encryption keys',
  judge: (view) => {
    const files = filesOf(view);
    return [...new Set(files.map(({ component, flag }) => `${component} --${flag}`))].flatMap((name) => {
      const of = files.filter(({ component, flag }) => `${component} --${flag}` === name);
      if (new Set(of.map(({ sha256 }) => sha256)).size < 2) return [];
      const severity: Severity = BREAKS.has(of[0]?.flag ?? '') ? 'error' : 'warning';
      return [{ severity, evidence: of.map(({ machine, path, sha256 }) => `${machine}: ${name}=${path} has sha256 ${sha256.slice(0, 16)}`) }];
    });
  },
});

function filesOf({ controlPlanes }: AuditView): readonly FileOfFlag[] {
  return controlPlanes.flatMap((machine) =>
    CONTROL_PLANE_PROGRAMS.flatMap((component) =>
      (componentOn(machine, component)?.settings ?? []).flatMap(({ name: flag, value: path }) => {
        const file = machine.facts?.files[path];
        const isShared = classifyFlag(component, flag).names === 'file';
        return isShared && file?.type === 'file' && file.sha256 !== undefined ? [{ flag, component, machine: machine.name, path, sha256: file.sha256 }] : [];
      }),
    ),
  );
}
