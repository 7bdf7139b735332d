import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Some packages are CommonJS and call `require`, which a module does not have. */
const REQUIRE = "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/**
 * Bundles `src/main/cli.ts` into `outDir`: a small entry chunk `cli.js` and one chunk for each part that is loaded when first needed.
 * `packages: 'external'` leaves the npm packages to be resolved at run time (the published form); `'bundle'` takes them in (the fast form).
 * @param {{ readonly root: string, readonly outDir: string, readonly packages: 'external' | 'bundle' }} options
 */
export async function bundle({ root, outDir, packages }) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: { cli: join(root, 'src/main/cli.ts') },
    outdir: outDir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages,
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    logLevel: 'warning',
    sourcemap: packages === 'bundle' ? 'linked' : false,
    ...(packages === 'bundle' && { banner: { js: REQUIRE } }),
  });
  return result.metafile;
}

/**
 * Makes a bundled entry start as a program.
 * @param {string} file
 */
export function addShebang(file) {
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith('#!')) writeFileSync(file, `#!/usr/bin/env node\n${text}`, { mode: 0o755 });
}
