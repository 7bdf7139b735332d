import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import type { BinaryName } from './artifact.ts';
import type { Architecture } from './architecture.ts';
import type { GoModule, ModuleVersion } from './go-module.ts';

export interface GoBuild {
  readonly module: GoModule;
  /** Such as `1.26.8`. */
  readonly toolchain: string;
  readonly architecture: Architecture;
  /** Where each program goes, a full path. */
  readonly outputs: ReadonlyMap<BinaryName, string>;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (phase: 'downloading' | 'building', detail: string) => void;
}

/** What `go mod edit -json` prints, as far as it is used here. */
interface GoModFile {
  readonly Go?: string;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[] | null;
  readonly Require?: readonly { readonly Path: string; readonly Version: string }[] | null;
  readonly Replace?: readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[] | null;
}

const DOWNLOADING = /^go: (?:downloading|finding|extracting) (.*)$/;
const OLDEST_LANGUAGE = '1.24.0';

/** Where modules come from, what checks them and where they are kept. */
const WAY_VARIABLES = ['GOPROXY', 'GONOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GOINSECURE', 'GOVCS', 'GOAUTH', 'GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOCACHEPROG'] as const;

type WayVariables = Readonly<Record<(typeof WAY_VARIABLES)[number], string>>;

/** A build that has what it takes over from the operator. */
interface SettledBuild extends GoBuild {
  readonly way: WayVariables;
}

/** Builds programs of one module in one `go build`. Go's own caches make a build that was interrupted go on where it was. */
export async function buildGo(request: GoBuild): Promise<void> {
  const build: SettledBuild = { ...request, way: await checkedWay(request) };
  await writeFile(join(build.scratch, 'go.mod'), wrapperModule(build.module, await ownGoMod(build)));
  const made = join(build.scratch, 'made');
  await mkdir(made);
  const packages = [...build.outputs.keys()].map((name) => packageOf(build.module, name));
  await go(build, ['build', '-v', '-trimpath', '-buildvcs=false', ...buildFlags(build.module), '-o', `${made}/`, ...packages]);
  for (const [name, path] of build.outputs) await rename(join(made, programName(packageOf(build.module, name))), path);
}

