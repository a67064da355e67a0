import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { boards } from '../../extension/board/catalogue.ts';
import type { PortDescription } from '../../extension/serial/port.ts';
import { simulatedPort } from '../../extension/serial/ports.ts';
import { PortOwner } from '../../extension/serial/portOwner.ts';
import { openSerialPort } from '../../extension/serial/serialPort.ts';
import { openSimulatedPort } from '../../extension/serial/simulatedPort.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import type { MonitorHost } from '../../extension/views/monitor/host.ts';
import { type Monitor, PortClaims } from '../../extension/views/monitor/portClaims.ts';
import { type Reference, References } from '../../extension/views/monitor/reference.ts';
import { MonitorModel } from '../../extension/views/monitor/model.ts';
import { SavedSends } from '../../extension/views/monitor/send/savedSends.ts';
import { dispatch } from '../../webview/shared/messages/protocol.ts';
import { LONGEST_WAIT_MS, until } from '../support/until.ts';
import { THEMES, type ThemeName } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
}

/** Runs in the page. */
function postToPage(message: unknown): void {
  (globalThis as unknown as { postMessage(m: unknown, origin: string): void }).postMessage(message, '*');
}

/** The page's script and style as the product bundles them, from the source as it is now. */
async function bundle(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'webview/monitor/main.ts')],
    outdir: '/',
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  });
  const text = (ending: string) => outputFiles.find((f) => f.path.endsWith(ending))!.text;
  return { script: text('.js'), style: text('.css') };
}
let bundled: ReturnType<typeof bundle> | undefined;

export interface MonitorPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Real ports to list beside the simulated boards. */
  readonly ports?: readonly PortDescription[];
  readonly host?: Partial<MonitorHost>;
  readonly maxLines?: number;
  /** Networks that the PC knows of before. */
  readonly references?: readonly Reference[];
  /** Shared with other pages of the same window. */
  readonly claims?: PortClaims;
}

/**
 * The monitor's page in a plain browser tab, spoken to by the real model: all but VS Code's frame around it. The page
 * keeps VS Code's policy on scripts and styles.
 */
export class MonitorPage implements Monitor {
  readonly page: Page;
  readonly model: MonitorModel;
  readonly copied: string[] = [];
  readonly helped: string[] = [];
  /** Errors of the page; a test that ends with any has failed. */
  readonly errors: string[] = [];
  /** Answers the next question for a file. */
  #saveAs: string | undefined;
  /** Files that it has told to be saved. */
  readonly #saved = new Set<string>();
  readonly #dir: string;
  memory: unknown;
  references: readonly Reference[] = [];
  /** How often it was asked to come to the front. */
  shown = 0;

