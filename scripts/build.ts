import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { addShebang, bundle } from './bundle.js';

/** Start-up reads this much before a verb's own chunk is loaded. */
const MAX_ENTRY_BYTES = 100 * 1024;

const root = join(import.meta.dirname, '..');
const outDir = join(root, 'dist');

rmSync(outDir, { recursive: true, force: true });
const { outputs } = await bundle({ root, outDir, packages: 'external' });
addShebang(join(outDir, 'cli.js'));

const entryBytes = statSync(join(outDir, 'cli.js')).size;
const totalBytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist/: ${Object.keys(outputs).length} files, ${totalBytes} bytes, entry chunk ${entryBytes} bytes`);

const { messages, pkg } = await publint({ pkgDir: root, pack: 'npm', strict: true });
for (const message of messages) console.error(`publint: ${formatMessage(message, pkg)}`);
if (entryBytes > MAX_ENTRY_BYTES) console.error(`dist/cli.js has ${entryBytes} bytes, at most ${MAX_ENTRY_BYTES} are allowed: load verbs lazily`);
if (messages.length > 0 || entryBytes > MAX_ENTRY_BYTES) process.exitCode = 1;
