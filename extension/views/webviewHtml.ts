import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface WebviewPage {
  /** Name of the bundle: dist/webview/<view>.js and .css. */
  readonly view: 'boards' | 'explore' | 'monitor' | 'network' | 'report' | 'validate';
  /** Title of the document, read by screen readers. */
  readonly title: string;
}

/** Options every webview of ours has: scripts on, files of dist/webview and webview/media only, links to the glossary. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableCommandUris: ['glowport.showGlossary'],
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
      vscode.Uri.joinPath(extensionUri, 'webview', 'media'),
    ],
  };
}

/**
 * The document of a webview: an empty body, one style sheet, one script, under a policy that lets nothing else in
 * (no inline script or style, no network). The page builds its content by DOM calls, so no data becomes markup.
 */
export function webviewHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page: WebviewPage): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (name: string) =>
    escapeHtml(webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name)).toString());
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob: data:`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  // JSON cannot end the script element once every '<' is escaped
  const strings = JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
  <!-- the control library probes for :focus-visible with a style element of its own -->
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(page.title)}</title>
  <link rel="stylesheet" href="${file(`${page.view}.css`)}">
  <script type="application/json" id="l10n" nonce="${nonce}">${strings}</script>
</head>
<body>
  <main id="app"></main>
  <script nonce="${nonce}" src="${file(`${page.view}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
