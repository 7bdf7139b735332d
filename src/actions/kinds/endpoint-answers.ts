import { isAddress } from '../../facts/audit/addresses.ts';
import type { TextRef } from '../../plan/plan.ts';
import { quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { inputWords } from '../kind.ts';

/** A means: whoever asks the endpoint on this machine is answered by an API server of this cluster. */
export interface EndpointAnswersAction {
  readonly kind: 'endpoint-answers';
  /** A name, or an address. */
  readonly host: string;
  readonly port: number;
  /** The certificate authority of the cluster. */
  readonly authority: TextRef;
}

/** A check of a proxy comes every five seconds at most. */
const DEADLINE_SECONDS = 60;
/** A dead address answers nothing at all. */
const TRY_SECONDS = 5;

export const endpointAnswers: Kind<EndpointAnswersAction> = {
  words: ({ host, port }) => `wait until ${host}:${port} is answered with a certificate of the cluster for that ${isAddress(host) ? 'address' : 'name'}`,
  details: (action) => ({ command: `${handshake(action)} -CAfile ca.crt` }),
  probes: () => [],
  progress: () => 'absent',
  script: (action) => ({
    shell: [
      `command -v openssl > /dev/null || { printf 'openssl is missing on this machine: whether %s answers cannot be proven\\n' ${quote(action.host)}; exit 1; }`,
      `answers() { timeout ${TRY_SECONDS} ${handshake(action)} -CAfile ${inputWords([action.authority])} < /dev/null > /dev/null 2>&1; }`,
      `kw_until ${DEADLINE_SECONDS} ${quote(`${action.host}:${action.port} answers`)} answers`,
    ].join('\n'),
    inputs: [action.authority],
  }),
  predict: (_action, view) => view,
};

/** Fails where no certificate for that host is shown; the authority by which it is judged is still to be given. */
export function handshake({ host, port }: Pick<EndpointAnswersAction, 'host' | 'port'>): string {
  const expected = isAddress(host) ? ['-verify_ip', host] : ['-servername', host, '-verify_hostname', host];
  return ['openssl', 's_client', '-connect', `${host.includes(':') ? `[${host}]` : host}:${port}`, ...expected, '-verify_return_error'].map(quote).join(' ');
}
