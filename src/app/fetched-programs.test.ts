import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../actions/action.ts';
import type { ProgramAction } from '../actions/kinds/program.ts';
import { kindOf } from '../actions/kinds.ts';
import { FakeRoot } from '../actions/testing/run-compiled.ts';
import { hostArchitecture } from '../artifacts/architecture.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureGraph } from '../artifacts/ensure-artifacts.ts';
import { makerGraph, releaseFrom } from '../artifacts/maker.ts';
import { publish } from '../artifacts/testing/published-release.ts';
import type { UpstreamServer } from '../artifacts/testing/upstream-server.ts';
import { startUpstream } from '../artifacts/testing/upstream-server.ts';
import { publishedPrograms } from '../artifacts/upstream/published-programs.ts';
import { mirrorSites } from '../artifacts/upstream/sites.ts';
import { release } from '../catalogue/catalogue.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Planned } from '../plan/plan.ts';
import { planDeploy } from '../planning/plan-deploy.ts';
import type { DeployPlan } from '../planning/step-types.ts';
import { bareMachines, inputFor } from '../planning/testing/deploy-input.ts';
import { foldPlan, settle } from '../planning/testing/fold-plan.ts';
import { loadCluster } from '../spec/load-cluster.ts';
import { clusterText, loadOptions } from '../spec/testing/cluster-texts.ts';
import { artifactRefsOf } from './artifact-refs.ts';

const known = releaseFrom('upstream', release('1.36.3'));
const KUBELET = '/usr/local/bin/kubelet';

let upstream: UpstreamServer;
let artifacts: ReadonlyMap<string, Artifact>;
let cache = '';
let root: FakeRoot;
let fetching: DeployPlan;

beforeAll(async () => {
  upstream = await startUpstream();
  publish(known, upstream);
  cache = mkdtempSync(join(tmpdir(), 'kw-fetched-'));
  artifacts = await ensureGraph(makerGraph('upstream', known, { root: cache, sites: upstream.sites }), clusterArtifacts, { signal: new AbortController().signal });
  fetching = planOf(clusterOf(pulling()));
});
afterAll(async () => {
  await upstream.close();
  rmSync(cache, { recursive: true });
});
beforeEach(() => {
  root = new FakeRoot();
  upstream.served.length = 0;
});
afterEach(() => root.remove());

const serverURL = (): string => upstream.sites.kubernetes.replace('/dl.k8s.io', '');

function clusterOf(spec: string): Cluster {
  const loaded = loadCluster(clusterText({ spec }), 'cluster.yaml', loadOptions);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.cluster;
}

/** As `plan` does it: what is published is known, and taken where the cluster file says so. */
function inputOf(cluster: Cluster) {
  const { pull } = cluster.wide;
  const published = pull?.mirror === undefined ? undefined : publishedPrograms(known, hostArchitecture(), mirrorSites(pull.mirror));
  return { ...inputFor(cluster, bareMachines(cluster)), artifacts: artifactRefsOf(artifacts, published), release: known };
}

const planOf = (cluster: Cluster): DeployPlan => planDeploy(inputOf(cluster)).plan;
const pulling = (mirror = serverURL()): string => `distribution: { mode: pull, mirror: "${mirror}" }`;

/** Programs of a control plane, on a host whose directories are below the stand-in's. */
function programsOf(plan: DeployPlan): readonly Planned<Action>[] {
  const actions = plan.steps.find(({ id }) => id === 'cp-1/prepare')?.actions ?? [];
  return actions.flatMap(({ role, action }) => (action.kind === 'program' ? [{ role, action: { ...action, path: root.at('host', action.path) } }] : []));
}

const only = (programs: readonly Planned<Action>[], path: string): readonly Planned<Action>[] => programs.filter(({ action }) => (action as ProgramAction).path.endsWith(path));
const textAt = (path: string): string => readFileSync(root.at('host', path), 'utf8');

