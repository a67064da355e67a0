// Runs test/vscode/host/*.test.ts INSIDE the extension host of a real VS Code; its exit code is theirs.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { exampleWorkspace, artifacts, root, startServer, version } from './server.ts';
import { startBrowser } from './session.ts';

const only = process.argv[2] ?? '';
const tests = readdirSync(path.join(root, 'test/vscode/host')).filter(
  (f) => f.endsWith('.test.ts') && f.includes(only),
);
const out = path.join(artifacts, 'host');
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: ['index.ts', ...tests].map((f) => path.join(root, 'test/vscode/host', f)),
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  external: ['vscode', 'mocha'],
});

const results = path.join(artifacts, 'host-results.json');
rmSync(results, { force: true });
const server = await startServer({
  name: 'host-server',
  hostTests: true,
  env: {
    GLOWPORT_HOST_RESULTS: results,
    GLOWPORT_HOST_TESTS: JSON.stringify(tests.map((f) => f.replace(/\.ts$/, '.cjs'))),
    NODE_OPTIONS: '--enable-source-maps',
  },
});
const browser = await startBrowser();
let code: number | 'timeout';
try {
  const page = await browser.newPage();
  const exit = new Promise<number | 'timeout'>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
    setTimeout(() => resolve('timeout'), 240_000).unref();
  });
  await page.exposeFunction('codeAutomationLog', () => undefined);
  const remote = (p: string) => `vscode-remote://127.0.0.1:${server.port}${p}`;
  await page.goto(
    server.url(exampleWorkspace(server), [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(path.join(out, 'index.cjs'))],
    ]),
  );
  code = await exit;
  if (code !== 0)
    await page.screenshot({ path: path.join(artifacts, 'FAILED-host.png') }).catch(() => undefined);
} finally {
  await browser.close();
  await server.stop();
}

let passed = 0;
let failed = 0;
if (existsSync(results)) {
  const list = JSON.parse(readFileSync(results, 'utf8')) as {
    title: string;
    state: string;
    error?: string;
  }[];
  for (const r of list) {
    if (r.state === 'passed') passed++;
    if (r.state === 'failed') {
      failed++;
      console.log(`  failed: ${r.title}\n${r.error}`);
    }
  }
}
if (code !== 0 && failed === 0) {
  failed = 1;
  console.log(`  the extension host ended with ${code}`);
}
console.log(`VS Code ${version}, extension host: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
