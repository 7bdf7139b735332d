import { defineMachineRule } from './preflight-rule.ts';

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
/** Uploads, images and what a young cluster writes; measured on lab machines, with as much again. */
const NEEDED = {
  'control-plane': { '/var/lib': 5 * GIBIBYTE, '/usr/local': GIBIBYTE, '/opt': 100 * MEBIBYTE, '/etc': 10 * MEBIBYTE, '/run': 64 * MEBIBYTE },
  worker: { '/var/lib': 4 * GIBIBYTE, '/usr/local': GIBIBYTE, '/opt': 100 * MEBIBYTE, '/etc': 10 * MEBIBYTE, '/run': 64 * MEBIBYTE },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

export const diskFull = defineMachineRule({
  code: 'disk-full',
  severity: 'error',
  title: 'there is too little disk space',
  why: 'uploads and images do not fit, etcd stops at a full disk, and the kubelet puts pods out when it runs low',
  fix: 'make room, or give these directories a larger disk',
  judgeMachine: ({ node, ground: { places, isPrepared } }) => {
    const needed: Readonly<Record<string, number>> = NEEDED[node.role];
    // What a run before this one has put there is part of what is needed.
    if (isPrepared) return [];
    return places.flatMap(({ path, availableBytes }) => {
      const bytes = needed[path] ?? 0;
      return availableBytes >= bytes ? [] : [`${path} has ${Math.floor(availableBytes / MEBIBYTE)} MiB left of ${bytes / MEBIBYTE} MiB that are needed`];
    });
  },
});
