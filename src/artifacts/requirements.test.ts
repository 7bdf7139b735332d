import { afterEach, expect, it, vi } from 'vitest';
import { artifactRequirements, requireTools } from './requirements.ts';

afterEach(() => vi.unstubAllEnvs());

it('lists what a machine without any tool lacks, and one command for what Debian has', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const { missing, command } = await artifactRequirements();
  expect(missing.map(({ tool }) => tool)).toEqual(['go', 'gcc', 'libc', 'pkg-config', 'libseccomp', 'mmdebstrap']);
  expect(command).toBe('apt-get install -y --no-install-recommends gcc libc6-dev pkg-config libseccomp-dev mmdebstrap');
  await expect(requireTools(['go', 'gcc'])).rejects.toMatchObject({
    code: 'program-missing',
    message: 'to make artifacts this machine lacks go, gcc',
    hint: 'run: apt-get install -y --no-install-recommends gcc; install Go 1.26 or later from the Go project; Debian has only older ones',
  });
});

it('asks for nothing when nothing is needed', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  await expect(requireTools([])).resolves.toBeUndefined();
});
