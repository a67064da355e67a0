import assert from 'node:assert/strict';
import { boards } from '../../extension/board/catalogue.ts';
import { boardRows } from '../../extension/views/boards/rows.ts';
import { modelReport } from '../../extension/workflow/report/data.ts';
import { mnistParts } from '../support/mnistReport.ts';
import { MIXED } from './explorePage.ts';
import { type OpenPage, PageTester } from './page.ts';
import { ANOMALY, DIGITS, REGRESSION, stateOf } from './validatePage.ts';

/** Editors of windows of 1440 x 900 and 1100 x 700, with side bar and panel and without; a narrow one beside another. */
const SIZES = [
  ...([
    [1440, 900],
    [1100, 700],
    [1090, 620],
    [800, 610],
    [800, 330],
    [420, 700],
  ] as const),
].map(([width, height]) => ({ width, height }));

const CONTEXT = { canPort: true, hasFile: true };

/** How many pixels the page is wider than its window. */
const overflow = ({ page }: OpenPage): Promise<number> =>
  page.evaluate<number>(`(() => {
    const { documentElement, body } = document;
    const app = document.getElementById('app');
    return Math.max(...[documentElement, body, app].map((e) => e.scrollWidth - e.clientWidth));
  })()`);

/** Rows of tiles: how many are in each. */
async function tileRows({ page }: OpenPage, tiles = '.tiles'): Promise<number[]> {
  const tops = await page.evaluate<number[]>(
    `[...document.querySelector('${tiles}').children].map((e) => Math.round(e.getBoundingClientRect().top))`,
  );
  return [...new Set(tops)].map((top) => tops.filter((t) => t === top).length);
}

describe('layout of the pages', () => {
  const tester = new PageTester();
  let parts: Awaited<ReturnType<typeof mnistParts>>;
  before(async () => {
    parts = await mnistParts();
  });
  after(() => tester.close());

  async function openReport(size: { width: number; height: number }): Promise<OpenPage> {
    const opened = await tester.open('report', size);
    await opened.send({ type: 'report', report: modelReport(parts), context: CONTEXT });
    await opened.page.locator('table[role=grid] tbody tr').first().waitFor();
    return opened;
  }

  for (const size of SIZES) {
    const { width, height } = size;
    it(`the report at ${width} x ${height}: no wider than its window, no tile alone in a row`, async () => {
      const opened = await openReport(size);
      for (const tab of ['accuracy', 'layers']) {
        await opened.page.locator(`#tab-${tab}`).click();
        assert.ok((await overflow(opened)) <= 0, tab);
      }
      const rows = await tileRows(opened);
      assert.ok(width < 600 || rows.length === 1, rows.join());
      assert.ok(!rows.includes(1), rows.join());
      await opened.page.close();
    });

    it(`variants, validations and boards at ${width} x ${height} are no wider than their window`, async () => {
      const explore = await tester.open('explore', size);
      await explore.send(MIXED);
      await explore.page.locator('.mark').first().waitFor();
      assert.ok((await overflow(explore)) <= 0, 'explore');
      await explore.page.close();
      for (const validation of [DIGITS, ANOMALY, REGRESSION]) {
        const validate = await tester.open('validate', size);
        await validate.send(stateOf(validation));
        await validate.page.locator('.tiles').waitFor();
        assert.ok((await overflow(validate)) <= 0, validation.model);
        assert.ok(!(await tileRows(validate)).includes(1), validation.model);
        await validate.page.close();
      }
      const picker = await tester.open('boards', size);
      await picker.send({
        type: 'state',
        boards: boardRows(boards(), { kind: 'none' }, []),
        selected: 'frdmke16z',
        model: { kind: 'none' },
        trusted: true,
      });
      await picker.page.locator('.board').first().waitFor();
      assert.ok((await overflow(picker)) <= 0, 'boards');
      await picker.page.close();
    });
  }

  it('the report’s head leaves the most of a low editor to what is below it', async () => {
    for (const [size, most] of [
      [{ width: 1100, height: 700 }, 0.2],
      [{ width: 800, height: 610 }, 0.25],
      [{ width: 800, height: 330 }, 1 / 3],
    ] as const) {
      const { page } = await openReport(size);
      const { y } = (await page.locator('.tab-bar').boundingBox())!;
      assert.ok(y <= most * size.height, `${size.width} x ${size.height}: the tabs are at ${y}`);
      await page.close();
    }
  });

  it('the tabs stay in sight when a low page is scrolled', async () => {
    const { page } = await openReport({ width: 800, height: 330 });
    await page.locator('#tab-accuracy').click();
    await page.evaluate('document.body.scrollTo(0, 1e6); document.documentElement.scrollTo(0, 1e6)');
    const { y } = (await page.locator('.tab-bar').boundingBox())!;
    assert.ok(Math.abs(y) < 2, `the tabs are at ${y}`);
    await page.close();
  });

  describe('the layer table', () => {
    const heads = ({ page }: OpenPage): Promise<string[]> =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('table[role=grid] th')].filter((e) => e.offsetWidth > 0).map((e) => e.innerText.trim().split('\\n')[0])`,
      );

    it('leaves out the columns that matter least, says which, and brings them back', async () => {
      const opened = await openReport({ width: 800, height: 610 });
      const { page } = opened;
      const fit = page.locator('.column-fit');
      const shown = await heads(opened);
      for (const name of ['Name', 'Operator', 'MACs', 'Predicted', 'SQNR']) {
        assert.ok(shown.includes(name), `${name} of ${shown.join()}`);
      }
      assert.ok(!shown.includes('Offset'));
      assert.match(await fit.innerText(), /Not shown: .*Scale, Offset/);
      const frame = page.locator('.layer-table .scroll-frame');
      assert.doesNotMatch((await frame.getAttribute('class'))!, /more-/, 'what is left fits');
      await fit.getByRole('button', { name: 'Show All Columns' }).focus();
      await page.keyboard.press('Enter');
      assert.ok((await heads(opened)).includes('Offset'));
      await page.locator('.layer-table .more-right').waitFor();
      await fit.getByRole('button', { name: 'Fit Columns to the Width' }).click();
      await page.locator('.layer-table .scroll-frame:not(.more-right)').waitFor();
      await page.setViewportSize({ width: 1440, height: 900 });
      await fit.waitFor({ state: 'hidden' });
      assert.ok((await heads(opened)).includes('Offset'), 'there is room again');
      await page.close();
    });

    it('shades the edge behind which more lies, and keeps the names in sight', async () => {
      const { page } = await openReport({ width: 420, height: 700 });
      await page.locator('.layer-table .more-right').waitFor();
      await page.locator('.layer-table .scroll-content').evaluate((e) => e.scrollTo({ left: 1e6 }));
      await page.locator('.layer-table .more-left:not(.more-right)').waitFor();
      const { x } = (await page.locator('td.name').first().boundingBox())!;
      assert.ok(Math.abs(x) < 2, `the names are at ${x}`);
      await page.close();
    });

    it('has units: cycles and bytes', async () => {
      const { page } = await openReport({ width: 1440, height: 900 });
      assert.equal(await page.locator('th.predicted .unit').innerText(), 'cycles');
      assert.equal(await page.locator('th.constants .unit').innerText(), 'bytes');
      await page.close();
    });
  });
});
