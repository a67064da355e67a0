// Makes artifacts/glowport.vsix: bundles minified, then packs exactly what .vscodeignore lets in. `--as-is` takes the sentences in
// l10n/ as they are.
import { mkdirSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createVSIX } from '@vscode/vsce';
import { writeBundle } from './l10n.mjs';

const limit = 6 * 1024 * 1024;
const packagePath = 'artifacts/glowport.vsix';
if (!process.argv.includes('--as-is')) writeBundle();
const built = spawnSync(process.execPath, ['esbuild.mjs', '--minify'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
mkdirSync('artifacts', { recursive: true });
await createVSIX({
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const { size } = statSync(packagePath);
console.log(`${packagePath}: ${(size / 1024 / 1024).toFixed(2)} MB`);
if (size > limit) {
  console.error(`the package is larger than ${limit / 1024 / 1024} MB: see what .vscodeignore lets in`);
  process.exitCode = 1;
}
