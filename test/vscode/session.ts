import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { artifacts, exampleWorkspace, startServer, version } from './server.ts';
import type { Server } from './server.ts';
import { Workbench } from './workbench.ts';

let server: Promise<Server> | undefined;
let browser: Promise<Browser> | undefined;
let current: { readonly context: BrowserContext; readonly workbench: Workbench } | undefined;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}

/** The one server of this test process, with the packaged extension installed. */
export function sharedServer(): Promise<Server> {
  return (server ??= startServer({ install: true, name: 'ui-server' }));
}

/**
 * A fault of this set-up, not of the extension: on a desktop every webview has an origin of its own; here all share one and
 * so one service worker, which each new webview replaces by a copy. A webview that looks just after another's copy has
 * taken over waits for ever for a change that has been, and stays blank. This gives it the change after a second.
 */
const rescueServiceWorkers = `
  if (location.pathname.includes('/webview/browser/pre/') && navigator.serviceWorker) {
    const workers = navigator.serviceWorker;
    const listen = workers.addEventListener.bind(workers);
    workers.addEventListener = (type, listener, options) => {
      let changed = false;
      listen(type, listener, options);
      if (type !== 'controllerchange') return;
      listen(type, () => (changed = true), { once: true });
      setTimeout(() => !changed && workers.controller && listener(new Event(type)), 1000);
    };
  }`;

/** The same fault again: files that a page asks for while the workers change go to the network; here they come from disk. */
async function serveResources(context: BrowserContext): Promise<void> {
  await context.route(
    (url) => url.hostname.endsWith('.vscode-resource.vscode-cdn.net'),
    (route) =>
      route.fulfill({
        path: decodeURIComponent(new URL(route.request().url()).pathname),
        headers: { 'Access-Control-Allow-Origin': '*' },
      }),
  );
}

export interface WindowOptions {
  /** Absolute path of the folder to open; default: a fresh copy of the MNIST example. Null: an empty window. */
  readonly folder?: string | null;
  readonly width?: number;
  readonly height?: number;
  /** Another server than the shared one (its own settings, workspace trust). */
  readonly server?: Server;
  /** Takes certificates that nobody has signed, of a server in the test. */
  readonly selfSigned?: boolean;
}

export interface Window {
  readonly workbench: Workbench;
  readonly page: Workbench['page'];
  readonly server: Server;
  /** The folder that is open; '' in an empty window. */
  readonly folder: string;
}

/** Opens a new VS Code window with fresh view state, and closes the one before it. Call it in `before`. */
export async function openWindow(options: WindowOptions = {}): Promise<Window> {
  const on = options.server ?? (await sharedServer());
  browser ??= startBrowser();
  await current?.context.close();
  const context = await (
    await browser
  ).newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 860 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    ignoreHTTPSErrors: options.selfSigned ?? false,
  });
  await context.addInitScript(rescueServiceWorkers);
  await serveResources(context);
  const workbench = new Workbench(await context.newPage());
  const log = path.join(artifacts, 'console.log');
  workbench.page.on('console', (m) => appendFileSync(log, `${new Date().toISOString()} ${m.text()}\n`));
  current = { context, workbench };
  const folder = options.folder === undefined ? exampleWorkspace(on) : (options.folder ?? '');
  await workbench.open(on.url(folder || undefined));
  return { workbench, page: workbench.page, server: on, folder };
}

/**
 * A test of how pages look and of their accessibility, in every theme: the same Chromium draws them under both VS Codes, so that it is
 * made under one.
 */
export function itLooks(title: string, test: () => Promise<void>): void {
  if (version === 'newest') it(title, test);
}

/** Mocha root hooks: a picture of every failure, and everything ended at the end. */
export const mochaHooks = {
  async afterEach(this: { currentTest?: { state?: string; fullTitle(): string } }): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = `FAILED-${test.fullTitle().replace(/\W+/g, '-').slice(0, 80)}`;
    await current?.workbench.screenshot(name).catch(() => undefined);
  },
  async afterAll(): Promise<void> {
    await current?.context.close();
    await (await browser)?.close();
    await (await server)?.stop();
  },
};
