import { readLines } from '../on-machine.ts';
import type { Machine } from '../test-lab.ts';

/** What an API server wrote down of one request. */
export interface ApiRequest {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
}

/** It writes to its standard output, which the kubelet keeps, a line of its own form before each. */
const LOGS = 'cat /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log | sed -n \'s/^[^ ]* stdout F \\({"kind":"Event".*\\)/\\1/p\'';

/** Requests to these API servers since a moment, but for those of the cluster's own parts (the policy leaves them out). */
export async function requestsSince(controlPlanes: readonly Machine[], since: Date): Promise<readonly ApiRequest[]> {
  const lines = (await Promise.all(controlPlanes.map(async (machine) => readLines(machine, LOGS)))).flat();
  return lines.map((line) => JSON.parse(line) as ApiRequest).filter(({ requestReceivedTimestamp }) => new Date(requestReceivedTimestamp) >= since);
}

/** Made by a program that a person or a tool starts, not by a kubelet or another part of the cluster. */
export function isOfSomebody({ userAgent = '', user }: ApiRequest): boolean {
  return !user.username.startsWith('system:node:') || userAgent.startsWith('kubectl') || userAgent.startsWith('curl');
}
