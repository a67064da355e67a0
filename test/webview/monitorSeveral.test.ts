import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { PortClaims } from '../../extension/views/monitor/portClaims.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { until } from '../support/until.ts';
import { deviceAt } from './connectedPage.ts';
import { launch, MonitorPage } from './monitorPage.ts';

describe('several monitors', () => {
  let browser: Browser;
  const ptys: PtyPair[] = [];
  const pages: MonitorPage[] = [];
  before(async () => {
    browser = await launch();
    for (let i = 0; i < 2; i++) ptys.push(await PtyPair.start());
  });
  after(async () => {
    for (const pty of ptys) await pty.dispose();
    await browser?.close();
  });
  afterEach(async () => {
    for (const m of pages.splice(0)) await m.close();
  });

  async function open(claims: PortClaims, onlyPort: string | undefined): Promise<MonitorPage> {
    const ports = ptys.map((pty) => deviceAt(pty.path));
    const m = await MonitorPage.open(browser, { ports, claims, host: { onlyPort } });
    pages.push(m);
    return m;
  }

  const connect = async (m: MonitorPage): Promise<void> => {
    await m.page.locator('#connect', { hasText: 'Connect' }).click();
    await m.page.locator('.dot.connected').waitFor();
  };

  it('have a port each, and what comes from it', async () => {
    const claims = new PortClaims();
    const [first, second] = [await open(claims, ptys[0]!.path), await open(claims, ptys[1]!.path)];
    for (const m of [first, second]) await connect(m);
    ptys[0]!.write(Buffer.from('from the first\r\n'));
    ptys[1]!.write(Buffer.from('from the second\r\n'));
    await first.page.locator('.row', { hasText: 'from the first' }).waitFor();
    await second.page.locator('.row', { hasText: 'from the second' }).waitFor();
    assert.equal(await first.page.locator('.row', { hasText: 'from the second' }).count(), 0);
    await first.page.locator('#connect').click();
    await first.page.locator('.status', { hasText: 'Not connected' }).waitFor();
    ptys[1]!.write(Buffer.from('still there\r\n'));
    await second.page.locator('.row', { hasText: 'still there' }).waitFor();
    assert.deepEqual([...first.errors, ...second.errors], []);
  });

  it('never open the same port twice: the second one shows the first, and has the port when that leaves it', async () => {
    const claims = new PortClaims();
    const [first, second] = [await open(claims, undefined), await open(claims, ptys[0]!.path)];
    await connect(first);
    await second.page.locator('#connect').click();
    await second.page.locator('.problem', { hasText: 'device is open in another serial monitor.' }).waitFor();
    assert.equal(await second.page.locator('#help').innerText(), 'Show It');
    await second.page.locator('#help').click();
    await until(() => first.shown === 1);
    await first.page.locator('.dot.connected').waitFor();
    await first.page.locator('#connect').click();
    await first.page.locator('.status', { hasText: 'Not connected' }).waitFor();
    await connect(second);
    // closing a monitor leaves its port, too
    await second.close();
    pages.splice(pages.indexOf(second), 1);
    await connect(first);
    assert.deepEqual(first.errors, []);
  });

  it('are for their port only, and offer no other', async () => {
    const m = await open(new PortClaims(), ptys[1]!.path);
    await m.page.locator('.only-port', { hasText: 'device' }).waitFor();
    assert.equal(await m.page.locator('#port').isVisible(), false);
    assert.equal(await m.page.locator('#draw').isVisible(), false);
    m.model.handlers.selectPort({ type: 'selectPort', id: ptys[0]!.path });
    await connect(m);
    ptys[1]!.write(Buffer.from('mine\r\n'));
    await m.page.locator('.row', { hasText: 'mine' }).waitFor();
    assert.deepEqual(m.errors, []);
  });
});
