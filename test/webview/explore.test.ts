import assert from 'node:assert/strict';
import type { ExploreState } from '../../webview/shared/messages/explore.ts';
import { axeViolations } from '../vscode/axe.ts';
import { exploredDigits, madeUpRow, MIXED } from './explorePage.ts';
import { type OpenPage, PageTester } from './page.ts';
import { THEMES, type ThemeName } from './themes.ts';

const tester = new PageTester();
const wide = { width: 1440, height: 900 };

async function open(state: ExploreState, size = wide, theme: ThemeName = 'dark'): Promise<OpenPage> {
  const opened = await tester.open('explore', size, theme);
  await opened.send(state);
  await opened.page.locator('.plot .mark').first().waitFor();
  return opened;
}

/** Numbers in the table of what the table marks as on the front. */
async function onFront({ page }: OpenPage): Promise<string[]> {
  return page.locator('tbody tr:has(.on-front .dot) td:nth-child(2)').allInnerTexts();
}

describe('exploration page', () => {
  let digits: ExploreState;
  before(async () => (digits = await exploredDigits()));
  after(() => tester.close());

  it('plots every variant that has figures, and lists all', async () => {
    const opened = await open(digits);
    const { page } = opened;
    assert.equal(await page.locator('tbody tr').count(), 34);
    const labels = await page
      .locator('.mark')
      .evaluateAll((marks) =>
        (marks as unknown as { getAttribute(name: string): string }[]).map((m) =>
          m.getAttribute('aria-label'),
        ),
      );
    const count = (label: string): number =>
      label.match(/Variant \d+/g)!.length + Number(/and (\d+) more/.exec(label)?.[1] ?? 0);
    assert.equal(
      labels.reduce((n, label) => n + count(label), 0),
      34,
    );
    const first = await page.locator('tbody tr', { hasText: 'chosen now' }).locator('td, th').allInnerTexts();
    assert.deepEqual(first.slice(1), [
      '1',
      'int8 asymmetric, per channel, minmax chosen now',
      '98.0%',
      '100.0%',
      '35.4\u00a0dB',
      '67,327',
      '5,004 B',
      '1,332 B',
      'In Use',
    ]);
    assert.match(await page.locator('header').innerText(), /34 variants over 100 samples\./);
    assert.match(await page.locator('header').innerText(), /All variants have 98\.0%: the noise/);
    assert.match(await page.locator('.note').innerText(), /about what the compiler predicts/);
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it('draws the front of what the axes show', async () => {
    const opened = await open(MIXED);
    const { page } = opened;
    assert.deepEqual(await onFront(opened), ['4', '1', '2']);
    assert.equal(await page.locator('.mark.onFront').count(), 3);
    assert.equal(await page.locator('.mark.tooLarge').count(), 1);
    assert.equal(await page.locator('.mark').count(), 5, 'two lie at one place');
    const path = await page.locator('.plot .front').getAttribute('d');
    assert.equal(path!.match(/V/g)!.length, 3);
    await page.locator('#quality').selectOption('sqnr');
    assert.deepEqual(await onFront(opened), ['4', '1', '2']);
    assert.equal(await page.getByText('exact', { exact: true }).count(), 2, 'on the axis, and in the table');
    await page.locator('#cost').selectOption('ram');
    assert.deepEqual(await onFront(opened), ['4'], 'all take the same RAM');
    await page.close();
    assert.deepEqual(opened.complaints, []);
  });

  it('goes from variant to variant by keys, tells what each is, and selects its row', async () => {
    const opened = await open(MIXED);
    const { page } = opened;
    await page.locator('#cost').focus();
    await page.keyboard.press('Tab');
    const focused = (): Promise<string> => page.evaluate(`document.activeElement.getAttribute('aria-label')`);
    assert.match(await focused(), /^Accuracy: 91\.0%; Cycles, predicted: 60,000; Variant 2: int8 variant 2$/);
    assert.match(await page.locator('.tip').innerText(), /Variant 2: int8 variant 2/);
    await page.keyboard.press('End');
    assert.match(await focused(), /Variant 4/);
    await page.keyboard.press('ArrowLeft');
    assert.match(await focused(), /Variant 6: int8 variant 6 \(does not fit\)/);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('tr.selected').getAttribute('data-variant'), '6');
    assert.equal(await page.locator('.mark[aria-pressed=true]').count(), 1);
    await page.keyboard.press('Tab');
    assert.equal(await page.locator('.tip').isVisible(), false);
    assert.equal(await page.locator('.plot-view .legend .term:focus').count(), 1, 'the points are one stop');
    // what lies at one place is told and selected together
    await page.locator('.mark.behind').click();
    assert.deepEqual(await page.locator('tr.selected td:nth-child(2)').allInnerTexts(), ['3', '5']);
    await page.close();
  });

  it('asks for a variant to be used, and for cycles to be counted', async () => {
    const opened = await open(MIXED);
    const { page } = opened;
    await page.locator('tr[data-variant="2"]').getByText('Use This').click();
    await page.locator('#run').click();
    assert.deepEqual(await opened.posted(), [
      { type: 'ready' },
      { type: 'take', number: 2 },
      { type: 'run' },
    ]);
    assert.equal(await page.locator('tr[data-variant="1"] button').count(), 0, 'it is in use');
    assert.equal(await page.locator('tr[data-variant="7"] button').count(), 0, 'it cannot be');
    const counted = MIXED.rows.map((r) => ({
      ...r,
      figures: r.figures && { ...r.figures, ...(r.fits ? { measuredCycles: 77_000 } : {}) },
    }));
    await opened.send({ ...MIXED, rows: counted });
    assert.equal(await page.locator('#run').count(), 0);
    assert.match(await page.locator('thead').innerText(), /Cycles, counted/);
    assert.match(await page.locator('tr[data-variant="2"]').innerText(), /77,000/);
    assert.match(await page.locator('tr[data-variant="6"]').innerText(), /about 100,000/);
    await page.close();
  });

  it('remembers axes and selection', async () => {
    const opened = await open(MIXED);
    const { page } = opened;
    await page.locator('#cost').selectOption('flash');
    await page.locator('tr[data-variant="3"] .words').click();
    await page.reload();
    await opened.send(MIXED);
    assert.equal(await page.locator('#cost').inputValue(), 'flash');
    assert.equal(await page.locator('tr.selected').getAttribute('data-variant'), '3');
    await page.close();
  });

  it('shows hostile words as text', async () => {
    const hostile = '<img src=x onerror="posted.push({type: \'hacked\'})">';
    const rows = [madeUpRow(1, 90, 20, 1000, { words: hostile, why: hostile, fits: false })];
    const opened = await open({ ...MIXED, model: hostile, rows });
    await opened.page.locator('.mark').first().focus();
    assert.ok((await opened.page.locator('.tip').innerText()).includes(hostile));
    assert.equal(await opened.page.locator('#app img').count(), 0);
    assert.ok((await opened.posted()).every((m) => m.type !== 'hacked'));
    await opened.page.close();
  });

  it('says so where no variant can be made', async () => {
    const opened = await tester.open('explore', wide);
    await opened.send({ ...MIXED, rows: MIXED.rows.slice(-1) });
    await opened.page.getByText('None of the variants can be made.').waitFor();
    assert.match(await opened.page.locator('tbody').innerText(), /has no FPU/);
    assert.deepEqual(opened.complaints, []);
    await opened.page.close();
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`is accessible, wide and narrow: ${theme}`, async () => {
      for (const width of [1440, 600]) {
        for (const state of [digits, MIXED]) {
          const { page, complaints } = await open(state, { width, height: 900 }, theme);
          await page.locator('.mark').nth(1).focus();
          assert.deepEqual(await axeViolations(page.mainFrame(), 'editor'), []);
          const overflow = await page.evaluate<number>(
            `document.querySelector('#app').scrollWidth - document.querySelector('#app').clientWidth`,
          );
          assert.equal(overflow, 0, `${width} pixels are enough`);
          assert.deepEqual(complaints, []);
          await page.close();
        }
      }
    });
  }
});
