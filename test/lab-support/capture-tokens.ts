import { pollUntil } from '../../src/util/poll.ts';
import { ask, linesOf } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

const LOOK_EVERY_MS = 1500;

const TOKENS = `[ -f /etc/kubernetes/admin.conf ] && command -v kubectl > /dev/null || exit 0
kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=3s -n kube-system get secrets --field-selector type=bootstrap.kubernetes.io/token \\
  -o 'jsonpath={range .items[*]}{.data.token-id}.{.data.token-secret}{"\\n"}{end}' 2> /dev/null | while IFS=. read -r id secret; do
  printf '%s.%s\\n' "$(printf %s "$id" | base64 -d)" "$(printf %s "$secret" | base64 -d)"
done`;

/** Waits for the first bootstrap token that any control plane shows, while there is one; none where the signal aborts before. */
export async function captureToken(machines: readonly Machine[], signal: AbortSignal): Promise<string | undefined> {
  const controlPlanes = machines.filter(({ role }) => role === 'control-plane');
  const look = async (): Promise<string | undefined> => {
    const found = await Promise.all(controlPlanes.map(async (machine) => linesOf((await ask(machine, TOKENS)).stdout)));
    return found.flat()[0];
  };
  try {
    return await pollUntil(look, { what: 'a bootstrap token', deadlineMs: 600_000, everyMs: LOOK_EVERY_MS, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
