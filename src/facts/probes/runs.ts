import type { HostLayout } from '../../shell/host-layout.ts';
import { hostLayout } from '../../shell/host-layout.ts';
import { quote } from '../../shell/quote.ts';
import { decodeRunName } from '../../shell/run-name.ts';

/** A detached run as a host shows it. `lost`: neither running nor with a result; what it did must be looked at. */
export interface ObservedRun {
  readonly runId: string;
  readonly stepId: string;
  readonly token: number;
  readonly state: 'running' | 'ended' | 'lost';
  /** Absent too from a run that ended without one: stopped at its deadline, killed, or refused for a higher number. */
  readonly exitCode?: number;
}

/**
 * Shell that lists a host's runs, a line each: `RUN STEP TOKEN STATE [EXIT]`, names encoded. It changes nothing. A run whose
 * unit has started but not yet written its process id is running too.
 */
export function runsShell(layout: HostLayout = hostLayout): string {
  return `
for dir in ${quote(layout.runDir)}/runs/*/*; do
  [ -e "$dir/params" ] || continue
  read -r run token rest < "$dir/params"
  step=\${dir##*/} pid= outcome= code=
  [ ! -e "$dir/pid" ] || read -r pid < "$dir/pid"
  if [ -e "$dir/exit" ]; then state=ended; read -r outcome code rest < "$dir/exit"
  elif grep -qaF "$dir/runner" "/proc/\${pid:-none}/cmdline" 2>/dev/null; then state=running
  elif [ -z "$pid" ] && systemctl is-active --quiet "kubewright-$run-$step.service" 2>/dev/null; then state=running
  else state=lost; fi
  [ "$outcome" = exited ] || code=
  echo "$run $step $token $state $code"
done`.trim();
}

const LINE = /^(\S+) (\S+) (\d+) (running|ended|lost) ?(\d+)?$/;

/** Parses what `runsShell` printed; other lines are passed over. */
export function parseRuns(text: string): readonly ObservedRun[] {
  return text.split('\n').flatMap((line) => {
    const [, run = '', step = '', token, state, exitCode] = LINE.exec(line) ?? [];
    if (state === undefined) return [];
    return [
      {
        runId: decodeRunName(run),
        stepId: decodeRunName(step),
        token: Number(token),
        state: state as ObservedRun['state'],
        ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
      },
    ];
  });
}
