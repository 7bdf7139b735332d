import type { ListenerFact } from '../../facts/ground/ground-facts.ts';
import { TRY_NAME } from '../../facts/network/network-script.ts';
import type { NodePort } from '../../model/node-ports.ts';
import { portsOf } from '../../model/node-ports.ts';
import { defineMachineRule } from './preflight-rule.ts';

/** Of a run that was cut off: they are ours, and the next one goes on with them. */
const OUR_UNITS = new Set(['kubewright-api-proxy.service', 'kubelet.service']);

export const portTaken = defineMachineRule({
  code: 'port-taken',
  severity: 'error',
  title: 'ports that the node needs are taken',
  why: 'what must listen there does not start, and the deployment waits for it until its deadline',
  fix: 'stop what listens there and keep it from starting again, or let it listen elsewhere',
  judgeMachine: ({ node, ground: { listeners, isPrepared } }, { wide }) => {
    if (listeners.state !== 'known') return [{ what: 'who listens on which port', why: listeners.why }];
    const others = listeners.value.filter(({ unit, process }) => !(isPrepared && OUR_UNITS.has(unit)) && !process.startsWith(TRY_NAME));
    return portsOf(node.role, wide).flatMap((port) => others.filter((listener) => isSame(port, listener)).map((listener) => takenWords(port, listener)));
  },
});

const isSame = ({ port, protocol }: NodePort, listener: ListenerFact): boolean => listener.port === port && listener.protocol === protocol;

function takenWords({ port, protocol, owner }: NodePort, { process, unit, address }: ListenerFact): string {
  const who = process === '' ? 'somebody' : `${process}${unit === '' ? '' : ` (${unit})`}`;
  return `${who} listens on ${address}:${port}/${protocol}, the port of ${owner}`;
}
