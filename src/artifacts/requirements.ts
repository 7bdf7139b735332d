import { isAbsolute } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';

/** What of this machine the source `go` works with. */
export type Tool = 'go' | 'gcc' | 'libc' | 'pkg-config' | 'libseccomp' | 'mmdebstrap';

export interface MissingTool {
  readonly tool: Tool;
  /** Debian's package; Go has none, since Debian's is too old. */
  readonly aptPackage?: string;
}

export interface ArtifactRequirements {
  readonly missing: readonly MissingTool[];
  /** Installs what Debian's packages have of it. */
  readonly command?: string;
}

interface Check {
  readonly aptPackage?: string;
  readonly isThere: () => Promise<boolean>;
}

const checks: Readonly<Record<Tool, Check>> = {
  go: { isThere: () => runs('go', 'version') },
  gcc: { aptPackage: 'gcc', isThere: () => runs('gcc', '--version') },
  libc: { aptPackage: 'libc6-dev', isThere: () => hasStaticLibrary('libc.a') },
  'pkg-config': { aptPackage: 'pkg-config', isThere: () => runs('pkg-config', '--version') },
  libseccomp: { aptPackage: 'libseccomp-dev', isThere: () => hasStaticLibrary('libseccomp.a') },
  mmdebstrap: { aptPackage: 'mmdebstrap', isThere: () => runs('mmdebstrap', '--version') },
};

const GO_HINT = 'install Go 1.26 or later from the Go project; Debian has only older ones';

const allTools: readonly Tool[] = ['go', 'gcc', 'libc', 'pkg-config', 'libseccomp', 'mmdebstrap'];

/** Which of the tools that building artifacts needs are not on this machine, and the exact command that installs them. */
export async function artifactRequirements(tools: readonly Tool[] = allTools): Promise<ArtifactRequirements> {
  const found = await Promise.all(tools.map((tool) => checks[tool].isThere()));
  const missing = tools.filter((_tool, index) => found[index] === false).map((tool) => missingTool(tool));
  const packages = missing.flatMap(({ aptPackage }) => aptPackage ?? []);
  return { missing, ...(packages.length > 0 && { command: ['apt-get', 'install', '-y', '--no-install-recommends', ...packages].join(' ') }) };
}

/** Throws `program-missing` with that command if one of the tools is absent. */
export async function requireTools(tools: readonly Tool[]): Promise<void> {
  const { missing, command: install } = await artifactRequirements(tools);
  if (missing.length === 0) return;
  const names = missing.map(({ tool }) => tool);
  const hint = [...(install ? [`run: ${install}`] : []), ...(names.includes('go') ? [GO_HINT] : [])].join('; ');
  throw new AppError('program-missing', `to make artifacts this machine lacks ${names.join(', ')}`, { hint });
}

function missingTool(tool: Tool): MissingTool {
  const { aptPackage } = checks[tool];
  return { tool, ...(aptPackage !== undefined && { aptPackage }) };
}

async function runs(program: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await runProgram(program, args);
    return true;
  } catch (cause) {
    if (cause instanceof AppError) return false;
    throw cause;
  }
}

/** gcc answers with a full path for a library that it finds, with the bare name for one that it does not. */
async function hasStaticLibrary(name: string): Promise<boolean> {
  if (!(await runs('gcc', '--version'))) return false;
  const { stdout } = await runProgram('gcc', [`-print-file-name=${name}`]);
  return isAbsolute(stdout.trim());
}
