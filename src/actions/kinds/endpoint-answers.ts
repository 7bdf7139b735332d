import { quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';

/** A means: whoever asks the endpoint by its name on this machine is answered by an API server of this cluster. */
export interface EndpointAnswersAction {
  readonly kind: 'endpoint-answers';
  readonly host: string;
  readonly port: number;
  readonly authority: string;
}

/** A check of the proxy comes every five seconds at most. */
const DEADLINE_SECONDS = 60;

export const endpointAnswers: Kind<EndpointAnswersAction> = {
  words: ({ host, port }) => `wait until ${host}:${port} is answered with a certificate of the cluster for that name`,
  details: (action) => ({ command: handshake(action) }),
  probes: () => [],
  progress: () => 'absent',
  script: (action) => ({
    shell: [`answers() { ${handshake(action)} < /dev/null > /dev/null 2>&1; }`, `kw_until ${DEADLINE_SECONDS} ${quote(`${action.host}:${action.port} answers`)} answers`].join(
      '\n',
    ),
    inputs: [],
  }),
  predict: (_action, view) => view,
};

function handshake({ host, port, authority }: EndpointAnswersAction): string {
  return ['openssl', 's_client', '-connect', `${host}:${port}`, '-servername', host, '-verify_hostname', host, '-CAfile', authority, '-verify_return_error'].map(quote).join(' ');
}
