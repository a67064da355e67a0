import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { PortDescription } from '../../extension/serial/port.ts';
import { SavedSends } from '../../extension/views/monitor/send/savedSends.ts';
import type { MonitorHost } from '../../extension/views/monitor/host.ts';
import type { ControlLines, PortSettings } from '../../webview/shared/portSettings.ts';
import type { SavedSend } from '../../webview/shared/sends.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { until } from '../support/until.ts';
import { launch, MonitorPage, type MonitorPageOptions } from './monitorPage.ts';
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

/** A port with lines, as a USB adapter has them and a pseudo-terminal does not; notes what it is told. */
class AdapterPort {
  readonly told: string[] = [];
  readonly opened: { readonly settings: PortSettings; readonly lines: ControlLines }[] = [];

  readonly openPort: MonitorHost['openPort'] = async (_port, settings, _events, lines) => {
    this.opened.push({ settings, lines });
    return {
      send: async () => {},
      reset: async () => void this.told.push('reset'),
      control: {
        setLines: async ({ dtr, rts }) => void this.told.push(`dtr ${dtr}, rts ${rts}`),
        sendBreak: async () => void this.told.push('break'),
      },
      close: async () => {},
    };
  };
}

describe('tools of the monitor', () => {
  let browser: Browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const pages: MonitorPage[] = [];
  const ptys: PtyPair[] = [];
  afterEach(async () => {
    for (const m of pages.splice(0)) await m.close();
    for (const p of ptys.splice(0)) await p.dispose();
  });

  async function open(options: MonitorPageOptions = {}): Promise<MonitorPage> {
    const m = await MonitorPage.open(browser, { height: 700, ...options });
    pages.push(m);
    return m;
  }

  async function connect(m: MonitorPage): Promise<MonitorPage> {
    await m.page.locator('#connect').click();
    await m.page.locator('.dot.connected').waitFor();
    return m;
  }

  /** A page connected to a device that can be unplugged. */
  async function connected(options: MonitorPageOptions = {}): Promise<{ m: MonitorPage; pty: PtyPair }> {
    const pty = await PtyPair.start();
    ptys.push(pty);
    return { pty, m: await connect(await open({ ports: [serial(pty.path)], ...options })) };
  }

  const received = (pty: PtyPair, text: string | Uint8Array) =>
    until(() => pty.received.includes(Buffer.from(text)));
  const type = (m: MonitorPage, text: string) => m.page.locator('#send-text input').fill(text);
  const pressed = (m: MonitorPage, id: string) => m.page.locator(id).getAttribute('aria-pressed');

  it('hold DTR and RTS, send breaks, and reset on connecting, each port in its own way', async () => {
    const adapter = new AdapterPort();
    const m = await open({
      ports: [serial('/dev/ttyUSB0'), serial('/dev/ttyUSB1')],
      host: { openPort: adapter.openPort },
    });
    const { page } = m;
    await page.selectOption('#port', '/dev/ttyUSB0');
    await page.locator('#more').click();
    assert.ok(await page.locator('#break').isDisabled());
    assert.deepEqual([await pressed(m, '#dtr'), await pressed(m, '#rts')], ['true', 'true']);
    await connect(m);
    await page.locator('#dtr').click();
    await page.locator('#dtr[aria-pressed=false]').waitFor();
    await page.locator('#break').click();
    await page.locator('.row.note', { hasText: 'Break sent' }).waitFor();
    await page.locator('#reset-on-connect').click();
    await until(() => JSON.stringify(m.memory).includes('"resetOnConnect":true'));
    assert.deepEqual(adapter.told, ['dtr false, rts true', 'break']);

    // the other port knows nothing of it
    await page.selectOption('#port', '/dev/ttyUSB1');
    await page.locator('#dtr[aria-pressed=true]').waitFor();
    await connect(m);
    assert.deepEqual(adapter.told.slice(2), []);
    assert.deepEqual(adapter.opened.at(-1)?.lines, { dtr: true, rts: true });
    await page.selectOption('#flow-control', 'rtscts');
    await until(() => adapter.opened.at(-1)?.settings.flowControl === 'rtscts');
    assert.ok(await page.locator('#rts').isDisabled());

    await page.selectOption('#port', '/dev/ttyUSB0');
    await page.locator('#dtr[aria-pressed=false]').waitFor();
    assert.equal(await page.locator('#flow-control').inputValue(), 'none');
    await connect(m);
    await until(() => adapter.told.at(-1) === 'reset');
    assert.deepEqual(adapter.opened.at(-1)?.lines, { dtr: false, rts: true });

    // a window that is opened later does the same
    const memory = m.memory as ReturnType<MonitorHost['memory']['get']>;
    const later = await open({
      ports: [serial('/dev/ttyUSB0')],
      host: { openPort: adapter.openPort, memory: { get: () => memory, set: () => {} } },
    });
    assert.deepEqual([await pressed(later, '#dtr'), await pressed(later, '#rts')], ['false', 'true']);
    assert.deepEqual([...m.errors, ...later.errors], []);
  });

  it('say that a port has no lines, and show DTR as it is', async () => {
    const { m } = await connected();
    await m.page.locator('#more').click();
    await m.page.locator('#dtr').click();
    await m.page.locator('.problem', { hasText: 'has no DTR or RTS line that can be set' }).waitFor();
    assert.equal(await pressed(m, '#dtr'), 'true');
    assert.equal(m.model.state.kind, 'connected');
    await m.page.locator('#break').click();
    await m.page.locator('.problem', { hasText: 'cannot send a break' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('offer a simulated board its encoding only: it has no lines', async () => {
    const m = await open();
    await m.page.locator('#more').click();
    await m.page.locator('#encoding').waitFor();
    for (const id of ['#data-bits', '#flow-control', '#dtr', '#break', '#reset-on-connect']) {
      assert.equal(await m.page.locator(id).isVisible(), false, id);
    }
    assert.deepEqual(m.errors, []);
  });

  it('send text, text with escapes, and hexadecimal', async () => {
    const { m, pty } = await connected();
    const { page } = m;
    await page.locator('#show-send-options').click();
    await type(m, 'a\\x41');
    await page.keyboard.press('Enter');
    await received(pty, 'a\\x41\r\n');
    await page.selectOption('#send-mode', 'escaped');
    await page.selectOption('#line-ending', 'lf');
    await page.locator('#send-text[placeholder*="xHH"]').waitFor();
    await type(m, 'b\\x01\\xff');
    await page.keyboard.press('Enter');
    await received(pty, Buffer.from([0x62, 1, 0xff, 10]));
    await page.selectOption('#send-mode', 'hex');
    await page.locator('#line-ending:disabled').waitFor();
    await type(m, '63 02 FE');
    await page.keyboard.press('Enter');
    await received(pty, Buffer.from([0x63, 2, 0xfe]));
    await type(m, '64 0');
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: '0 is no byte in hexadecimal: nothing was sent' }).waitFor();
    await page.selectOption('#send-mode', 'text');
    await type(m, 'end');
    await page.keyboard.press('Enter');
    await received(pty, 'end\n');
    const all = Buffer.concat([Buffer.from('a\\x41\r\nb\x01'), Buffer.from([0xff, 10, 0x63, 2, 0xfe])]);
    assert.deepEqual(pty.received, Buffer.concat([all, Buffer.from('end\n')]));
    assert.deepEqual(m.errors, []);
  });

  it('send Ctrl+C, Ctrl+D and Ctrl+Z as bytes from the field, unless something is selected, and by buttons', async () => {
    const { m, pty } = await connected();
    const { page } = m;
    await type(m, 'half a line');
    for (const key of ['c', 'd', 'z']) await page.keyboard.press(`Control+${key}`);
    await until(() => pty.received.length === 3);
    assert.deepEqual([...pty.received], [3, 4, 26]);
    assert.equal(await page.locator('#send-text input').inputValue(), 'half a line');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c'); // copies
    await page.locator('#show-send-options').click();
    for (const key of ['z', 'd', 'c']) await page.locator(`#control-${key}`).click();
    await until(() => pty.received.length === 6);
    assert.deepEqual([...pty.received], [3, 4, 26, 26, 4, 3]);
    assert.deepEqual(m.errors, []);
  });

  it('show what is sent in the log when it is wanted, and never in the saved one', async () => {
    const { m, pty } = await connected();
    const { page } = m;
    await type(m, 'unseen');
    await page.keyboard.press('Enter');
    await received(pty, 'unseen');
    await page.locator('#show-send-options').click();
    await page.locator('#echo').click();
    await until(() => (m.memory as { echo?: boolean } | undefined)?.echo);
    await type(m, 'help');
    await page.keyboard.press('Enter');
    await page.locator('.row.sent', { hasText: /^→ help$/ }).waitFor();
    await page.locator('#control-c').click();
    await page.locator('.row.sent', { hasText: '→ ␃' }).waitFor();
    pty.write(Buffer.from('answer\r\n'));
    await page.locator('.row', { hasText: 'answer' }).waitFor();
    assert.equal(await page.locator('.row', { hasText: 'unseen' }).count(), 0);
    assert.equal((await m.save(path.join(pty.dir, 'saved.log'))).toString(), 'answer\r\n');
    await page.locator('#copy').click();
    await until(() => m.copied.length > 0);
    assert.deepEqual(m.copied, ['answer\n']);
    assert.deepEqual(m.errors, []);
  });

  it('read and send a port’s text as Latin-1, and refuse what it has not', async () => {
    const { m, pty } = await connected();
    const { page } = m;
    pty.write(Buffer.from('21 \xb0C\n', 'latin1'));
    await page.locator('.row', { hasText: '21 \ufffdC' }).waitFor();
    await page.locator('#more').click();
    await page.selectOption('#encoding', 'latin-1');
    await until(() => JSON.stringify(m.memory).includes('latin-1'));
    pty.write(Buffer.from('22 \xb0C\n', 'latin1'));
    await page.locator('.row', { hasText: '22 °C' }).waitFor();
    await type(m, 'é');
    await page.keyboard.press('Enter');
    await received(pty, Buffer.from([0xe9, 13, 10]));
    await type(m, '€');
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'Latin-1 has no character €: nothing was sent' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('keep lines under names: save, name, send by a click, pick, rename, delete, all from the keyboard', async () => {
    let kept: readonly SavedSend[] = [];
    const savedSends = new SavedSends({ get: () => kept, set: (sends) => (kept = sends) });
    const { m, pty } = await connected({ host: { savedSends } });
    const { page } = m;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.locator('#show-saved').focus();
    await press('Enter');
    assert.ok(await page.locator('#save-send').isDisabled());
    await page.selectOption('#line-ending', 'lf');
    await type(m, 'start 100');
    await page.locator('#save-send').focus();
    await press('Enter');
    // its name is asked for at once
    await page.waitForFunction(`document.activeElement.id === 'saved-name'`);
    await page.keyboard.type('Measure');
    await press('Enter');
    await page.locator('.saved-send', { hasText: 'Measure' }).waitFor();
    assert.deepEqual(kept, [{ id: 1, name: 'Measure', text: 'start 100', mode: 'text', lineEnding: 'lf' }]);

    // as it was saved, whatever the bar is set to now
    await page.selectOption('#line-ending', 'crlf');
    await page.locator('.saved-send').focus();
    await press('Enter');
    await received(pty, 'start 100\n');
    assert.equal(pty.received.toString(), 'start 100\n');

    await press('Tab', 'Enter');
    await page.waitForFunction(`document.activeElement.id === 'saved-name'`);
    await press('Tab', 'Tab', 'Enter');
    assert.equal(await page.locator('#send-text input').inputValue(), 'start 100');
    await until(async () => (await page.locator('#line-ending').inputValue()) === 'lf');

    await page.locator('.saved-edit').focus();
    await press('Enter');
    await page.waitForFunction(`document.activeElement.id === 'saved-name'`);
    await press('Tab', 'Tab', 'Tab', 'Enter');
    await page.locator('.saved-list', { hasText: 'No line is saved yet.' }).waitFor();
    assert.deepEqual(kept, []);
    assert.deepEqual(m.errors, []);
  });

  it('show the lines that another monitor of the workspace saves', async () => {
    const savedSends = new SavedSends({ get: () => undefined, set: () => {} });
    const m = await open({ host: { savedSends } });
    await m.page.locator('#show-saved').click();
    savedSends.save({ text: 'help', mode: 'text', lineEnding: 'lf' });
    await m.page.locator('.saved-send', { hasText: 'help' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('let the log go into a file as it comes, through an unplugging, and end it by the same button', async () => {
    const { m, pty } = await connected();
    const { page } = m;
    const file = path.join(pty.dir, 'live.log');
    pty.write(Buffer.from('before\n'));
    await page.locator('.row', { hasText: 'before' }).waitFor();
    m.saveAs(file);
    await page.locator('#log-to-file').click();
    await page.locator('.log-file', { hasText: 'Logging to live.log' }).waitFor();
    assert.equal(await pressed(m, '#log-to-file'), 'true');
    pty.write(Buffer.from('first\n'));
    await until(async () => (await readFile(file, 'utf8')) === 'first\n');
    await pty.unplug();
    await page.locator('.status', { hasText: 'Waiting for' }).waitFor();
    await pty.plug();
    await page.locator('.dot.connected').waitFor();
    pty.write(Buffer.from([0, 255, 10]));
    const all = Buffer.concat([Buffer.from('first\n'), Buffer.from([0, 255, 10])]);
    await until(async () => (await readFile(file)).equals(all));
    await page.locator('#clear').click();
    await page.locator('#log-to-file').click();
    await page.locator('.row.note', { hasText: 'Logging to live.log has ended' }).waitFor();
    assert.equal(await page.locator('.log-file').innerText(), '');
    assert.deepEqual(await readFile(file), all);
    assert.deepEqual(m.errors, []);
  });

  it('ask before they log over files, and leave them alone when nobody answers', async () => {
    const asked: (readonly string[])[] = [];
    const askAppend = async (files: readonly string[]) => {
      asked.push(files);
      return asked.length === 1 ? undefined : ('append' as const);
    };
    const { m, pty } = await connected({ host: { askAppend } });
    const file = path.join(pty.dir, 'live.log');
    await writeFile(file, 'mine\n');
    m.saveAs(file);
    await m.page.locator('#log-to-file').click();
    await until(() => asked.length === 1);
    await m.page.locator('#log-to-file').click();
    await m.page.locator('.log-file', { hasText: 'live.log' }).waitFor();
    assert.deepEqual(asked, [[file], [file]]);
    assert.equal(await readFile(file, 'utf8'), 'mine\n');
    pty.write(Buffer.from('and theirs\n'));
    await until(async () => (await readFile(file, 'utf8')) === 'mine\nand theirs\n');
    assert.deepEqual(m.errors, []);
  });

  it('tell their host when their keys count, and open the search that it asks for', async () => {
    const focus: boolean[] = [];
    const m = await open({ host: { focused: (on) => void focus.push(on) } });
    await m.page.evaluate(`dispatchEvent(new Event('focus'))`);
    await m.page.evaluate(`dispatchEvent(new Event('blur'))`);
    await until(() => focus.at(-1) === false && focus.includes(true));
    m.model.find();
    await m.page.locator('#find-text').waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('take nothing of a page that is none of theirs', async () => {
    const { m, pty } = await connected();
    const { handlers } = m.model;
    handlers.echo({ type: 'echo', on: false });
    const before = JSON.stringify(m.memory);
    const wrong = (value: unknown) => value as never;
    handlers.manners({
      type: 'manners',
      manners: wrong({ lines: { dtr: 1, rts: true }, encoding: 'utf-8' }),
    });
    handlers.manners({ type: 'manners', manners: wrong({ resetOnConnect: true, encoding: 'utf-8' }) });
    handlers.sendMode({ type: 'sendMode', value: wrong('shell') });
    handlers.control({ type: 'control', key: wrong('toString') });
    handlers.saveSend({ type: 'saveSend', send: wrong({ text: 'x', mode: 'shell', lineEnding: 'lf' }) });
    handlers.runSend({ type: 'runSend', id: wrong('1') });
    handlers.renameSend({ type: 'renameSend', id: 7, name: wrong({}) });
    assert.equal(JSON.stringify(m.memory), before);
    handlers.control({ type: 'control', key: 'd' });
    await until(() => pty.received.length > 0);
    assert.deepEqual([...pty.received], [4]);
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`have no serious accessibility violation in ${theme}, and clip nothing, wide and narrow`, async () => {
      for (const [width, height] of [
        [1100, 700],
        [340, 800],
        [240, 900],
      ] as const) {
        const savedSends = new SavedSends({ get: () => undefined, set: () => {} });
        const { m, pty } = await connected({ theme, width, height, host: { savedSends } });
        m.saveAs(path.join(pty.dir, 'a-rather-long-name-of-a-log-file.log'));
        for (const id of ['#more', '#show-saved', '#show-send-options', '#echo', '#log-to-file']) {
          await m.page.locator(id).click();
        }
        await type(m, 'a line that is saved');
        await m.page.locator('#save-send').click();
        await m.page.locator('#saved-name').waitFor();
        await m.page.locator('.saved-send').click();
        await m.page.locator('.row.sent').waitFor();
        assert.deepEqual(await m.axe(), [], `${width}`);
        assert.deepEqual(await m.clipped(), [], `${width}`);
        assert.deepEqual(m.errors, []);
      }
    });
  }
});
