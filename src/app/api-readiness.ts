import { AppError } from '../errors/app-error.ts';
import type { Host } from '../hosts/host.ts';
import { OWN_API_SERVER, kubectl } from '../shell/kubectl.ts';
import { quote } from '../shell/quote.ts';

const READY_TIMEOUT_MS = 15_000;

export type ApiReadiness = 'ready' | 'not ready' | 'not reached';

/** Whether the API server of a control plane is ready, asked on that machine; `server` where it is known by which URL it is its own. */
export async function readinessOf(host: Host | undefined, server: string | undefined, signal: AbortSignal): Promise<ApiReadiness> {
  if (host === undefined) return 'not reached';
  const check = kubectl('--request-timeout=5s', 'get', '--raw', '/readyz');
  // A later --server wins over the one that OWN_API_SERVER gives.
  const own = server === undefined ? '' : ` --server ${quote(server)}`;
  try {
    const answer = await host.read(`PATH=/usr/local/bin:/usr/bin:/bin\n${OWN_API_SERVER}\n${check}${own} 2>/dev/null || echo no`, { signal, timeoutMs: READY_TIMEOUT_MS });
    return answer.trim() === 'ok' ? 'ready' : 'not ready';
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return error.code === 'host-unreachable' || error.code === 'sudo-refused' ? 'not reached' : 'not ready';
  }
}