/** Text of the wrapper's go.mod. */
export function wrapperModule(module: GoModule, own: GoModFile): string {
  const staging = module.stagingVersion === undefined ? [] : (own.Replace ?? []).filter(({ New }) => New.Path.startsWith('./')).map(({ Old }) => Old.Path);
  const inherited = module.stagingVersion === undefined ? [] : (own.Require ?? []).filter(({ Path }) => !staging.includes(Path));
  const stagingVersion = module.stagingVersion ?? '';
  return [
    'module kubewright.dev/artifact',
    `go ${own.Go ?? OLDEST_LANGUAGE}`,
    ...(own.Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
    ...module.requires.map(({ path, version }) => `require ${path} ${version}`),
    ...inherited.map(({ Path, Version }) => `require ${Path} ${Version}`),
    ...staging.map((path) => `require ${path} ${stagingVersion}`),
    ...staging.map((path) => replaceLine(path, { path, version: stagingVersion })),
    ...Object.entries(module.replaces ?? {}).map(([path, by]) => replaceLine(path, by)),
    '',
  ].join('\n');
}

/** Go names a program after the last element of its package's path that is not a major version. */
export function programName(packagePath: string): string {
  return /^v\d+$/.test(basename(packagePath)) ? basename(dirname(packagePath)) : basename(packagePath);
}

function replaceLine(path: string, by: ModuleVersion): string {
  return `replace ${path} => ${by.path} ${by.version}`;
}

function buildFlags({ cgo, tags, stamps }: GoModule): readonly string[] {
  const stamped = Object.entries(stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  const linker = ['-s', '-w', ...(cgo ? ['-linkmode external', '-extldflags "-static"'] : []), ...stamped].join(' ');
  return [...(tags ? ['-tags', tags.join(' ')] : []), '-ldflags', linker];
}

function packageOf(module: GoModule, name: BinaryName): string {
  const path = module.packages[name];
  if (path === undefined) throw new Error(`module ${module.requires[0].path} has no program ${name}`);
  return path;
}

async function ownGoMod(build: SettledBuild): Promise<GoModFile> {
  const { path, version } = build.module.requires[0];
  build.onProgress('downloading', `${path} ${version}`);
  const { GoMod } = JSON.parse(await go(build, ['mod', 'download', '-json', `${path}@${version}`])) as { readonly GoMod: string };
  // A copy: the module cache's own is named `<version>.mod`, and read-only.
  const copy = join(build.scratch, 'own.mod');
  await writeFile(copy, await readFile(GoMod));
  return JSON.parse(await go(build, ['mod', 'edit', '-json', copy])) as GoModFile;
}

/** Modules come through a proxy that nobody has to trust: the checksum database is what says that they are the published ones. */
async function checkedWay(request: GoBuild): Promise<WayVariables> {
  // What `go env -w` keeps counts for the way, and for nothing else.
  const { GOENV: _off, ...asked } = goVariables(request);
  const answer = await runProgram('go', ['env', '-json', ...WAY_VARIABLES], { cwd: request.scratch, env: asked, signal: request.signal });
  const way = JSON.parse(answer.stdout) as WayVariables;
  if (way.GOSUMDB !== 'off' && way.GONOSUMDB === '' && way.GOPRIVATE === '') return way;
  throw new AppError('artifact-failed', 'the Go checksum database is switched off (GOSUMDB, GONOSUMDB or GOPRIVATE), so modules cannot be verified', {
    hint: 'unset GONOSUMDB and GOPRIVATE, and GOSUMDB=off, in the environment and in `go env`',
  });
}

async function go(build: SettledBuild, args: readonly string[]): Promise<string> {
  const { stdout } = await runProgram('go', args, {
    cwd: build.scratch,
    env: await environment(build),
    signal: build.signal,
    onLine: (line, stream) => stream === 'stderr' && tell(build, line),
  });
  return stdout;
}

async function environment(build: SettledBuild): Promise<Readonly<Record<string, string | undefined>>> {
  // Inside the scratch directory, so that a killed build leaves nothing elsewhere.
  const temporary = join(build.scratch, 'go-tmp');
  await mkdir(temporary, { recursive: true });
  return { ...build.way, ...goVariables(build), GOTMPDIR: temporary };
}

/** Variables of Go that decide about bytes and that no build sets: each has Go's own default. */
const UNSET = ['GOEXPERIMENT', 'GOFIPS140', 'GO111MODULE', 'GO_EXTLINK_ENABLED', 'CGO_CFLAGS', 'CGO_CPPFLAGS', 'CGO_CXXFLAGS', 'CGO_FFLAGS', 'CGO_LDFLAGS'];

/**
 * What decides about the bytes that Go makes, whatever the operator's environment and `go env -w` say; `undefined` is unset. Another toolchain than the installed one is fetched as a
 * module, and checked like one.
 */
export function goVariables({ module, architecture, toolchain }: Pick<GoBuild, 'module' | 'architecture' | 'toolchain'>): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(UNSET.map((name) => [name, undefined])),
    GOENV: 'off',
    GOFLAGS: '-mod=mod',
    GOWORK: 'off',
    GOTOOLCHAIN: `go${toolchain}`,
    GOOS: 'linux',
    GOARCH: architecture,
    GOAMD64: 'v1',
    GOARM64: 'v8.0',
    CGO_ENABLED: module.cgo ? '1' : '0',
  };
}

function tell(build: GoBuild, line: string): void {
  const downloaded = DOWNLOADING.exec(line)?.[1];
  if (downloaded !== undefined) build.onProgress('downloading', downloaded);
  else if (!/\s/.test(line)) build.onProgress('building', line);
}
