import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { productRoot } from '../../extension/common/resources.ts';
import { LONGEST_WAIT_MS } from '../support/until.ts';
import { THEMES, type ThemeName } from './themes.ts';

export interface OpenPage {
  readonly page: Page;
  /** Sends a message as the extension host does; resolves when the page has drawn what it made of it. */
  send(message: unknown): Promise<void>;
  /** Messages the page has sent, oldest first. */
  posted(): Promise<{ readonly type: string }[]>;
  /** What the browser complained about: errors, and what the content security policy stopped. */
  readonly complaints: readonly string[];
}

/** Opens pages of ours in a real browser without VS Code, under the content security policy of extension/views/webviewHtml.ts. */
export class PageTester {
  #browser: Browser | undefined;
  readonly #files = new Map<string, { js: string; css: string }>();

  async open(
    view: string,
    size: { width: number; height: number },
    theme: ThemeName = 'dark',
    language = 'en',
  ): Promise<OpenPage> {
    this.#browser ??= await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
    const files = await this.#build(view);
    const page = await this.#browser.newPage({ viewport: size });
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    await page.route('http://page.test/**', (route) => {
      const name = new URL(route.request().url()).pathname;
      if (name === '/page.js') return route.fulfill({ body: files.js, contentType: 'text/javascript' });
      if (name === '/page.css') return route.fulfill({ body: files.css, contentType: 'text/css' });
      if (name === '/')
        return route.fulfill({ body: html(theme, language), contentType: 'text/html; charset=utf-8' });
      return route.fulfill({ status: 204 });
    });
    await page.goto('http://page.test/');
    return {
      page,
      complaints,
      send: async (message) => {
        // the page has heard it before this listener does, and the control library draws with the next frame
        await page.evaluate(`new Promise((drawn) => {
          const frame = (next) => requestAnimationFrame(next);
          addEventListener('message', () => frame(() => frame(drawn)), { once: true });
          postMessage(${JSON.stringify(message)}, '*');
        })`);
      },
      posted: () => page.evaluate<{ type: string }[]>('posted'),
    };
  }

  async close(): Promise<void> {
    await this.#browser?.close();
  }

  async #build(view: string): Promise<{ js: string; css: string }> {
    const known = this.#files.get(view);
    if (known) return known;
    const { outputFiles } = await build({
      entryPoints: [path.join(productRoot, 'webview', view, 'main.ts')],
      outdir: '/page',
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
    });
    const text = (ending: string): string => outputFiles.find((f) => f.path.endsWith(ending))?.text ?? '';
    const built = { js: text('.js'), css: text('.css') };
    this.#files.set(view, built);
    return built;
  }
}

function strings(language: string): string {
  if (language === 'en') return '{}';
  const file = path.join(productRoot, 'l10n', `bundle.l10n.${language}.json`);
  return readFileSync(file, 'utf8').replaceAll('<', '\\u003c');
}

/** The page as the host makes it for a theme and a language, with its strings. */
function html(theme: ThemeName, language: string): string {
  const { bodyClass, variables, scheme } = THEMES[theme];
  const policy = `default-src 'none'; style-src 'self' 'nonce-n'; font-src 'self'; img-src 'self' blob: data:; script-src 'nonce-n'`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="n">
  <title>page</title>
  <link rel="stylesheet" href="page.css">
  <script type="application/json" id="l10n" nonce="n">${strings(language)}</script>
  <script nonce="n">
    for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
      document.documentElement.style.setProperty('--vscode-' + name, value);
    }
    document.documentElement.style.colorScheme = '${scheme}';
    window.posted = [];
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => posted.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
  </script>
</head>
<body class="${bodyClass}" data-vscode-theme-kind="${bodyClass}">
  <main id="app"></main>
  <script nonce="n" src="page.js"></script>
</body>
</html>`;
}