describe('machines that fetch what is published themselves', () => {
  it('have the very programs, each file fetched once, and are sent none', async () => {
    const programs = programsOf(fetching);
    expect(programs.flatMap(({ action }) => kindOf(action).blobs())).toEqual([]);
    expect((await root.runBeside(programs)).output).toEqual([]);
    for (const { action } of programs) {
      const { path, blob } = action as ProgramAction;
      expect(readFileSync(path)).toEqual(readFileSync(artifacts.get(blob.artifact)?.path ?? ''));
    }
    expect(programs.length).toBe(16);
    expect(upstream.served.length).toBe(8);
    expect(new Set(upstream.served).size).toBe(8);
    expect(readdirSync(root.at('state', 'blobs'))).toEqual([]);
    expect((await root.runBeside(programs)).exitCode).toBe(0);
    expect(upstream.served.length).toBe(8);
  });

  it.each([
    ['emptied', ''],
    ['filled with others of the same number', 'PROGRAM kubelet'],
  ])('fetch again what a power cut has %s, in the store and as a blob', async (_what, bytes) => {
    const programs = only(programsOf(fetching), KUBELET);
    const { blob } = programs[0]!.action as ProgramAction;
    await root.runBeside(programs);
    writeFileSync(root.at('host', KUBELET), bytes);
    expect((await root.runBeside(programs)).exitCode).toBe(0);
    expect([textAt(KUBELET), upstream.served.length]).toEqual(['program kubelet', 2]);
    writeFileSync(root.at('state', 'blobs', blob.sha256), bytes);
    expect((await root.runBeside(programs)).exitCode).toBe(0);
    expect([textAt(KUBELET), upstream.served.length]).toEqual(['program kubelet', 2]);
  });

  it('fetch through the proxy of the cluster file', async () => {
    const cluster = clusterOf(`${pulling('http://mirror.example.com/k8s')}\nproxy: { httpProxy: "${serverURL()}" }`);
    const path = `/k8s/dl.k8s.io/release/v1.36.3/bin/linux/${hostArchitecture()}/kubelet`;
    upstream.files.set(path, Buffer.from('program kubelet'));
    expect((await root.runBeside(only(programsOf(planOf(cluster)), KUBELET))).exitCode).toBe(0);
    expect(upstream.served).toEqual([path]);
    expect(textAt(KUBELET)).toBe('program kubelet');
  });

  it.each<readonly [what: string, file: string, program: string, bytes: string | undefined, said: string]>([
    ['a program with other bytes', '/kubelet', KUBELET, 'program kubelet, and more', 'gave other bytes than were planned'],
    ['an archive that is none', `/crictl-v1.36.0-linux-${hostArchitecture()}.tar.gz`, '/usr/local/bin/crictl', 'no archive', 'is no archive'],
    ['nothing', '/kubelet', KUBELET, undefined, 'could not be fetched by this machine'],
  ])('that get %s run none of it: it is deleted, and said', async (...[, file, program, bytes, said]) => {
    const programs = only(programsOf(fetching), program);
    const path = [...upstream.files.keys()].find((each) => each.endsWith(file) && !each.startsWith('/k8s/')) ?? '';
    const before = upstream.files.get(path) as Uint8Array;
    if (bytes === undefined) upstream.files.delete(path);
    else upstream.files.set(path, Buffer.from(bytes));
    const { exitCode, output } = await root.runBeside(programs);
    upstream.files.set(path, before);
    expect(exitCode).toBe(1);
    expect(output.at(-1)).toContain(said);
    expect([existsSync(root.at('host', program)), readdirSync(root.at('state', 'blobs'))]).toEqual([false, []]);
  });
});

describe('a plan whose machines fetch', () => {
  it('leaves them as one that sends, and finds nothing to do on those', () => {
    const sent = clusterOf('distribution: { mode: push }');
    const fetched = clusterOf(pulling());
    const after = (cluster: Cluster) => settle(foldPlan(planOf(cluster), bareMachines(cluster)));
    expect(after(fetched).hosts).toEqual(after(sent).hosts);
    expect(planDeploy({ ...inputOf(fetched), snapshot: after(sent) }).plan.steps.map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
  });

  it('has their runtimes pull images by digest', () => {
    const images = fetching.steps.flatMap(({ id, actions }) => (id === 'w-1/images' ? actions.map(({ action }) => action) : []));
    expect(images.flatMap((action) => kindOf(action).blobs())).toEqual([]);
    root.standIn('crictl');
    root.standIn('ctr');
    expect(root.run(images.map((action) => ({ role: 'goal', action }))).exitCode).toBe(0);
    const [pulled = '', tagged] = root.calls().filter((call) => call.includes('kube-proxy'));
    expect(pulled).toMatch(/^crictl pull registry\.k8s\.io\/kube-proxy@sha256:[0-9a-f]{64}$/);
    expect(tagged).toBe(`ctr -n k8s.io images tag --local --force ${pulled.replace('crictl pull ', '')} registry.k8s.io/kube-proxy:v1.36.3`);
    expect(root.calls()).toContain('ctr -n k8s.io images label registry.k8s.io/kube-proxy:v1.36.3 io.cri-containerd.pinned=pinned');
  });
});
