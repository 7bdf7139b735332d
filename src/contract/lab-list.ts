import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const machine = z.strictObject({
  lab: z.string(),
  name: z.string(),
  address: z.string(),
  pid: z.int().positive().nullable().describe('its first process as this machine sees it; null while it has none'),
  state: z.enum(['running', 'stopped']),
});

/** What `lab list` answers. */
export const labListSchema = z.strictObject({ ...headerOf('LabList'), machines: z.array(machine).readonly() });

export type LabListJson = z.infer<typeof labListSchema>;
export type LabMachineJson = LabListJson['machines'][number];

export function labListJson(machines: readonly LabMachineJson[]): LabListJson {
  return { apiVersion: API_VERSION, kind: 'LabList', machines };
}
