import { describe, expect, it } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { loadCluster } from '../spec/load-cluster.ts';
import { clusterText, loadOptions } from '../spec/testing/cluster-texts.ts';
import { canonicalJson } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import { REGISTRY_LIST, loginSlot, registryList, registryPath } from './files/registries.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployPlan } from './step-types.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { foldPlan, settle } from './testing/fold-plan.ts';
import { withFiles } from './testing/living.ts';
import { nodeBytes } from './testing/plan-bytes.ts';

const REGISTRIES = `registries:
  docker.io: { mirrors: [https://mirror.example.com, "https://r.example.com:5000/v2/hub"] }
  r.example.com:5000: { credentials: { username: ops, password: { fromEnv: R_PASSWORD } } }`;
const LOGIN = 'b3BzOmh1bnRlcjI=';

function clusterOf(spec: string): Cluster {
  const loaded = loadCluster(clusterText({ spec }), 'cluster.yaml', loadOptions);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.cluster;
}

/** Plans as who knows the login. */
function planOf(cluster: Cluster, snapshot: Snapshot, login = LOGIN): DeployPlan {
  const isContent = (parts: readonly unknown[], digest: string): boolean => sha256(parts.map((part) => (typeof part === 'string' ? part : login)).join('')) === digest;
  return planDeploy({ ...inputFor(cluster, snapshot), isContent }).plan;
}

const cluster = clusterOf(REGISTRIES);
const first = planOf(cluster, bareMachines(cluster));
const on = (node: string, path: string): string => nodeBytes(first, node).find((file) => file.path === path)?.text ?? 'not written';

/** The machines after a run that resolved the login to this. */
function settled(login: string): Snapshot {
  const after = settle(foldPlan(first, bareMachines(cluster)));
  const path = registryPath('r.example.com:5000');
  const mirrors = registryPath('docker.io');
  const fact = (text: string) => ({ type: 'file', sha256: sha256(text), sizeBytes: 1, mode: '600', owner: 'root:root' }) as const;
  const resolved = (file: string): string => on('cp-1', file).replaceAll(`<${loginSlot('r.example.com:5000').slot}>`, login);
  return cluster.nodes.reduce((snapshot, { name }) => withFiles(snapshot, name, { [path]: fact(resolved(path)), [mirrors]: fact(resolved(mirrors)) }), after);
}

const written = ({ steps }: DeployPlan): readonly string[] =>
  steps.flatMap((step) => step.actions.flatMap(({ action }) => (action.kind === 'file' || action.kind === 'absent' ? [`${action.kind} ${action.path}`] : [])));

describe('a registry on a node', () => {
  it('has its mirrors in their order, and a login for the one host that it is for', () => {
    expect(on('w-1', registryPath('docker.io'))).toMatchInlineSnapshot(`
      "# Written by kubewright.
      [host."https://mirror.example.com"]
        capabilities = ["pull", "resolve"]
      [host."https://r.example.com:5000/v2/hub"]
        capabilities = ["pull", "resolve"]
        override_path = true
      [host."https://r.example.com:5000/v2/hub".header]
        Authorization = "Basic <registry-login/r.example.com_5000>"
      "
    `);
    expect(on('w-1', registryPath('r.example.com:5000'))).toMatchInlineSnapshot(`
      "# Written by kubewright.
      [header]
        Authorization = "Basic <registry-login/r.example.com_5000>"
      "
    `);
  });

  it('is root alone’s to read', () => {
    const files = first.steps.flatMap(({ actions }) => actions.flatMap(({ action }) => (action.kind === 'file' && action.path.endsWith('hosts.toml') ? [action.mode] : [])));
    expect([...new Set(files)]).toEqual(['600']);
  });

  it('is written no more once it is there', () => expect(written(planOf(cluster, settled(LOGIN)))).toEqual([]));

  it('is written anew with another login', () => {
    const again = planOf(cluster, settled(LOGIN), 'b3RoZXI=');
    expect(new Set(written(again))).toEqual(new Set([`file ${registryPath('docker.io')}`, `file ${registryPath('r.example.com:5000')}`]));
    expect(again.steps.map(({ id }) => id.split('/')[1])).toEqual(['prepare', 'prepare', 'prepare', 'prepare']);
  });

  it('goes when the file has it no more, the list after it', () => {
    const fewer = clusterOf('registries: { docker.io: { mirrors: [https://mirror.example.com] } }');
    const step = planOf(fewer, settled(LOGIN)).steps.find(({ id }) => id === 'w-1/prepare');
    const paths = step?.actions.flatMap(({ action }) => (action.kind === 'file' || action.kind === 'absent' ? [`${action.kind} ${action.path}`] : []));
    expect(paths).toEqual([`absent ${registryPath('r.example.com:5000')}`, `file ${REGISTRY_LIST}`, `file ${registryPath('docker.io')}`]);
  });

  it('leaves no digest of a file with a login in the plan, and none in what it was made from', () => {
    const seen = settled('b2xkOm9sZA==');
    const plan = planOf(cluster, seen);
    const host = Object.values(seen.hosts)[0];
    const digest = host?.state === 'known' ? host.value.files[registryPath('r.example.com:5000')] : undefined;
    if (digest?.type !== 'file') throw new Error('the file is not there');
    expect(canonicalJson(plan)).not.toContain(digest.sha256);
    expect(canonicalJson(plan)).not.toContain(digest.sha256.slice(0, 12));
  });
});

it('a cluster without registries has no list of them', () => expect(written(planOf(clusterOf('kubelet: {}'), bareMachines(cluster)))).not.toContain(`file ${REGISTRY_LIST}`));

it('the list names what is ours', () => expect(registryList(['docker.io']).split('\n')).toContain('docker.io'));
