import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { PtyPair } from '../serial/ptyPair.ts';
import { launch, MonitorPage } from './monitorPage.ts';

/** Bytes that look random and are the same in every run. */
function noise(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i * 32 < length; i++) parts.push(createHash('sha256').update(`noise ${i}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

const ESC = '\x1b';
const inputs: Readonly<Record<string, () => Buffer>> = {
  'escape sequences that clear, move, rename and ask': () =>
    Buffer.from(
      `${ESC}[2J${ESC}[H${ESC}]0;title\x07${ESC}[?1049h${ESC}[6n${ESC}c${ESC}P+q544e${ESC}\\`.repeat(500),
    ),
  'HTML and scripts': () =>
    Buffer.from(
      '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">&lt;b&gt;</main>\r\n',
    ),
  '10 MB without a line ending': () => Buffer.alloc(10 << 20, 'x'),
  'NULs and all other control characters': () =>
    Buffer.from(Array.from({ length: 20_000 }, (_, i) => i % 32)),
  'invalid UTF-8 and halves of characters': () =>
    Buffer.from(Array.from({ length: 60_000 }, (_, i) => [0xff, 0xc3, 0xe2, 0x82, 0xf0, 0x9f, 0x80][i % 7]!)),
  'colours without end': () =>
    Buffer.from(
      Array.from({ length: 40_000 }, (_, i) => `${ESC}[${30 + (i % 8)};4${i % 8};38;5;${i}m#`).join(''),
    ),
  'sequences that never end': () =>
    Buffer.from(`${ESC}]8;;${'a'.repeat(1 << 20)}${ESC}[${'1;'.repeat(1 << 19)}`),
  'text that would be reordered, stacked and broken': () =>
    Buffer.from(`\u202egnp.exe\u2066\u2028 a${'\u0301'.repeat(5000)} 👩‍👩‍👧‍👦\r\n`.repeat(50)),
  'reports with absurd numbers': () =>
    Buffer.from(
      Array.from(
        { length: 5000 },
        (_, i) => `class = ${i}\r\nConfidence = ${i % 2 ? '1e999' : '-9'.repeat(40)}\r\n`,
      ).join('') + 'Top1 class = 999999999\r\nInference time = 99999999999999999999 (us)\r\n',
    ),
  noise: () => noise(1 << 20),
};

describe('hostile input to the monitor', () => {
  let browser: Browser;
  let pty: PtyPair;
  let m: MonitorPage;
  before(async () => {
    browser = await launch();
    pty = await PtyPair.start();
    m = await MonitorPage.open(browser, {
      ports: [
        {
          id: pty.path,
          kind: 'serial',
          label: 'device',
          manufacturer: undefined,
          probe: 'probe',
          boardIds: [],
          usb: undefined,
          resetsOnBreak: false,
        },
      ],
    });
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
  });
  after(async () => {
    await m?.close();
    await pty?.dispose();
    await browser?.close();
  });

  /** It still shows what comes, clears, saves all of it, and connects anew. */
  async function stillWorks(sent: Buffer): Promise<void> {
    pty.write(Buffer.from('\r\nstill here\r\n'));
    await m.page.locator('.row', { hasText: /^still here$/ }).waitFor();
    const saved = await m.save(path.join(pty.dir, 'saved'));
    const expected = Buffer.concat([sent, Buffer.from('\r\nstill here\r\n')]);
    assert.ok(saved.equals(expected), `saved ${saved.length} of ${expected.length} bytes`);
    await m.page.locator('#connect').click();
    await m.page.locator('.status', { hasText: 'Not connected' }).waitFor();
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    await m.page.locator('#clear').click();
    await m.page.locator('.log-empty').waitFor();
    assert.equal(await m.page.title(), 'Serial Monitor');
    assert.deepEqual(m.errors, []);
  }

  for (const [name, make] of Object.entries(inputs)) {
    it(name, async () => {
      const bytes = make();
      pty.write(bytes);
      await stillWorks(bytes);
    });
  }

  it('a flood that does not end: Stop answers, and so does Clear', async () => {
    const line = Buffer.from('class = 3 flood flood flood flood flood flood flood\r\n'.repeat(1000));
    const flood = (async () => {
      while (await pty.writeAll(line));
    })();
    await m.page.locator('.counts', { hasText: /dropped from view/ }).waitFor();
    await m.page.locator('#clear').click();
    await m.page.locator('#connect').click();
    await m.page.locator('.status', { hasText: 'Not connected' }).waitFor();
    await pty.unplug();
    await flood;
    await pty.plug();
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    await m.page.locator('#clear').click();
    await stillWorks(Buffer.alloc(0));
  });

  it('a port that vanishes in the middle of a line, and of a character', async () => {
    pty.write(Buffer.from([...Buffer.from('class = 1\r\nConfid'), 0xe2, 0x82]));
    await m.page.locator('.row', { hasText: 'Confid' }).waitFor();
    await pty.unplug();
    await m.page.locator('.row.note', { hasText: 'went away' }).waitFor();
    await m.page.locator('.row', { hasText: 'Confid\ufffd' }).waitFor();
    await pty.plug();
    await m.page.locator('.dot.connected').waitFor();
    await m.page.locator('#clear').click();
    await m.page.locator('.log-empty').waitFor();
    await stillWorks(Buffer.alloc(0));
  });
});
