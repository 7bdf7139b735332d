import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeRoot } from '../../src/actions/testing/run-compiled.ts';
import { ensureArtifacts } from '../../src/artifacts/ensure-artifacts.ts';
import { release } from '../../src/catalogue/catalogue.ts';
import { clusterOf, plainEntry } from '../../src/planning/testing/any-cluster.ts';
import { REGISTRIES_DIR, hostsToml } from '../../src/planning/files/registries.ts';
import { runtimeFiles } from '../../src/planning/files/runtime.ts';
import type { Planned } from '../../src/plan/plan.ts';
import type { Action } from '../../src/actions/action.ts';
import { runProgram } from '../../src/process/run-program.ts';
import { pollUntil } from '../../src/util/poll.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import type { SmallRegistry } from '../lab-support/small-registry.ts';
import { startRegistry } from '../lab-support/small-registry.ts';

const MIRRORED = 'registry.example.internal';
const LOGIN = 'cm9ib3Q6c2VjcmV0';

/** The runtime that nodes are given, with all that it keeps below a directory; it makes no container. */
describe('images that the runtime pulls itself', () => {
  const scratch = scratchDirectory();
  const socket = join(scratch, 'c.sock');
  let root: FakeRoot;
  let registry: SmallRegistry;
  let runtime: ChildProcess;
  let ctr = '';
  let crictl = '';

  beforeAll(async () => {
    const artifacts = await ensureArtifacts(release('1.36.3'), ['containerd', 'ctr', 'crictl'], { signal: new AbortController().signal });
    const path = (name: string): string => artifacts.get(name as 'ctr')?.path ?? name;
    [ctr, crictl] = [path('ctr'), path('crictl')];
    writeFileSync(join(scratch, 'config.toml'), configOf(scratch, socket));
    runtime = spawn(path('containerd'), ['-c', join(scratch, 'config.toml')], { stdio: 'ignore' });
    await pollUntil(async () => (existsSync(socket) && (await isServing(crictl, socket)) ? true : undefined), { what: 'containerd to serve', deadlineMs: 60_000 });
  });
  afterAll(async () => {
    const ended = once(runtime, 'exit');
    runtime.kill();
    await ended;
  });
  beforeEach(async () => {
    registry = await startRegistry(scratch);
    root = new FakeRoot();
    root.standIn('ctr', `exec ${ctr} -a ${socket} "$@"`);
    root.standIn('crictl', `exec ${crictl} -r unix://${socket} -i unix://${socket} "$@"`);
  });
  afterEach(() => {
    registry.close();
    root.remove();
  });

  const pull = (digest = registry.digest, from = registry.host): readonly Planned<Action>[] => {
    const images = [{ name: `${from}/pause:3.10`, digest }];
    return [{ role: 'goal', action: { kind: 'images', archive: 'images-node', blob: { artifact: 'images-node', sha256: 'd1', sizeBytes: 1 }, images, isPulled: true } }];
  };
  const listed = async (): Promise<string> => (await runProgram(ctr, ['-a', socket, '-n', 'k8s.io', 'images', 'ls'])).stdout;

  it('have the digest that was planned under the name that is used, are pinned, and may be pulled again', async () => {
    expect((await root.runBeside(pull())).exitCode).toBe(0);
    expect((await root.runBeside(pull())).exitCode).toBe(0);
    const line = (await listed()).split('\n').find((each) => each.startsWith(`${registry.host}/pause:3.10 `)) ?? '';
    expect(line.split(/\s+/)[2]).toBe(registry.digest);
    expect(line).toContain('io.cri-containerd.pinned=pinned');
  });

  it('are refused where the registry gives other bytes, or has not that digest', async () => {
    registry.lie();
    expect((await root.runBeside(pull())).exitCode).not.toBe(0);
    expect((await root.runBeside(pull(`sha256:${'0'.repeat(64)}`))).exitCode).not.toBe(0);
    expect(await listed()).not.toContain(registry.host);
  });

  it("come through a mirror with the mirror's login, by the configuration that nodes get", async () => {
    const credentials = { username: 'robot', password: { fromEnv: 'PASSWORD' } };
    const registries = { [MIRRORED]: { mirrors: [`http://${registry.host}`] }, [registry.host]: { credentials } };
    const { wide } = clusterOf({ ...plainEntry, registries });
    const written = wide.registries.filter(({ name }) => name === MIRRORED).flatMap((each) => hostsToml(each, wide));
    mkdirSync(join(scratch, 'certs.d', MIRRORED), { recursive: true });
    writeFileSync(join(scratch, 'certs.d', MIRRORED, 'hosts.toml'), written.map((part) => (typeof part === 'string' ? part : LOGIN)).join(''));
    expect((await root.runBeside(pull(registry.digest, MIRRORED))).exitCode).toBe(0);
    expect(await listed()).toContain(`${MIRRORED}/pause:3.10`);
    expect(new Set(registry.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${LOGIN}`]));
  });
});

/** What nodes get, with the place of registries in the scratch directory. */
function nodeConfig(scratch: string): string {
  const [config] = runtimeFiles('registry.k8s.io/pause:3.10', {}, { platform: { hasCapSysResource: true, openFilesHardLimit: 1024 } });
  const text = config?.text ?? '';
  expect(text).toContain(REGISTRIES_DIR);
  return text.replace('version = 3\n', '').replaceAll(REGISTRIES_DIR, join(scratch, 'certs.d'));
}

/** Snapshots are plain copies: whether the file system of this machine takes overlays does not matter here. */
function configOf(scratch: string, socket: string): string {
  return [
    'version = 3',
    `root = '${scratch}/root'`,
    `state = '${scratch}/state'`,
    "disabled_plugins = ['io.containerd.nri.v1.nri']",
    '[grpc]',
    `  address = '${socket}'`,
    "[plugins.'io.containerd.internal.v1.opt']",
    `  path = '${scratch}/opt'`,
    "[plugins.'io.containerd.cri.v1.images']",
    "  snapshotter = 'native'",
    "[[plugins.'io.containerd.transfer.v1.local'.unpack_config]]",
    `  platform = 'linux/${process.arch === 'x64' ? 'amd64' : process.arch}'`,
    "  snapshotter = 'native'",
    "  differ = 'walking'",
    "[plugins.'io.containerd.cri.v1.runtime'.cni]",
    `  conf_dir = '${scratch}/cni'`,
    nodeConfig(scratch),
  ].join('\n');
}

async function isServing(crictl: string, socket: string): Promise<boolean> {
  return (await runProgram(crictl, ['-r', `unix://${socket}`, '-i', `unix://${socket}`, 'images'], { expect: 'any' })).exitCode === 0;
}
