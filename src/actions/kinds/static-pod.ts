import { fileKey, processKey } from '../../facts/keys.ts';
import type { ProcessFact } from '../../facts/host-facts.ts';
import type { TextRef } from '../../plan/plan.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { inputWords } from '../kind.ts';
import { withFile, withHost } from '../predict.ts';

/** A static pod's manifest with these bytes, and its process started with them. */
export interface StaticPodAction {
  readonly kind: 'static-pod';
  /** Base name of its program: `kube-apiserver`. */
  readonly component: string;
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly content: TextRef;
  /** What lay there when the plan was made; the action fails as drifted when the host shows something else. */
  readonly was: { readonly sha256: string; /** Absent where it may hold a secret. */ readonly text?: string };
  /** Flags, `--name=value`, by which it is seen that the process was started with the manifest. */
  readonly flags: readonly string[];
  /** Why the process is killed where it would be asked to end; the manifest is in place by then. */
  readonly kill?: string;
}

/** The kubelet has a second to see the manifest, ends what runs within its grace period, and starts the new one; the image is there. */
const DEADLINE_SECONDS = 180;

const hasFlags = ({ args }: ProcessFact, flags: readonly string[]): boolean => flags.every((flag) => args.includes(flag));

/** Kills a process that does nothing any more once the manifest is in place: it can neither undo what others rely on, nor be started again with the old one. */
function placeKilling(action: StaticPodAction): readonly string[] {
  const put = command('kw_put', action.path, action.mode, action.owner);
  return [
    // Whatever goes wrong while it stands still, it goes on.
    `trap 'for p in $old; do kill -CONT "$p" 2>/dev/null || :; done' EXIT`,
    'for p in $old; do kill -STOP "$p"; done',
    put,
    'for p in $old; do kill -KILL "$p"; done',
  ];
}

/** Started anew, with the flags. */
function startedShell(component: string, flags: readonly string[]): string {
  const checks = flags.map((flag) => `tr '\\0' '\\n' < "/proc/$p/cmdline" 2>/dev/null | grep -qxF -e ${quote(flag)} || continue`);
  const isNew = flags.length > 0 ? [] : [`case " $old " in *" $p "*) continue;; esac`];
  return [`started() { for p in $(kw_pids ${quote(component)}); do`, ...isNew, ...checks, 'return 0', 'done; return 1; }'].join('\n');
}

export const staticPod: Kind<StaticPodAction> = {
  words: ({ component, path }) => `write ${path}; the kubelet starts ${component} with it`,
  details: ({ component, path, mode, owner, content, was, kill }) => ({
    file: { path, mode, owner, content: [content], ...(was.text !== undefined && { before: was.text }) },
    restarts: kill === undefined ? component : `${component}, which is killed: ${kill}`,
  }),
  probes: ({ path }) => [{ probe: 'file', path, text: true }],
  progress: ({ component, path, mode, owner, content, flags }, reading) => {
    const fact = reading.read(fileKey(path));
    const running = reading.read(processKey(component, (processes) => processes.some((process) => hasFlags(process, flags)), `with ${flags.join(' ') || 'any flags'}`));
    if (fact.state !== 'known' || running.state !== 'known') return 'unknown';
    const { value } = fact;
    return value.type === 'file' && value.sha256 === content.text && value.mode === mode && value.owner === owner && running.value ? 'done' : 'absent';
  },
  script: (action) => ({
    shell: [
      command('kw_expect', action.path, action.was.sha256),
      startedShell(action.component, action.flags),
      `old=$(kw_pids ${quote(action.component)})`,
      `cat ${inputWords([action.content])} > "$KW_IN/new"`,
      ...(action.kill === undefined ? [command('kw_put', action.path, action.mode, action.owner)] : placeKilling(action)),
      `kw_until ${DEADLINE_SECONDS} ${quote(`${action.component} started with ${action.path}`)} started || { crictl ps -a --name ${quote(action.component)} 2>&1 | head -n 5; journalctl -u kubelet --no-pager -n 10 2>&1; exit 1; }`,
    ].join('\n'),
    inputs: [action.content],
  }),
  predict: ({ component, path, mode, owner, content, flags }, view) =>
    withFile(
      withHost(view, ({ processes }) => ({
        processes: processes.some(({ name }) => name === component)
          ? processes.map((process) => restarted(process, component, flags))
          : [...processes, { name: component, pid: 0, startTicks: 0, args: [component, ...flags] }],
      })),
      path,
      { type: 'file', sha256: content.text, sizeBytes: 0, mode, owner },
    ),
};

function restarted(process: ProcessFact, component: string, flags: readonly string[]): ProcessFact {
  if (process.name !== component) return process;
  const names = flags.map((flag) => flag.slice(0, flag.indexOf('=') + 1));
  const others = process.args.filter((arg) => !names.some((name) => arg.startsWith(name)));
  return { ...process, args: [...others, ...flags] };
}
