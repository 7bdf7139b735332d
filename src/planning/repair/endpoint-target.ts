import { hostOfServer, isAddress, serverAt } from '../../facts/audit/addresses.ts';
import { seenMachines } from '../../rules/audit/machine.ts';
import { isUnanswered, whomServerNames } from '../../rules/audit/servers.ts';
import { KUBEADM, valueAt } from '../../rules/audit/shared-documents.ts';
import type { RepairScene } from './repair-scene.ts';

/** The address of the API that all machines are led to. */
export interface EndpointTarget {
  readonly host: string;
  readonly port: number;
  /** `https://host:port`. */
  readonly server: string;
  /** Served by a proxy on every machine, which the repair sets up; otherwise somebody's balancer serves it already. */
  readonly isOurs: boolean;
}

const PORT = 7443;
const API_PORT = 6443;
const LABELS = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** The endpoint that the cluster has, where it names no single machine; else a name of our own that each machine serves for itself. It follows from shared state alone. */
export function endpointTarget({ view }: Pick<RepairScene, 'view'>): EndpointTarget {
  const endpoint = valueAt(view, KUBEADM, 'controlPlaneEndpoint')?.value ?? '';
  if (endpoint !== '' && whomServerNames(view, endpoint).kind === 'anyone') {
    const host = hostOfServer(endpoint);
    const port = Number(/:(\d+)$/.exec(endpoint.replace(/^\[.*\]/, ''))?.[1] ?? API_PORT);
    return { host, port, server: serverAt(host, port), isOurs: false };
  }
  const name = valueAt(view, KUBEADM, 'clusterName')?.value ?? '';
  const host = `api.${LABELS.test(name) ? name : 'kubernetes'}.kubewright.internal`;
  return { host, port: PORT, server: serverAt(host, PORT), isOurs: true };
}

/** Why nobody may be led to an endpoint that the cluster names already: it is known to lead nowhere. Undefined where nothing speaks against it; that it answers is proven on each machine. */
export function leadsNowhere({ view }: Pick<RepairScene, 'view'>, { host, isOurs }: EndpointTarget): string | undefined {
  if (isOurs) return undefined;
  const lost = isAddress(host) ? [] : seenMachines(view).filter(({ facts }) => facts.names[host]?.length === 0);
  if (lost.length > 0) return `${host} resolves to nothing on ${lost.map(({ name }) => name).join(', ')}`;
  return isUnanswered(view, host) ? `nobody answers at ${host}` : undefined;
}
