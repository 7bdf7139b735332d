import { isAddress } from '../../facts/audit/addresses.ts';
import { RUNTIMES } from '../../facts/audit/programs.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';

/** L21. */
export const runtimeNoProxyList = defineAuditRule({
  code: 'runtime-no-proxy-list',
  severity: 'warning',
  title: "a container runtime's NO_PROXY lists machines one by one, and not those that there are",
  why: 'the runtime sends what is meant for a machine that is missing there through the proxy to the outside; each change of the list restarts the runtime on every machine',
  fix: "write the machines' network as one range into NO_PROXY of the runtime's unit, and restart the runtime",
  judge: (view) =>
    seenMachines(view).flatMap(({ name, facts }) =>
      complain(
        facts.processes.flatMap((process) => (isRuntime(process.component) ? judge(view, process) : [])),
        { node: name },
      ),
    ),
});

function isRuntime(component: string): boolean {
  const runtimes: readonly string[] = RUNTIMES;
  return runtimes.includes(component);
}

function judge(view: AuditView, { component, environment }: { readonly component: string; readonly environment: Readonly<Record<string, string>> }): readonly string[] {
  const value = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  const entries = value.split(',').map((entry) => entry.trim());
  const isListed = ({ addresses }: Machine): boolean => addresses.some((address) => entries.includes(address));
  const listed = view.machines.filter(isListed);
  const { departed } = view;
  const gone = entries.filter((entry) => isAddress(entry) && departed.has(entry));
  // One machine's address may be a registry's: only a list of machines can be out of date.
  const missing = listed.length < 2 ? [] : view.machines.filter((machine) => !isListed(machine));
  return [
    ...gone.map((entry) => `NO_PROXY of ${component} lists ${entry}, the address of no machine of this cluster`),
    ...missing.map((machine) => `NO_PROXY of ${component} lists ${listed.length} machines and not ${machine.name}`),
  ];
}
