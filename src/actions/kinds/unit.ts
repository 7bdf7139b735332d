import { fileKey, unitKey } from '../../facts/keys.ts';
import type { UnitFact } from '../../facts/host-facts.ts';
import { STARTED_LATER, inputsRecord } from '../../facts/unit-inputs.ts';
import type { View } from '../../facts/snapshot.ts';
import type { Reading } from '../../plan/fact.ts';
import { command } from '../../shell/quote.ts';
import type { Kind, Progress } from '../kind.ts';
import { withHost } from '../predict.ts';

/**
 * A systemd unit. `running`: the process that runs was started (or reloaded) with these input files as they are now, so that a
 * restart cannot be lost between a changed file and a run that died. `enabled`: starts at boot, whether it runs or not.
 */
export interface UnitAction {
  readonly kind: 'unit';
  readonly unit: string;
  readonly want: 'running' | 'enabled';
  readonly inputs: readonly string[];
  readonly onChange: 'restart' | 'reload';
}

/** Was the process started with the inputs as they are? Inputs that a step before has yet to write are new to it. */
function inputsProgress(inputs: readonly string[], startedWith: string | undefined, reading: Reading<View>): Progress {
  const facts = inputs.map((path) => [path, reading.read(fileKey(path))] as const);
  const files = facts.flatMap(([path, fact]) => (fact.state === 'known' ? [[path, fact.value] as const] : []));
  if (files.length < inputs.length) return 'unknown';
  const record = inputsRecord(files);
  return record !== undefined && startedWith === record ? 'done' : 'absent';
}

function progress(action: UnitAction, reading: Reading<View>): Progress {
  const fact = reading.read(unitKey(action.unit));
  if (fact.state !== 'known') return 'unknown';
  if (fact.value.enabled !== 'enabled') return 'absent';
  if (action.want === 'enabled') return 'done';
  if (fact.value.active !== 'active') return 'absent';
  if (fact.value.startedWith === STARTED_LATER) return 'done';
  return inputsProgress(action.inputs, fact.value.startedWith, reading);
}

/** `reload-or-restart` starts a unit that does not run. */
const verb = ({ onChange }: UnitAction): string => (onChange === 'reload' ? 'reload-or-restart' : 'restart');

export const unit: Kind<UnitAction> = {
  words: (action) => (action.want === 'enabled' ? `enable ${action.unit}` : `${verb(action)} ${action.unit}`),
  details: (action) =>
    action.want === 'enabled' ? { command: command('systemctl', 'enable', action.unit) } : { command: command('systemctl', verb(action), action.unit), restarts: action.unit },
  probes: (action) => [{ probe: 'unit', unit: action.unit }, ...action.inputs.map((path) => ({ probe: 'file', path, text: false }) as const)],
  progress,
  script: (action) => ({
    shell: [
      'systemctl daemon-reload',
      command('kw_ledger', action.unit, 'unit'),
      command('systemctl', 'enable', '-q', action.unit),
      ...(action.want === 'running' ? [`${command('systemctl', verb(action), action.unit)} || { systemctl status --no-pager -n 20 ${action.unit}; exit 1; }`] : []),
    ].join('\n'),
    inputs: [],
  }),
  predict: (action, view) =>
    withHost(view, ({ units, files }) => {
      const now: UnitFact = units[action.unit] ?? { load: 'loaded', active: 'inactive', enabled: 'disabled', mainPid: 0 };
      const inputs = action.inputs.flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]] as const]));
      const record = inputs.length === action.inputs.length ? inputsRecord(inputs) : undefined;
      const running = action.want === 'running' ? { active: 'active', startedWith: record ?? STARTED_LATER } : {};
      return { units: { ...units, [action.unit]: { ...now, load: 'loaded', enabled: 'enabled', ...running } } };
    }),
};
