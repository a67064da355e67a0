import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { decodeImage } from '../../extension/image/decode.ts';
import type { PortDescription } from '../../extension/serial/port.ts';
import { runPicture } from '../../extension/workflow/port/runPicture.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { launch, MonitorPage } from './monitorPage.ts';
import { portDigits, type PortedDigits } from './portedDigits.ts';

describe('the log of a drawn picture', () => {
  let browser: Browser;
  let digits: PortedDigits;
  /** Another picture than the one that the port ran. */
  let drawn: { readonly name: string; readonly bytes: Buffer; readonly printed: Buffer };
  before(async () => {
    [browser, digits] = await Promise.all([launch(), portDigits()]);
    const name = (await readdir(digits.samples)).find((file) => file.endsWith('_2.png'))!;
    const bytes = await readFile(path.join(digits.samples, name));
    const { uart } = await runPicture(digits.result, decodeImage(bytes, name));
    drawn = { name, bytes, printed: Buffer.from(uart) };
    assert.notDeepEqual(drawn.printed, Buffer.from(digits.result.run!.simulation.uart));
  });
  after(async () => {
    await browser?.close();
    await digits?.remove();
  });

  const rows = (m: MonitorPage): Promise<string[]> => m.page.locator('.row:not(.probe)').allInnerTexts();
  const linesOf = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString().trimEnd().split(/\r?\n/);

  async function draw(m: MonitorPage): Promise<void> {
    await m.page.locator('#draw').click();
    m.model.handlers.drop({ type: 'drop', name: drawn.name, bytes: drawn.bytes });
    await m.page.locator('#top1', { hasText: '2' }).waitFor();
  }

  it('has what it printed, behind the run before, and below a line that says so', async () => {
    const m = await MonitorPage.open(browser, { width: 1100, height: 900 });
    const { uart } = digits.result.run!.simulation;
    await m.model.show(digits.result);
    await draw(m);
    await m.page.locator('.row.note', { hasText: 'ran the drawing' }).waitFor();
    assert.deepEqual(await rows(m), [
      'FRDM-KE16Z (simulated) ran the new firmware:',
      ...linesOf(uart),
      'FRDM-KE16Z (simulated) ran the drawing:',
      ...linesOf(drawn.printed),
    ]);
    const saved = await m.save(path.join(digits.result.bundleFolder, 'saved.log'));
    assert.deepEqual(saved, Buffer.concat([uart, drawn.printed]));
    assert.deepEqual(m.errors, []);
    await m.close();
  });

  it('is beside all that one works with, in panels of the usual sizes', async () => {
    for (const [width, height] of [
      [1100, 260],
      [780, 300],
      [780, 260],
      [780, 200],
      [360, 800],
    ] as const) {
      const m = await MonitorPage.open(browser, { width, height });
      await m.model.show(digits.result);
      await draw(m);
      for (const control of [
        '#send',
        '#line-ending',
        '#send-text',
        '#draw-run',
        '#draw-clear',
        '#draw-close',
      ]) {
        const box = (await m.page.locator(control).boundingBox())!;
        const isInside = box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height;
        assert.ok(isInside && box.width > 20, `${control} at ${width} x ${height}: ${JSON.stringify(box)}`);
      }
      const first = (await m.page.locator('.classes tbody tr').first().boundingBox())!;
      assert.ok(
        width < 600 || first.y + first.height <= height,
        `classes at ${width} x ${height}: ${first.y}`,
      );
      assert.deepEqual(m.errors, []);
      await m.close();
    }
  });

  it('stands on lines of its own between those of a real port that is in the middle of one', async () => {
    const pty = await PtyPair.start();
    const port: PortDescription = {
      ...{ id: pty.path, label: pty.path, manufacturer: undefined, probe: undefined },
      ...{ boardIds: [], usb: undefined, resetsOnBreak: false },
      kind: 'serial',
    };
    const m = await MonitorPage.open(browser, { width: 1100, height: 900, ports: [port] });
    await m.page.selectOption('#port', pty.path);
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    await m.model.show({ ...digits.result, run: undefined });
    pty.write(Buffer.from('half a'));
    await m.page.locator('.row', { hasText: 'half a' }).waitFor();
    await draw(m);
    await m.page.locator('.row', { hasText: 'Inference time' }).waitFor();
    pty.write(Buffer.from(' line\r\n'));
    await m.page.locator('.row', { hasText: /^ line$/ }).waitFor();
    const all = await rows(m);
    assert.deepEqual(all.slice(all.indexOf('half a')), [
      'half a',
      'FRDM-KE16Z (simulated) ran the drawing:',
      ...linesOf(drawn.printed),
      ' line',
    ]);
    assert.deepEqual(m.errors, []);
    await m.close();
    await pty.dispose();
  });
});
