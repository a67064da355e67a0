import assert from 'node:assert/strict';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { PtyPair } from '../serial/ptyPair.ts';
import { until } from '../support/until.ts';
import { connectedPage } from './connectedPage.ts';
import { launch, type MonitorPage } from './monitorPage.ts';

describe('lines of the monitor', () => {
  let browser: Browser;
  let m: MonitorPage;
  let pty: PtyPair;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
  afterEach(async () => {
    await m?.close();
    await pty?.dispose();
  });

  const print = (...lines: string[]): void => pty.write(Buffer.from(lines.map((l) => `${l}\r\n`).join('')));
  const texts = (): Promise<string[]> => m.page.locator('.row:not(.probe) .row-text').allInnerTexts();
  const shows = (...lines: string[]): Promise<unknown> =>
    until(async () => JSON.stringify(await texts()) === JSON.stringify(lines));

  it('are filtered by a text or an expression, live; the saved log has all', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 500 }));
    const { page } = m;
    print('temp: 20', 'boot ok', 'Temp: 21');
    await page.locator('.row', { hasText: 'Temp: 21' }).waitFor();
    await page.locator('#filter').click();
    await page.keyboard.type('temp');
    await shows('temp: 20', 'Temp: 21');
    await page.locator('.filter-count', { hasText: '2 of 4 lines' }).waitFor(); // with the note of the connect
    print('temp: 22', 'more');
    await shows('temp: 20', 'Temp: 21', 'temp: 22');
    await page.keyboard.press('Alt+c');
    await shows('temp: 20', 'temp: 22');
    await page.keyboard.press('Alt+c');
    await page.locator('#filter-invert').click();
    await page.locator('.row', { hasText: 'boot ok' }).waitFor();
    await until(async () => (await texts()).every((t) => !/temp/i.test(t)));
    await page.locator('#filter-invert').click();
    await page.locator('#filter-text input').fill('^temp: 2[02]$');
    await page.keyboard.press('Alt+r');
    await shows('temp: 20', 'temp: 22');

    // what is copied is what is shown, what is saved is all
    await page.locator('#copy').click();
    await until(() => m.copied.length > 0);
    assert.equal(m.copied[0], 'temp: 20\ntemp: 22\n');
    const saved = await m.save(path.join(pty.dir, 'saved'));
    assert.equal(saved.toString(), 'temp: 20\r\nboot ok\r\nTemp: 21\r\ntemp: 22\r\nmore\r\n');

    // the filter's lines are what is searched
    await page.keyboard.press('Control+f');
    await page.keyboard.type('2');
    await page.locator('.find-count', { hasText: '1 of 2' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#filter-close').click();
    await page.locator('.row', { hasText: 'more' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('are still filtered when the page is made anew', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 500 }));
    print('a1', 'b1');
    await m.page.locator('#filter').click();
    await m.page.keyboard.type('a');
    await shows('a1');
    await m.page.reload();
    await shows('a1');
    assert.equal(await m.page.locator('#filter-text input').inputValue(), 'a');
    await m.page.getByRole('textbox', { name: 'Filter of lines' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('are found by an expression, in this case and as whole words, with the keys of the editor’s find widget', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 500 }));
    const { page } = m;
    print('class = 3', 'Class = 13', 'classes = 3');
    await page.locator('.row', { hasText: 'classes = 3' }).waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('class');
    await page.locator('.find-count', { hasText: '1 of 3' }).waitFor();
    await page.keyboard.press('Alt+w');
    await page.locator('.find-count', { hasText: '1 of 2' }).waitFor();
    await page.keyboard.press('Alt+c');
    await page.locator('.find-count', { hasText: '1 of 1' }).waitFor();
    await page.keyboard.press('Alt+w');
    await page.locator('#find-text input').fill('= \\d$');
    await page.keyboard.press('Alt+r');
    await page.locator('.find-count', { hasText: 'of 2' }).waitFor();
    await until(async () => (await page.locator('.row mark').allInnerTexts()).join() === '= 3,= 3');
    await page.locator('#find-text input').fill('= (\\d$');
    await page.locator('.find-count', { hasText: 'Not valid' }).waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('answer while an expression does not come to an end, which is said', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 500 }));
    const { page } = m;
    print('a'.repeat(1000) + '!', 'next');
    await page.locator('.row', { hasText: 'next' }).waitFor();
    await page.locator('#filter').click();
    await page.locator('#filter-regex').click();
    await page.locator('#filter-text input').fill('^(a+)+$');
    print('live');
    await page.locator('.filter-count', { hasText: 'Takes too long' }).waitFor();
    assert.match((await page.locator('.filter-count').getAttribute('title')) ?? '', /simpler/);
    await page.locator('.row', { hasText: 'live' }).waitFor(); // nothing is hidden by what cannot be told
    await page.locator('#filter-text input').fill('^li');
    await shows('live');
    assert.deepEqual(m.errors, []);
  });

  it('have the time of day, since the connect or since the line before, which is remembered', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 500 }));
    const { page } = m;
    print('one');
    await page.locator('.row', { hasText: 'one' }).waitFor();
    print('two');
    await page.locator('.row', { hasText: 'two' }).waitFor();
    const stamps = (): Promise<string[]> => page.locator('.row-time').allInnerTexts();
    const all = (expected: RegExp): Promise<unknown> =>
      until(async () => (await stamps()).length === 3 && (await stamps()).every((s) => expected.test(s)));
    await page.selectOption('#timestamps', 'absolute');
    await all(/^\d\d:\d\d:\d\d\.\d{3}$/);
    await page.selectOption('#timestamps', 'relative');
    await all(/^ *\+\d+\.\d{3} s$/);
    const seconds = (await stamps()).map((s) => parseFloat(s.replace('+', '')));
    assert.deepEqual(
      seconds,
      [...seconds].sort((a, b) => a - b),
    );
    await page.selectOption('#timestamps', 'delta');
    await until(async () => (await stamps())[0]?.trim() === '');
    const deltas = (await stamps()).slice(1).map((s) => parseFloat(s.replace('+', '')));
    assert.ok(deltas.every((d, i) => Math.abs(d - (seconds[i + 1]! - seconds[i]!)) < 0.0015));
    assert.equal((m.memory as { timestamps: string }).timestamps, 'delta');
    await page.selectOption('#timestamps', 'off');
    await page.locator('.row-time').first().waitFor({ state: 'detached' });
    assert.deepEqual(m.errors, []);
  });
});
