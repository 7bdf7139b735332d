import type { Machine } from './machine.ts';
import { componentOn } from './machine.ts';

const TAG = /:v?(\d+\.\d+\.\d+)/;

/** Version of the API server of a control plane, as the tag of its image says it. */
export function apiServerVersion(machine: Machine): string | undefined {
  return TAG.exec(componentOn(machine, 'kube-apiserver')?.manifest?.image ?? '')?.[1];
}

const VERSION = /(\d+)\.(\d+)\.(\d+)/;

/** `1.36.3` of `v1.36.3+build`; undefined for what holds no version. */
export function plainVersion(version: string): string | undefined {
  return VERSION.exec(version)?.[0];
}

/** How many minor versions `a` is behind `b`; negative where it is ahead. */
export function minorsBehind(a: string, b: string): number {
  return minorOf(b) - minorOf(a);
}

/** Of Kubernetes, whose major version is 1 for good. */
function minorOf(version: string): number {
  return Number(VERSION.exec(version)?.[2] ?? 0);
}
