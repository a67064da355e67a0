// Runs test/vscode/host/*.test.ts INSIDE the extension host of a real VS Code; its exit code is theirs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { standInFolder } from '../glow/stand-in/build.ts';
import { TFLITE_MODEL } from '../glow/tfliteTwin.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { sdkWithOwnBoard } from '../support/ownSdkBoard.ts';
import type { Results } from '../support/results.ts';
import { exampleWorkspace, artifacts, root, startServer } from './server.ts';
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

const results = process.env['GLOWPORT_RESULTS'] ?? path.join(artifacts, 'host-results.json');
rmSync(results, { force: true });
const ownSdkFolder = mkdtempSync(path.join(tmpdir(), 'glowport-sdk-'));
await layOwnSdk(ownSdkFolder, ownSdk('package', 'frdmke16z'));
const boardSdkFolder = mkdtempSync(path.join(tmpdir(), 'glowport-sdk-'));
await layOwnSdk(boardSdkFolder, sdkWithOwnBoard('mcuxsdk'));
const server = await startServer({
  name: 'host-server',
  hostTests: true,
  env: {
    GLOWPORT_RESULTS: results,
    GLOWPORT_HOST_TESTS: JSON.stringify(tests.map((f) => f.replace(/\.ts$/, '.cjs'))),
    NODE_OPTIONS: '--enable-source-maps',
    GLOWPORT_OWN_SDK: ownSdkFolder,
    GLOWPORT_BOARD_SDK: boardSdkFolder,
    GLOWPORT_STAND_IN: standInFolder(),
    GLOWPORT_TFLITE: path.join(root, TFLITE_MODEL),
    // where public models may be
    GLOWPORT_ROOT: root,
    // Glow's profiles are kept there
    XDG_CACHE_HOME: path.join(standInFolder(), 'cache'),
  },
});
const browser = await startBrowser();
let code: number | 'timeout';
try {
  const page = await browser.newPage();
  const exit = new Promise<number | 'timeout'>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
    setTimeout(() => resolve('timeout'), 1_800_000).unref(); // for what hangs
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
  rmSync(ownSdkFolder, { recursive: true, force: true });
  rmSync(boardSdkFolder, { recursive: true, force: true });
}

if (!existsSync(results)) {
  console.log(`  the extension host ended with ${code} and no results; see ${artifacts}`);
  process.exitCode = 1;
} else {
  const { passed, failed, skipped } = JSON.parse(readFileSync(results, 'utf8')) as Results;
  for (const name of skipped) console.log(`  skipped: ${name}`);
  for (const text of failed) console.log(`  failed: ${text}`);
  console.log(`  ${passed} passing, ${failed.length} failing`);
  process.exitCode = code === 0 && failed.length === 0 && passed > 0 ? 0 : 1;
}
