import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { GLOW_TOOLS } from '../../../extension/glow/find.ts';
import { productRoot } from '../../../extension/common/resources.ts';

let built: string | undefined;

/**
 * The folder with the stand-ins as two plain programs, `image-classifier.mjs` and `model-compiler.mjs`, bundled once a
 * process: they start in a tenth of a second, and a change of the sources while tests run does not reach them.
 */
export function standInFolder(): string {
  if (built !== undefined) return built;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-stand-in-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: GLOW_TOOLS.map((tool) => path.join(productRoot, 'test/glow/stand-in', `${tool}.mjs`)),
    outdir: folder,
    bundle: true,
    // keeps what `--help` does not need out of its way
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return (built = folder);
}
