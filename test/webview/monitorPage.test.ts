import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { filesOf } from '../../extension/workflow/data/testInput.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import type { PortDescription } from '../../extension/serial/port.ts';
import { openSimulatedPort } from '../../extension/serial/simulatedPort.ts';
import type { KeptDrawing } from '../../extension/views/monitor/drawable.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { until } from '../support/until.ts';
import { launch, MonitorPage, type MonitorPageOptions } from './monitorPage.ts';
import { portDigits, type PortedDigits } from './portedDigits.ts';
import { THEMES, type ThemeName } from './themes.ts';

const serial = (id: string): PortDescription => ({
  id,
  kind: 'serial',
  label: id,
  manufacturer: 'ARM',
  probe: 'OpenSDA (DAPLink)',
  boardIds: ['frdmke16z'],
  usb: undefined,
  resetsOnBreak: false,
});

describe('monitor page', () => {
  let browser: Browser;
  let digits: PortedDigits;
  before(async () => {
    [browser, digits] = await Promise.all([launch(), portDigits()]);
  });
  after(async () => {
    await browser?.close();
    await digits?.remove();
  });

  const pages: MonitorPage[] = [];
  const ptys: PtyPair[] = [];
  afterEach(async () => {
    for (const m of pages.splice(0)) await m.close();
    for (const p of ptys.splice(0)) await p.dispose();
  });

  async function device(): Promise<PtyPair> {
    const pty = await PtyPair.start();
    ptys.push(pty);
    return pty;
  }

  async function open(options: MonitorPageOptions = {}): Promise<MonitorPage> {
    const m = await MonitorPage.open(browser, options);
    pages.push(m);
    return m;
  }

  /** A page on the simulated board with the digits' firmware, connected. */
  async function simulated(options: MonitorPageOptions = {}): Promise<MonitorPage> {
    const m = await open(options);
    await m.model.show({ ...digits.result, run: undefined });
    await m.page.locator('#connect').click();
    await m.page.locator('#verdict[data-verdict=match]').waitFor();
    return m;
  }

  it('shows Top1, a bar for each class, the PC’s results and the match of a simulated board', async () => {
    const m = await simulated();
    assert.equal(await m.page.locator('#top1').innerText(), '7');
    const rows = m.page.locator('.classes tbody tr');
    assert.equal(await rows.count(), 10);
    const { quantized } = digits.result.pc.expected;
    for (const [i, raw] of quantized.entries()) {
      assert.equal(await rows.nth(i).locator('.raw').innerText(), String(raw));
      assert.equal(await rows.nth(i).locator('.pc').first().innerText(), String(raw));
    }
    const width = (row: number) =>
      rows
        .nth(row)
        .locator('.bar-fill')
        .evaluate((e) => e.getBoundingClientRect().width);
    assert.ok((await width(7)) > (await width(8)));
    await m.page.locator('[role=status]', { hasText: 'Top1 7' }).waitFor({ state: 'attached' });
    assert.deepEqual(m.errors, []);
  });

  it('reboots the simulated board on Reset and draws the history of times', async () => {
    const m = await simulated();
    await m.page.locator('#reset').click();
    await m.page.locator('.sparkline').waitFor();
    assert.match((await m.page.locator('.sparkline title').textContent()) ?? '', /Last 2 inference times/);
    await m.page.locator('.row', { hasText: 'Top1 class = 7' }).nth(1).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('keeps a real port connected while a port to a simulated board shows its result beside it', async () => {
    const pty = await device();
    const m = await open({ ports: [serial(pty.path)] });
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    await m.model.show(digits.result);
    await m.page.locator('#verdict[data-verdict=match]').waitFor();
    await m.page.locator('.source', { hasText: 'FRDM-KE16Z (simulated)' }).waitFor();
    assert.equal(await m.page.locator('#port').inputValue(), pty.path);
    // and it still listens
    pty.write(Buffer.from('of the real board\r\n'));
    await m.page.locator('.row', { hasText: 'of the real board' }).waitFor();
    assert.equal(m.model.state.kind, 'connected');
    assert.deepEqual(m.errors, []);
  });

  it('says what Connect would do once a simulated board has firmware', async () => {
    const m = await open();
    await m.page.locator('.status', { hasText: /^Not connected$/ }).waitFor();
    await m.model.show(digits.result);
    const status = m.page.locator('.status');
    await status.filter({ hasText: 'Connect runs the firmware live on FRDM-KE16Z (simulated)' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('saves every byte although most lines were dropped from view', async () => {
    const pty = await device();
    const m = await open({ ports: [serial(pty.path)], maxLines: 1000 });
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} \x1b[3${i % 8}mcolour\x1b[0m\r\n`).join(
      '',
    );
    pty.write(Buffer.from(lines));
    await m.page.locator('.row', { hasText: 'line 4999' }).waitFor();
    await m.page.locator('.counts', { hasText: /4,00\d lines dropped from view/ }).waitFor();
    assert.equal((await m.save(path.join(pty.dir, 'saved.log'))).toString(), lines);
    assert.deepEqual(m.errors, []);
  });

  it('works on a real serial device fed by a simulated board’s UART, unplugged and plugged in again', async () => {
    const pty = await device();
    const firmware = await readFile(digits.result.elf);
    const m = await open({ ports: [serial(pty.path)] });
    const choices = { ...digits.result.choices, port: pty.path };
    await m.model.show({ ...digits.result, choices, run: undefined });
    await m.page.locator('.dot.connected').waitFor();
    const board = await openSimulatedPort('frdmke16z', firmware, {
      onData: (bytes) => pty.write(bytes),
      onLost: (reason) => assert.fail(english(reason)),
    });
    await m.page.locator('#verdict[data-verdict=match]').waitFor();
    await pty.unplug();
    await m.page.locator('.status', { hasText: 'Waiting for' }).waitFor();
    await m.page.locator('.row.note', { hasText: 'went away' }).waitFor();
    await pty.plug();
    await m.page.locator('.dot.connected').waitFor();
    await board.reset();
    await m.page.locator('.row', { hasText: 'Top1 class = 7' }).nth(1).waitFor();
    // what is sent reaches the device, with the line ending chosen
    await m.page.selectOption('#line-ending', 'lf');
    await m.page.locator('#send-text input').fill('hello');
    await m.page.keyboard.press('Enter');
    await until(() => pty.received.includes('hello\n'));
    await board.close();
    assert.deepEqual(m.errors, []);
  });

  it('runs a drawn digit, and a dropped image that is the firmware’s own', async () => {
    const m = await simulated({ height: 600 });
    await m.page.locator('#draw').click();
    const box = (await m.page.locator('#draw-canvas').boundingBox())!;
    const to = (x: number, y: number, steps = 5) =>
      m.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps });
    await to(0.5, 0.15);
    await m.page.mouse.down();
    await to(0.5, 0.85);
    await m.page.mouse.up();
    await m.page.locator('#draw-run').click();
    await m.page.locator('.source', { hasText: 'Drawing on FRDM-KE16Z' }).waitFor();
    assert.equal(await m.page.locator('#top1').innerText(), '1');
    assert.equal(await m.page.locator('#verdict').getAttribute('data-verdict'), 'match');

    const file = await readFile(filesOf(digits.result.input)[0]!);
    m.model.handlers.drop({ type: 'drop', name: 'seven.png', bytes: file });
    await m.page.locator('#top1', { hasText: '7' }).waitFor();
    const raw = await m.page.locator('.classes td.raw').allInnerTexts();
    assert.deepEqual(raw.map(Number), digits.result.pc.expected.quantized);
    assert.deepEqual(m.errors, []);
  });

  it('draws after a reload of the window, with the network of before or not at all', async () => {
    const before = await simulated({ height: 600 });
    const memory = JSON.parse(JSON.stringify(before.memory)) as { drawing: KeptDrawing };
    const file = await readFile(filesOf(digits.result.input)[0]!);

    const { references } = before;
    const m = await open({ height: 600, references, host: { memory: { get: () => memory, set: () => {} } } });
    await m.page.locator('#draw').click();
    m.model.handlers.drop({ type: 'drop', name: 'seven.png', bytes: file });
    await m.page.locator('#top1', { hasText: '7' }).waitFor();
    assert.equal(await m.page.locator('#verdict').getAttribute('data-verdict'), 'match');
    const raw = await m.page.locator('.classes td.raw').allInnerTexts();
    assert.deepEqual(raw.map(Number), digits.result.pc.expected.quantized);

    // other samples, other ranges: not the firmware's network any more
    const { port } = memory.drawing;
    const other = { ...port, choices: { ...port.choices, samples: [digits.samples] } };
    const changed = { ...memory, drawing: { ...memory.drawing, port: other } };
    const late = await open({
      height: 600,
      references,
      host: { memory: { get: () => changed, set: () => {} } },
    });
    await late.page.locator('#draw').click();
    late.model.handlers.drop({ type: 'drop', name: 'seven.png', bytes: file });
    await late.page
      .locator('.draw-problem', { hasText: 'have changed since the firmware was built' })
      .waitFor();
    assert.deepEqual([...m.errors, ...late.errors], []);
  });

  it('keeps as many lines as the settings say, from the moment they change', async () => {
    const pty = await device();
    let maxLines = 1000;
    const settings = {
      ...({ baudRate: 0, lineEnding: 'crlf', timestamps: 'off', reconnect: true } as const),
      fileLog: { format: 'raw', maxBytes: 0, earlier: 0 } as const,
    };
    const m = await open({
      ports: [serial(pty.path)],
      host: { defaults: () => ({ ...settings, maxLines }) },
    });
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    pty.write(Buffer.from(Array.from({ length: 900 }, (_, i) => `line ${i}\r\n`).join('')));
    await m.page.locator('.row', { hasText: 'line 899' }).waitFor();
    maxLines = 100;
    m.model.settingsChanged();
    await m.page.locator('.counts', { hasText: /80\d lines dropped from view/ }).waitFor();
    await m.page.locator('.row', { hasText: 'line 899' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('says in one sentence what is wrong with a dropped file, and goes on', async () => {
    const m = await simulated({ height: 600 });
    await m.page.locator('#draw').click();
    m.model.handlers.drop({ type: 'drop', name: 'notes.txt', bytes: Buffer.from('no image') });
    await m.page
      .locator('.draw-problem', { hasText: 'notes.txt is not a PNG, JPEG or BMP image.' })
      .waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('offers to port a model when a simulated board has no firmware', async () => {
    const m = await open();
    await m.page.selectOption('#port', 'sim:frdmkv11z');
    await m.page.locator('#connect').click();
    await m.page.locator('.problem', { hasText: 'There is no firmware for FRDM-KV11Z' }).waitFor();
    await m.page.locator('#help').click();
    assert.deepEqual(m.helped, ['port']);
    await m.page.locator('#dismiss').click();
    await m.page.locator('.problem').waitFor({ state: 'hidden' });
    assert.deepEqual(m.errors, []);
  });

  it('says that the firmware is gone, and offers to port the model again', async () => {
    const m = await open();
    await m.model.show({ ...digits.result, elf: '/nowhere/mnist.elf', run: undefined });
    await m.page.locator('#connect').click();
    await m.page.locator('.problem', { hasText: 'Port the model again.' }).waitFor();
    await m.page.locator('#help').click();
    assert.deepEqual(m.helped, ['port']);
    assert.deepEqual(m.errors, []);
  });

  it('pauses, shows time stamps, hexadecimal, searches, copies and clears', async () => {
    const m = await simulated({ height: 500 });
    const { page } = m;
    await page.selectOption('#timestamps', 'absolute');
    await page.locator('.row-time').first().waitFor();
    assert.match(await page.locator('.row-time').first().innerText(), /^\d\d:\d\d:\d\d\.\d{3}$/);

    await page.keyboard.press('Control+f');
    await page.keyboard.type('CONFIDENCE = ');
    await page.locator('.find-count', { hasText: /of 10$/ }).waitFor();
    assert.ok((await page.locator('.row mark').count()) > 0);
    const first = await page.locator('.row.current').innerText();
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (text) =>
        (
          globalThis as unknown as { document: { querySelector(s: string): { innerText: string } | null } }
        ).document.querySelector('.row.current')?.innerText !== text,
      first,
    );
    await page.locator('#find-case').click();
    await page.locator('.find-count', { hasText: 'No results' }).waitFor();
    await page.locator('#find-text input').focus();
    await page.keyboard.press('Escape');
    await page.locator('.find').waitFor({ state: 'hidden' });

    await page.locator('#pause').click();
    await page.locator('.jump', { hasText: 'Paused' }).waitFor();
    await page.locator('#reset').click();
    await page.locator('.jump', { hasText: /Paused, \d+ new lines/ }).waitFor();
    await page.locator('.jump').click();
    await page.locator('.jump').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('#pause').getAttribute('aria-pressed'), 'false');

    await page.locator('#copy').click();
    await until(() => m.copied.length > 0);
    assert.match(m.copied[0]!, /^class = 0\nConfidence = -?\d+\n/);

    await page.locator('#hex').click();
    await page.locator('.row.hex', { hasText: 'class = 0' }).first().waitFor();
    await page.locator('#hex').click();
    await page.locator('#clear').click();
    await page.locator('.log-empty').waitFor();
    assert.equal(await page.locator('.row').count(), 0);
    assert.deepEqual(m.errors, []);
  });

  it('works from the keyboard alone', async () => {
    const m = await open();
    await m.model.show(digits.result);
    const { page } = m;
    const focused = () =>
      page.evaluate(
        () =>
          (globalThis as unknown as { document: { activeElement: { id: string } } }).document.activeElement
            .id,
      );
    const order: string[] = [];
    for (let i = 0; i < 30 && order.at(-1) !== 'draw'; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    const wanted = [
      'port',
      'refresh',
      'connect',
      'pause',
      'timestamps',
      'hex',
      'filter',
      'plot',
      'find',
      'copy',
      'save',
      'clear',
      'log',
    ];
    assert.deepEqual(
      order.filter((id) => wanted.includes(id)),
      wanted,
    );
    await page.locator('#connect').focus();
    await page.keyboard.press('Enter');
    await page.locator('.dot.connected').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.status', { hasText: 'Not connected' }).waitFor();
    await page.locator('#draw').focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'draw-canvas');
    for (let i = 0; i < 18; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('#top1', { hasText: '1' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`has no serious accessibility violation in ${theme}, wide and narrow`, async () => {
      for (const [width, height] of [
        [1280, 420],
        [340, 800],
      ] as const) {
        const m = await simulated({ theme, width, height });
        await m.page.locator('#draw').click();
        await m.page.locator('#find').click();
        assert.deepEqual(await m.axe(), []);
        assert.deepEqual(m.errors, []);
      }
    });
  }

  it('clips nothing and scrolls nowhere sideways at 240 pixels', async () => {
    const m = await simulated({ width: 240, height: 900 });
    assert.deepEqual(await m.clipped(), []);
    assert.deepEqual(m.errors, []);
  });
});
