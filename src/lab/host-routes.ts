import { runProgram } from '../process/run-program.ts';

interface Route {
  readonly dst: string;
}

/** IPv4 ranges this host has routes to, its own networks included, the default route not. */
export async function hostRanges(): Promise<readonly string[]> {
  const { stdout } = await runProgram('ip', ['-4', '-json', 'route', 'show', 'table', 'all']);
  return rangesOf(JSON.parse(stdout || '[]') as readonly Route[]);
}

/** Ranges among the routes that `ip -json route` prints; a single address counts as a range of 32 bits. */
export function rangesOf(routes: readonly Route[]): readonly string[] {
  const ranges = routes.filter((route) => route.dst !== 'default').map((route) => (route.dst.includes('/') ? route.dst : `${route.dst}/32`));
  return [...new Set(ranges)];
}
