import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { release } from '../catalogue/catalogue.ts';
import { allArtifacts, isBinaryName } from './artifact.ts';
import { buildGraph } from './build-graph.ts';
import { buildUnits } from './build-unit.ts';
import { runProgram } from '../process/run-program.ts';
import { goVariables, programName, wrapperModule } from './go-build.ts';
import { flannelModule, kubernetesModule } from './go-module.ts';

const known = release('1.36.3');

describe('wrapperModule', () => {
  it('takes over language, GODEBUG, requirements and staging modules of Kubernetes', () => {
    const own = {
      Go: '1.26.0',
      Godebug: [{ Key: 'default', Value: 'go1.26' }],
      Require: [
        { Path: 'k8s.io/api', Version: 'v0.0.0' },
        { Path: 'example.test/dep', Version: 'v1.2.3' },
      ],
      Replace: [
        { Old: { Path: 'k8s.io/api' }, New: { Path: './staging/src/k8s.io/api' } },
        { Old: { Path: 'example.test/other' }, New: { Path: 'example.test/fork' } },
      ],
    };
    expect(wrapperModule(kubernetesModule(known), own)).toMatchInlineSnapshot(`
      "module kubewright.dev/artifact
      go 1.26.0
      godebug default=go1.26
      require k8s.io/kubernetes v1.36.3
      require example.test/dep v1.2.3
      require k8s.io/api v0.36.3
      replace k8s.io/api => k8s.io/api v0.36.3
      "
    `);
  });

  it('keeps requirements of other modules to themselves, and adds replacements of ours', () => {
    expect(wrapperModule(flannelModule(known), { Go: '1.25.0', Require: [{ Path: 'example.test/dep', Version: 'v1.2.3' }], Replace: null })).toMatchInlineSnapshot(`
      "module kubewright.dev/artifact
      go 1.25.0
      require github.com/flannel-io/flannel v0.28.4
      replace github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common => github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.90
      "
    `);
  });
});

it.each([
  ['k8s.io/kubernetes/cmd/kubelet', 'kubelet'],
  ['go.etcd.io/etcd/server/v3', 'server'],
  ['github.com/coredns/coredns', 'coredns'],
])('go build names %s %s', (path, name) => expect(programName(path)).toBe(name));

it('builds with the one toolchain of the catalogue, whatever the environment says', () => {
  expect(goVariables({ module: kubernetesModule(known), architecture: 'amd64', toolchain: known.goToolchain })).toMatchObject({
    GOTOOLCHAIN: 'go1.26.8',
    GOFLAGS: '-mod=mod',
    CGO_ENABLED: '0',
  });
});

it('takes nothing that decides about bytes from the environment or from what `go env -w` keeps', async () => {
  const home = await mkdtemp(join(tmpdir(), 'go-env-'));
  try {
    const kept = join(home, 'env');
    await writeFile(kept, 'GOAMD64=v3\nGOEXPERIMENT=boringcrypto\nCGO_CFLAGS=-O0\n');
    const hostile = { GOENV: kept, GOARM64: 'v9.0', CGO_LDFLAGS: '-static', GOFLAGS: '-tags=x', GOTOOLCHAIN: 'local' };
    const names = ['GOAMD64', 'GOARM64', 'GOEXPERIMENT', 'GOFLAGS', 'CGO_CFLAGS', 'CGO_LDFLAGS'];
    const asked = async (env: Readonly<Record<string, string | undefined>>): Promise<unknown> =>
      JSON.parse((await runProgram('go', ['env', '-json', ...names], { cwd: home, env })).stdout) as unknown;
    const { GOTOOLCHAIN: _other, ...ours } = goVariables({ module: kubernetesModule(known), architecture: 'amd64', toolchain: known.goToolchain });
    expect(await asked(hostile)).toMatchObject({ GOAMD64: 'v3', GOEXPERIMENT: 'boringcrypto', CGO_CFLAGS: '-O0', CGO_LDFLAGS: '-static' });
    expect(await asked({ ...hostile, ...ours })).toEqual({
      GOAMD64: 'v1',
      GOARM64: 'v8.0',
      GOEXPERIMENT: '',
      GOFLAGS: '-mod=mod',
      CGO_CFLAGS: '-O2 -g',
      CGO_LDFLAGS: '-O2 -g',
    });
  } finally {
    await rm(home, { recursive: true });
  }
});

describe('buildUnits', () => {
  const units = buildUnits(known);

  it('makes every artifact in exactly one unit', () => {
    expect(units.flatMap(({ outputs }) => outputs).sort()).toEqual([...allArtifacts].sort());
  });

  it('names the toolchain in what it makes: another one makes other digests', () => {
    const idsWith = (goToolchain: string) => {
      const graph = buildGraph({ ...known, goToolchain }, '/cache');
      return allArtifacts.map(graph.entryId);
    };
    const [ids, others] = [idsWith('1.26.8'), idsWith('1.26.9')];
    const same = ids.filter((id) => others.includes(id)).map((id) => id.replace(/-.*/, ''));
    expect(same).toEqual(['pause', 'image', 'host']);
  });

  it('makes inputs before what is made from them', () => {
    const done = new Set<string>();
    for (const unit of units) {
      for (const name of unit.inputs) expect(done).toContain(name);
      unit.outputs.forEach((name) => done.add(name));
    }
  });

  it('has a package for every program of a Go module', () => {
    const programs = units.filter(({ lane }) => lane.startsWith('go-')).flatMap((unit) => unit.outputs.map((name) => [name, unit.recipe(name)] as const));
    for (const [name, recipe] of programs)
      expect([name, isBinaryName(name), recipe]).toEqual([name, true, expect.objectContaining({ package: expect.stringContaining('/'), toolchain: known.goToolchain })]);
  });
});
