// Bundles the extension, the CLI and the threads' entries (Node, CommonJS) and the webviews (browser).
// `node esbuild.mjs --watch` rebuilds on change; `--minify` is what `npm run package` uses.
import { build, context } from 'esbuild';
import { cpSync, existsSync } from 'node:fs';
import { writeNotices } from './notices.mjs';

const watch = process.argv.includes('--watch');
const minify = process.argv.includes('--minify');
const common = {
  bundle: true,
  sourcemap: !minify,
  minify,
  metafile: true,
  logLevel: 'warning',
  outdir: 'dist',
};

/** import.meta.url does not exist in CommonJS: the file's own URL stands in. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
};
const entries = (list) => list.filter((e) => existsSync(e.in));

const jobs = [
  {
    ...node,
    entryPoints: entries([
      { in: 'extension/main.ts', out: 'extension' },
      { in: 'extension/cli.ts', out: 'cli' },
      { in: 'extension/simulator/run/worker.ts', out: 'simulatorWorker' },
      { in: 'extension/debug/thread/worker.ts', out: 'debugWorker' },
      { in: 'extension/workflow/tasks/worker.ts', out: 'taskWorker' },
      { in: 'extension/serial/search/worker.ts', out: 'searchWorker' },
    ]),
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    loader: { '.css': 'css' },
    entryPoints: entries(
      ['boards', 'explore', 'monitor', 'network', 'report', 'validate'].flatMap((v) => [
        { in: `webview/${v}/main.ts`, out: `webview/${v}` },
      ]),
    ),
  },
].filter((j) => j.entryPoints.length > 0);

// serialport looks for its native part in <folder of the bundle>/../prebuilds
cpSync('node_modules/@serialport/bindings-cpp/prebuilds', 'prebuilds', { recursive: true });

if (watch) {
  console.log('building');
  for (const j of jobs) await (await context(j)).watch();
  console.log('watching'); // .vscode/tasks.json waits for this line
} else {
  const results = await Promise.all(jobs.map((j) => build(j)));
  writeNotices(results.map((r) => r.metafile));
}
