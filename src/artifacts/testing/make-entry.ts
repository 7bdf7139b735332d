// A process of its own for cache.test.ts: makes one entry and says so. Arguments: ROOT ID MODE LOG.
import { appendFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { ensureEntry } from '../cache.ts';

const [root, id, mode, log] = process.argv.slice(2) as [string, string, 'finish' | 'hang' | 'orphan', string];

const path = await ensureEntry(
  {
    id,
    make: async (dir) => {
      appendFileSync(log, `made by ${process.pid}\n`);
      writeFileSync(join(dir, 'content'), 'half');
      // Outlives this process, as a compiler does, and goes on filling the directory until that is gone.
      if (mode === 'orphan') spawn('sh', ['-c', 'i=0; while true > "$1/f$i"; do i=$((i+1)); done', 'sh', dir], { detached: true, stdio: 'ignore' });
      process.stdout.write('making\n');
      if (mode !== 'finish') await new Promise(() => setInterval(() => undefined, 1000));
      writeFileSync(join(dir, 'content'), 'whole');
    },
  },
  { root, signal: new AbortController().signal },
);
process.stdout.write(`${await readFile(join(path, 'content'), 'utf8')}\n`);
