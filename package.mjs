// Makes artifacts/glowport.vsix: bundles minified, then packed. `--as-is` takes the sentences in l10n/ as they are.
import { mkdirSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { writeBundle } from './l10n.mjs';
import { pack } from './pack.mjs';

const limit = 6 * 1024 * 1024;
const packagePath = 'artifacts/glowport.vsix';
if (!process.argv.includes('--as-is')) writeBundle();
const built = spawnSync(process.execPath, ['esbuild.mjs', '--minify'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
mkdirSync('artifacts', { recursive: true });
if (!(await pack(packagePath, process.env.GLOWPORT_IMAGES))) {
  console.log(
    'README.md is packed without its pictures: nobody says where they are (DEVELOPING.md, Publishing)',
  );
}
const { size } = statSync(packagePath);
console.log(`${packagePath}: ${(size / 1024 / 1024).toFixed(2)} MB`);
if (size > limit) {
  console.error(`the package is larger than ${limit / 1024 / 1024} MB: see what .vscodeignore lets in`);
  process.exitCode = 1;
}
