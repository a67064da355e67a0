import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { PtyPair } from '../serial/ptyPair.ts';
import { until } from '../support/until.ts';
import { connectedPage } from './connectedPage.ts';
import { launch, type MonitorPage } from './monitorPage.ts';
import { THEMES, type ThemeName } from './themes.ts';

describe('monitor plot', () => {
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

  /** The table: a row a series, its cells. */
  const table = (): Promise<string[][]> =>
    m.page
      .locator('.plot-table tbody tr')
      .evaluateAll((rows) =>
        (rows as unknown as { children: Iterable<{ innerText: string }> }[]).map((row) =>
          [...row.children].map((cell) => cell.innerText.trim()),
        ),
      );
  const tableIs = (...rows: string[][]): Promise<unknown> =>
    until(async () => JSON.stringify(await table()) === JSON.stringify(rows));

  /** Pixels of the drawing that are in the colour of a series' swatch, or near it. */
  function inked(series: number): Promise<number> {
    return m.page.evaluate((index) => {
      const { document } = globalThis as unknown as {
        document: {
          querySelector(s: string): {
            width: number;
            height: number;
            getContext(k: string): { getImageData(...a: number[]): { data: Uint8ClampedArray } };
          };
          querySelectorAll(s: string): ArrayLike<{ getAttribute(n: string): string }>;
        };
      };
      const paths = document.querySelectorAll('.plot-series svg path[stroke]');
      const colour = paths[index]!.getAttribute('stroke').match(/\d+/g)!.map(Number);
      const canvas = document.querySelector('.plot-canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const isNear = colour.every((c, k) => Math.abs(c - data[i + k]!) < 12);
        if (isNear && data[i + 3]! > 200) count++;
      }
      return count;
    }, series);
  }

  it('draws numbers by their names, live, with a table of them, and hides a series', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 700 }));
    const { page } = m;
    print('temp: 20 hum: 40', 'boot', 'temp: 22.5 hum: 38');
    await page.locator('#plot').click();
    await tableIs(['temp', '22.5', '20', '22.5'], ['hum', '38', '38', '40']);
    print('temp: 21');
    await tableIs(['temp', '21', '20', '22.5'], ['hum', '38', '38', '40']);
    await until(async () => (await inked(0)) > 50 && (await inked(1)) > 50);
    await page.locator('.plot-series', { hasText: 'hum' }).click();
    await page.locator('.plot-series[aria-pressed=false]', { hasText: 'hum' }).waitFor();
    await until(async () => (await inked(1)) === 0);
    assert.ok((await inked(0)) > 50);
    await page.locator('#clear').click();
    await page.locator('.plot-empty').waitFor();
    await page.locator('#plot').click();
    await page.locator('.plot').waitFor({ state: 'hidden' });
    assert.deepEqual(m.errors, []);
  });

  it('reads a CSV with its header, pauses, and exports what it has', async () => {
    let chosen = '';
    const saved: string[] = [];
    ({ m, pty } = await connectedPage(browser, {
      height: 700,
      host: {
        askWhereToSave: async (name, kind) => {
          assert.match(name, /\.csv$/);
          assert.equal(kind, 'csv');
          return chosen;
        },
        tellSaved: (file) => void saved.push(file),
      },
    }));
    chosen = path.join(pty.dir, 'plot.csv');
    const { page } = m;
    await page.locator('#plot').click();
    print('x,y', '1,-1', '2,-2');
    await tableIs(['x', '2', '1', '2'], ['y', '-2', '-2', '-1']);
    await page.locator('#plot-pause').click();
    print('3,-3');
    await tableIs(['x', '3', '1', '2'], ['y', '-3', '-2', '-1']); // the newest is known; the drawing stands still
    await page.locator('#plot-pause').click();
    await tableIs(['x', '3', '1', '3'], ['y', '-3', '-3', '-1']);
    await page.locator('#plot-export').click();
    await until(() => saved.length > 0);
    const rows = (await readFile(chosen, 'utf8')).trimEnd().split('\n');
    assert.equal(rows[0], 'sample,time,x,y');
    assert.deepEqual(
      rows.slice(1).map((row) =>
        row
          .split(',')
          .filter((_, i) => i !== 1)
          .join(),
      ),
      ['0,1,-1', '1,2,-2', '2,3,-3'],
    );
    assert.deepEqual(m.errors, []);
  });

  it('shows a part of many samples, on a fixed scale if wanted, and keeps these choices', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 700 }));
    const { page } = m;
    print(...Array.from({ length: 3000 }, (_, i) => `n=${i}`));
    await page.locator('#plot').click();
    await tableIs(['n', '2999', '2500', '2999']);
    await page.selectOption('#plot-span', 'samples 100');
    await tableIs(['n', '2999', '2900', '2999']);
    await page.selectOption('#plot-span', 'samples 20000');
    await tableIs(['n', '2999', '0', '2999']);
    await until(async () => (await inked(0)) > 50);
    await page.selectOption('#plot-scale', 'fixed');
    // the field shows what it is set to a moment later
    const low = page.locator('#plot-low input');
    await until(async () => (await low.inputValue()) === '-149.95');
    await low.fill('-20');
    await page.locator('#plot-high input').fill('-10');
    await page.keyboard.press('Enter');
    await page.locator('#plot-area').focus();
    await until(async () => (await inked(0)) === 0); // all is above
    await page.selectOption('#plot-span', 'seconds 600');
    await tableIs(['n', '2999', '0', '2999']);
    await page.reload();
    await page.locator('#plot-low').waitFor();
    assert.equal(await page.locator('#plot-span').inputValue(), 'seconds 600');
    assert.equal(
      await page.locator('#plot-low').evaluate((e) => (e as unknown as { value: string }).value),
      '-20',
    );
    assert.deepEqual(m.errors, []);
  });

  it('tells what is under the cursor, moved by the mouse or by keys', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 700 }));
    const { page } = m;
    print('v=10', 'v=20', 'v=30');
    await page.locator('#plot').click();
    await tableIs(['v', '30', '10', '30']);
    const area = page.locator('#plot-area');
    await area.focus();
    await page.keyboard.press('Home');
    await tableIs(['v', '10', '10', '30']);
    await page.locator('.plot-table th', { hasText: 'At cursor' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await until(async () => (await area.getAttribute('aria-valuetext')) === 'Sample 1: v 20');
    assert.equal(await area.getAttribute('aria-valuenow'), '1');
    await page.keyboard.press('Escape');
    await tableIs(['v', '30', '10', '30']);
    const box = (await area.boundingBox())!;
    await page.mouse.move(box.x + 66, box.y + box.height / 2);
    await tableIs(['v', '10', '10', '30']);
    await page.mouse.move(box.x + box.width - 12, box.y + box.height / 2);
    await page.locator('.plot-table td', { hasText: '30' }).first().waitFor();
    assert.deepEqual(m.errors, []);
  });

  it('stays bounded and answers while names and numbers come without end', async () => {
    ({ m, pty } = await connectedPage(browser, { height: 700 }));
    const { page } = m;
    await page.locator('#plot').click();
    const lines = Array.from(
      { length: 2000 },
      (_, i) => `name${i}: ${i} ${'9'.repeat(i % 50)}e${i % 400}\r\n`,
    );
    const flood = Buffer.from(lines.join(''));
    let isFlooding = true;
    const flooded = (async () => {
      while (isFlooding && (await pty.writeAll(flood)));
    })();
    await page.locator('.plot-note', { hasText: 'the first 16 are' }).waitFor();
    assert.equal((await table()).length, 16);
    await page.selectOption('#plot-span', 'samples 20000');
    await page.locator('#plot-pause').click();
    await page.locator('#plot-pause[aria-pressed=true]').waitFor();
    isFlooding = false;
    await flooded;
    await page.locator('#plot-pause').click();
    print('done: 1');
    await page.locator('#clear').click();
    print('after: 5');
    await tableIs(['after', '5', '5', '5']);
    assert.deepEqual(m.errors, []);
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`has no serious accessibility violation in ${theme}, wide and narrow`, async () => {
      for (const [width, height] of [
        [1440, 900],
        [340, 700],
      ] as const) {
        ({ m, pty } = await connectedPage(browser, { theme, width, height }));
        print('a: 1 b: 2 c: 3 d: 4', 'a: 2 b: 1 c: 5 d: 2');
        await m.page.locator('#plot').click();
        await m.page.locator('#filter').click();
        await m.page.locator('#find').click();
        await m.page.locator('.plot-series', { hasText: 'b' }).click();
        assert.deepEqual(await m.axe(), []);
        assert.deepEqual(m.errors, []);
        await m.close();
        await pty.dispose();
      }
    });
  }
});