  private constructor(page: Page, dir: string, options: MonitorPageOptions) {
    this.page = page;
    this.#dir = dir;
    const catalogue = boards();
    const claims = options.claims ?? new PortClaims();
    this.model = new MonitorModel({
      post: (message) => {
        void page.evaluate(postToPage, message).catch(() => {});
      },
      boards: catalogue,
      listPorts: async () => [...(options.ports ?? []), ...catalogue.filter(isSimulated).map(simulatedPort)],
      openPort: (port, settings, events, lines) =>
        openSerialPort(port.id, settings, events, port.resetsOnBreak, lines),
      openSimulated: openSimulatedPort,
      debugged: () => undefined,
      onlyPort: undefined,
      takePort: (id) => claims.take(id, this),
      leavePorts: () => claims.leave(this),
      references: new References(options.references, (all) => (this.references = all)),
      owner: new PortOwner(),
      savedSends: new SavedSends({ get: () => undefined, set: () => {} }),
      memory: { get: () => undefined, set: (memory) => (this.memory = memory) },
      defaults: () => ({
        baudRate: 0,
        lineEnding: 'crlf',
        timestamps: 'off',
        maxLines: options.maxLines ?? 20_000,
        reconnect: true,
        fileLog: { format: 'raw', maxBytes: 0, earlier: 0 },
      }),
      selectedBoard: () => 'frdmke16z',
      labels: () => [],
      isTrusted: () => true,
      recordFile: path.join(dir, 'record'),
      log: () => {},
      t: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, i) => String(values[Number(i)])),
      copy: (text) => void this.copied.push(text),
      askPort: async () => undefined,
      askWhereToSave: async () => this.#saveAs,
      askAppend: async () => undefined,
      askForImage: async () => undefined,
      tellSaved: (file) => void this.#saved.add(file),
      help: (action) => void this.helped.push(action),
      changed: () => {},
      focused: () => {},
      ...options.host,
    });
  }

  static async open(browser: Browser, options: MonitorPageOptions = {}): Promise<MonitorPage> {
    const { script, style } = await (bundled ??= bundle());
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: options.height ?? 320 },
      permissions: [],
    });
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    const dir = await mkdtemp(path.join(os.tmpdir(), 'glowport-monitor-'));
    const made = new MonitorPage(page, dir, options);
    page.on('pageerror', (error) => made.errors.push(String(error)));
    page.on('console', (m) => {
      if (m.type() === 'error') made.errors.push(m.text());
    });
    await page.exposeFunction('hostMessage', (message: unknown) => dispatch(made.model.handlers, message));
    const theme = THEMES[options.theme ?? 'dark'];
    const policy = `default-src 'none'; style-src http://monitor.test 'nonce-n'; img-src blob: data:; script-src 'nonce-n'`;
    const variables = Object.entries(theme.variables).map(([k, v]) => `--vscode-${k}: ${v};`);
    const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Serial Monitor</title>
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <meta property="csp-nonce" content="n">
      <link rel="stylesheet" href="/theme-under-test.css"><link rel="stylesheet" href="/monitor.css"></head>
      <body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.bodyClass}"><main id="app"></main>
      <script nonce="n">
        window.acquireVsCodeApi = () => ({
          postMessage: (m) => window.hostMessage(m),
          getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
          setState: (s) => sessionStorage.setItem('state', JSON.stringify(s)),
        });
      </script>
      <script nonce="n" src="/monitor.js"></script></body></html>`;
    const files: Record<string, [type: string, body: string]> = {
      '/': ['text/html', html],
      '/monitor.js': ['text/javascript', script],
      '/monitor.css': ['text/css', style],
      '/theme-under-test.css': [
        'text/css',
        `:root { ${variables.join(' ')} color-scheme: ${theme.scheme}; } body { background: var(--vscode-panel-background); }`,
      ],
    };
    await page.route('http://monitor.test/**', async (route) => {
      const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
      await route.fulfill({ contentType, body });
    });
    await page.goto('http://monitor.test/');
    await page.locator('#port option').first().waitFor({ state: 'attached' });
    return made;
  }

  show(): void {
    this.shown++;
  }

  /** Saves the log by the page's button; resolves to what the file holds when it is told to be saved. */
  async save(file: string): Promise<Buffer> {
    this.#saveAs = file;
    await this.page.locator('#save').click();
    await until(() => this.#saved.delete(file));
    return readFile(file);
  }

  /** Answers the next questions for a file. */
  saveAs(file: string): void {
    this.#saveAs = file;
  }

  /** Controls that reach beyond the right edge of the page. */
  clipped(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { document, innerWidth } = globalThis as unknown as {
        innerWidth: number;
        document: {
          querySelectorAll(s: string): Iterable<{
            id: string;
            className: string;
            getBoundingClientRect(): { right: number; width: number };
          }>;
        };
      };
      return [
        ...document.querySelectorAll(
          'button, select, vscode-button, vscode-text-field, vscode-checkbox, table',
        ),
      ]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
        .map((e) => e.id || e.className);
    });
  }

  /** Serious violations that axe-core finds in the page, as `rule: element`. */
  async axe(): Promise<string[]> {
    const source = readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
    await this.page.evaluate(source);
    return this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run();
      return violations
        .filter((v) => ['serious', 'critical'].includes(v.impact))
        .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`));
    });
  }

  async close(): Promise<void> {
    await this.model.dispose();
    await this.page.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
