import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TOOL = fileURLToPath(new URL('run-until-killed.ts', import.meta.url));

/** Runs a step in a process of its own, which is killed outright when the script has printed `line`. */
export async function startKilledTool(requestFile: string, line: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', TOOL, requestFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let seen = false;
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    if (!chunk.split('\n').includes(line)) continue;
    seen = true;
    child.kill('SIGKILL');
  }
  await killed;
  if (!seen) throw new Error(`the tool ended before ${line}`);
}
