import { expect, it } from 'vitest';
import type * as OpenAudit from '../app/audit/open-audit.ts';
import { AppError } from '../errors/app-error.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const WARNING = 'cluster.yaml:7:3: warning: there are 2 control planes [control-planes-even]';
const refuse = (): never => {
  throw new AppError('refused', 'no further');
};

/** Up to where machines would be reached. */
const verbs: Partial<Verbs> = {
  ...plannedWorld({ warnings: [WARNING] }).verbs,
  openFleet: async () => ({ openFleet: refuse }),
  kubeconfig: async () => ({ adminKubeconfig: refuse, checkKubeconfigPath: refuse, writeKubeconfig: refuse, mergeKubeconfig: refuse }),
  audit: async () => ({ openAuditCluster: refuse satisfies typeof OpenAudit.openAuditCluster }) as unknown as Awaited<ReturnType<Verbs['audit']>>,
};

it.each([
  ['plan', 1],
  ['apply --yes', 1],
  ['apply --check', 1],
  ['status', 0],
  ['verify', 0],
  ['audit', 0],
  ['reset --dry-run', 0],
  ['kubeconfig', 0],
])('what is unwise in the cluster file is said on stderr by what carries it out, once: %s', async (line, times) => {
  const { stdout, stderr } = await runOnBench(line.split(' '), { verbs });
  expect(stderr).toContain('error: no further [refused]');
  expect({ stdout, said: stderr.split(WARNING).length - 1 }).toEqual({ stdout: '', said: times });
});
