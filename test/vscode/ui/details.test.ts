import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { until } from '../../support/until.ts';
import { root } from '../server.ts';
import { openWindow, sharedServer } from '../session.ts';

const { packedReadme } = (await import(path.join(root, 'test/vscode/packedReadme.mjs'))) as {
  packedReadme: (file: string, imagesUrl: string) => Promise<string>;
};

/** VS Code shows pictures of an extension's README.md from https addresses only: here are some. */
async function servePictures(): Promise<Server> {
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const made = execFileSync('openssl', [...request, '-keyout', '-', '-out', '-'], { stdio: 'pipe' });
  const server = createServer({ key: made, cert: made }, (request, response) => {
    const name = path.basename(request.url ?? '');
    response.setHeader('Content-Type', 'image/png');
    response.end(readFileSync(path.join(root, 'docs/images', name)));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}

describe('the extension’s own page', () => {
  let pictures: Server;
  before(async () => (pictures = await servePictures()));
  after(() => pictures.close());

  it('shows every picture of README.md, the animation playing', async () => {
    const { dir } = await sharedServer();
    const extensions = path.join(dir, 'data/extensions');
    const installed = readdirSync(extensions).find((name) => name.startsWith('glowport.'))!;
    const imagesUrl = `https://localhost:${(pictures.address() as AddressInfo).port}/`;
    const contents = await packedReadme(path.join(root, 'README.md'), imagesUrl);
    writeFileSync(path.join(extensions, installed, 'readme.md'), contents);

    const { workbench, page } = await openWindow({
      folder: null,
      selfSigned: true,
      width: 1440,
      height: 900,
    });
    await workbench.runCommand('Extensions: Show Installed Extensions');
    await page.locator('.extensions-list .monaco-list-row', { hasText: 'GlowPort' }).first().dblclick();
    const readme = await workbench.webviewWith('img');
    const wanted = [...contents.matchAll(/!\[[^\]]*\]\(https:/g)].length;
    assert.ok(wanted > 3);
    // no script runs in this page, but it can be asked
    await until(async () => {
      const widths = await readme.evaluate<number[]>('[...document.images].map((i) => i.naturalWidth)');
      return widths.length === wanted && widths.every((width) => width > 0);
    });
    await workbench.screenshot('details');
    await assertPlays(readme);
  });

  /** Its picture is another one after a while, in the same place. */
  async function assertPlays(frame: Frame): Promise<void> {
    const animation = frame.locator('img').first();
    assert.match((await animation.getAttribute('src')) ?? '', /porting\.png$/);
    const first = await animation.screenshot();
    await until(async () => !(await animation.screenshot()).equals(first));
  }
});
