import { kubectl } from '../../shell/kubectl.ts';
import { quote } from '../../shell/quote.ts';
import type { ProbeRun } from './probe-manifest.ts';
import { PROBE_NAMESPACE, RUN_LABEL, THROUGH_ANNOTATION } from './probe-manifest.ts';

/** File of the script's inputs that holds the manifest of the namespace. */
export const NAMESPACE_INPUT = 'namespace.json';
/** Exit code where another verification is at work: EX_TEMPFAIL. Its run, whom it asks through, and since when are printed, between `|`. */
export const AT_WORK_EXIT = 75;
/** What has stood for longer was left by a verification that was killed. */
const LEFT_AFTER_SECONDS = 120;

const path = (key: string): string => key.replaceAll('.', String.raw`\.`);
const STANDING = `jsonpath={.metadata.labels.${path(RUN_LABEL)}}|{.metadata.annotations.${path(THROUGH_ANNOTATION)}}|{.metadata.creationTimestamp}|{.metadata.deletionTimestamp}`;

/** Shell that takes away the namespace of one run, and of no other; `run` is shell. */
export function deleteNamespaceOf(run: string, ...options: readonly string[]): string {
  return `${kubectl('delete', 'namespaces', ...options, '--selector')} "${RUN_LABEL}"=${run}`;
}

/**
 * Shell that makes the namespace, or ends: of several verifications the one that has made it is at work. One that stands and goes, or was left, is waited for or taken away first: what was
 * asked for through this same host was left, since one script at a time runs on a host.
 */
export function takeNamespace({ through }: ProbeRun): string {
  const create = `${kubectl('create', '--filename')} "$KW_IN/${NAMESPACE_INPUT}"`;
  return `if ! ${create} 2>/dev/null; then
  there=$(${kubectl('get', 'namespace', PROBE_NAMESPACE, '--ignore-not-found', '--output', STANDING)}) || exit 1
  run=\${there%%|*}; rest=\${there#*|}; asks=\${rest%%|*}; rest=\${rest#*|}; since=\${rest%%|*}; goes=\${rest#*|}
  if [ -n "$there" ] && [ -z "$goes" ] && [ "$asks" != ${quote(through)} ] && [ $(($(date +%s) - $(date -d "$since" +%s))) -lt ${LEFT_AFTER_SECONDS} ]; then
    printf '%s|%s|%s\\n' "$run" "$asks" "$since"; exit ${AT_WORK_EXIT}
  fi
  [ -z "$there" ] || ${deleteNamespaceOf('"$run"', '--timeout=60s')} || exit 1
  ${create} || exit 1
fi`;
}
