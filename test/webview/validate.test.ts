import assert from 'node:assert/strict';
import type { Validation } from '../../webview/shared/validation.ts';
import { axeViolations } from '../vscode/axe.ts';
import { type OpenPage, PageTester } from './page.ts';
import { THEMES, type ThemeName } from './themes.ts';
import {
  ANOMALY,
  classified,
  DIFFERING,
  DIGITS,
  matrixOf,
  PICTURE,
  PLAIN,
  REGRESSION,
  SEQUENCE,
  stateOf,
} from './validatePage.ts';

const tester = new PageTester();
const wide = { width: 1440, height: 900 };

async function open(validation: Validation, size = wide, theme: ThemeName = 'dark'): Promise<OpenPage> {
  const opened = await tester.open('validate', size, theme);
  await opened.send(stateOf(validation));
  await opened.page.locator('.tile').first().waitFor();
  return opened;
}

/** A tile's three lines, by its name. */
async function tilesOf({ page }: OpenPage): Promise<Map<string, string>> {
  const texts = await page.locator('.tile').allInnerTexts();
  return new Map(texts.map((t) => t.split('\n')).map(([name, value, note]) => [name!, `${value} | ${note}`]));
}

const focused = ({ page }: OpenPage): Promise<string | null> =>
  page.evaluate(`document.activeElement.getAttribute('aria-label')`);

/** Answers the page's last question for a sample. */
async function answer(opened: OpenPage, inputs: unknown): Promise<number> {
  const last = (await opened.posted()).at(-1) as unknown as { type: string; number: number };
  assert.equal(last.type, 'sample');
  await opened.send({ type: 'sample', number: last.number, inputs });
  return last.number;
}

describe('validation page', () => {
  after(() => tester.close());

  it('says first whether board and PC are equal, then what the answers are worth', async () => {
    const opened = await open({ ...DIGITS, samples: 9994 });
    const tiles = await tilesOf(opened);
    assert.deepEqual(
      [...tiles],
      [
        ["Equal to this computer's", '9,994 of 9,994 | answers, in every value'],
        ['Accuracy', '99.1% | 9,905 of 9,994 labels'],
        ['Inference', '1.4\u00a0ms | mean; 1,404 to 1,411 µs'],
        ['Flash', '9,120\u00a0B | the whole firmware'],
        ['RAM', '3,484\u00a0B | of it stack 212\u00a0B'],
      ],
    );
    assert.equal(await opened.page.locator('#differing').count(), 0);
    assert.match(await opened.page.locator('header').innerText(), /9,994 samples on the simulated board/);
    assert.deepEqual(
      (await opened.page.locator('.requirements li').allInnerTexts()).map((r) => r.replaceAll('\n', ' ')),
      ['met: accuracy>=95 is 98.9 %', 'not met: time<=1ms is 1.4 ms', 'met: flash<=64k is 9,120 B'],
    );
    assert.deepEqual(opened.complaints, []);
    await opened.page.close();
  });

  it('never rounds what is not all of it to all', async () => {
    const nearly = { task: 'classify', labelled: 10_000, correct: 9_999, confusion: undefined } as const;
    const opened = await open({ ...PLAIN, score: nearly });
    assert.match((await tilesOf(opened)).get('Accuracy')!, /^99\.9%/);
    await opened.page.close();
  });

  it('goes over the matrix by keys, lists a cell’s samples and shows one', async () => {
    const opened = await open(DIGITS);
    const { page } = opened;
    assert.equal(await page.locator('.matrix button').count(), 100);
    assert.equal(await page.locator('.matrix button[tabindex="0"]').count(), 1, 'one stop of the tab key');
    await page.locator('#confusion h2 .term').focus();
    await page.keyboard.press('Tab');
    assert.equal(await focused(opened), '2 taken for 6: 11', 'where most is wrong');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(opened), '3 taken for 2: 8');
    await page.keyboard.press('Enter');
    assert.match(await page.locator('.cell-samples h3').innerText(), /^3 taken for 2 8$/);
    assert.equal(await page.locator('.cell-samples [role=option]').count(), 8);
    await page.keyboard.press('Tab'); // the list of samples
    await page.keyboard.press('ArrowDown');
    const number = await answer(opened, [PICTURE]);
    assert.equal(await page.locator('.sample-shown canvas').getAttribute('width'), '28');
    const pixel = await page.evaluate<number[]>(
      `[...document.querySelector('.sample-shown canvas').getContext('2d').getImageData(5, 0, 1, 1).data]`,
    );
    assert.deepEqual(pixel, [15, 15, 15, 255]);
    assert.match(await page.locator('.sample-shown').innerText(), new RegExp(`Sample ${number}, label 3`));
    await page.keyboard.press('Home');
    assert.notEqual(await answer(opened, [SEQUENCE]), number);
    assert.equal(await page.locator('.sample-shown .line').count(), 3);
    // what comes late for another sample is not shown
    await opened.send({ type: 'sample', number, inputs: [PICTURE] });
    assert.equal(await page.locator('.sample-shown canvas').count(), 0);
    await page.locator('.matrix button.right').first().click();
    assert.match(await page.locator('.cell-samples').innerText(), /Samples that are right are not listed/);
    await page.close();
    assert.deepEqual(opened.complaints, []);
  });

  it('ends at the borders of the matrix', async () => {
    const opened = await open(DIGITS);
    const { page } = opened;
    await page.locator('.matrix button').first().focus();
    for (const key of ['ArrowUp', 'ArrowLeft', 'Home', 'PageUp']) await page.keyboard.press(key);
    assert.equal(await focused(opened), '0 taken for 0: 950');
    for (const key of ['End', 'PageDown', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    assert.equal(await focused(opened), '9 taken for 9: 1,013');
    await page.close();
  });

  it('sorts the classes by each figure, both ways', async () => {
    const opened = await open(DIGITS);
    const { page } = opened;
    const classes = (): Promise<string[]> => page.locator('.classes tbody th').allInnerTexts();
    assert.deepEqual(await classes(), [...'0123456789']);
    await page.getByRole('button', { name: 'Samples' }).click();
    assert.deepEqual((await classes())[0], '0');
    assert.equal(await page.locator('.classes th.samples').first().getAttribute('aria-sort'), 'ascending');
    await page.getByRole('button', { name: 'Precision' }).click();
    const shares = await page.locator('.classes tbody td.precision').allInnerTexts();
    const numbers = shares.map((s) => parseFloat(s));
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
    await page.getByRole('button', { name: 'Precision' }).click();
    assert.deepEqual(
      (await page.locator('.classes tbody td.precision').allInnerTexts()).map((s) => parseFloat(s)),
      [...numbers].sort((a, b) => b - a),
    );
    await page.close();
  });

  it('shows where board and PC differ, value by value', async () => {
    const opened = await open(DIFFERING);
    const { page } = opened;
    assert.equal(
      (await tilesOf(opened)).get("Equal to this computer's"),
      '9,991 of 9,994 | answers; 3 differ',
    );
    assert.match(await page.locator('.note').innerText(), /sent again on the line: 12\..*board: 1\./);
    await page.locator('#differing [role=option]').nth(1).click();
    assert.equal(await answer(opened, [PICTURE]), 812);
    assert.match(await page.locator('.outputs caption').innerText(), /^scores 1 of 10 values differ$/);
    assert.deepEqual(await page.locator('.outputs .differs').locator('th, td').allInnerTexts(), [
      ...['1', '18', '\u22127'],
    ]);
    await page.locator('#differing [role=option]').nth(2).click();
    const { number } = (await opened.posted()).at(-1) as unknown as { number: number };
    await opened.send({ type: 'noSample', number, why: 'There is no file 04444_2.png any more.' });
    assert.match(await page.locator('#differing .sample-shown').innerText(), /no file 04444_2\.png any more/);
    await page.close();
  });

  it('shows of a long output what differs only', async () => {
    const long = (change: number): { name: string; values: number[] } => ({
      name: 'map',
      values: Array.from({ length: 6400 }, (_, i) => (i % 40 === 7 ? change : i % 100)),
    });
    const mismatch = { number: 3, name: 'x.npy#3', label: undefined, board: [long(-1)], pc: [long(-2)] };
    const opened = await open({ ...PLAIN, mismatches: { count: 200, listed: [mismatch] } });
    assert.match(await opened.page.locator('#differing h2').innerText(), /first 1 of 200/);
    await opened.page.locator('#differing [role=option]').click();
    assert.equal(await opened.page.locator('.outputs tbody tr').count(), 100);
    assert.match(
      await opened.page.locator('.outputs caption').innerText(),
      /160 of 6,400 values differ; the first 100 of them/,
    );
    await opened.page.close();
  });

  it('draws the ROC curve with its thresholds, and what each makes of the samples', async () => {
    const opened = await open(ANOMALY);
    const { page } = opened;
    assert.equal((await tilesOf(opened)).get('AUC'), '0.9034 | 400 normal, 200 anomalies');
    assert.equal(await page.locator('.roc-place svg').getAttribute('aria-label'), 'ROC curve, area 0.9034');
    const { threshold, roc } = ANOMALY.score as Extract<Validation['score'], { task: 'anomaly' }>;
    // 400 pixels wide: rates lie between the margins, 58..378 to the right and 360..10 up
    for (const [kind, confusion] of [
      ['inUse', threshold!.confusion],
      ['best', roc!.best.confusion],
    ] as const) {
      const [normal, anomaly] = confusion.matrix;
      const mark = page.locator(`.roc .threshold.${kind}`);
      const at = async (name: string): Promise<number> => Number(await mark.getAttribute(name));
      assert.ok(Math.abs((await at('cx')) - (58 + (320 * normal![1]!) / 400)) < 0.01);
      assert.ok(Math.abs((await at('cy')) - (360 - (350 * anomaly![1]!) / 200)) < 0.01);
    }
    const curve = (await page.locator('.roc .curve').getAttribute('d'))!;
    assert.match(curve, /^M58 360L.*L378 10$/);
    assert.equal(curve.match(/[ML]/g)!.length, roc!.points.length);
    const counts = (): Promise<string[]> => page.locator('.matrix button').allInnerTexts();
    assert.deepEqual(await counts(), threshold!.confusion.matrix.flat().map(String));
    assert.match(await page.locator('.split').innerText(), /99th percentile over 250 samples/);
    await page.locator('#threshold').selectOption('best');
    assert.deepEqual(await counts(), roc!.best.confusion.matrix.flat().map(String));
    assert.match(await page.locator('.split').innerText(), /Youden’s J/);
    await page.close();
  });

  it('tells the errors of a regression, and that labels are missing', async () => {
    const regression = await open(REGRESSION);
    const tiles = await tilesOf(regression);
    assert.equal(tiles.get('MAE'), '0.01342 | mean absolute error');
    assert.equal(tiles.get('RMSE'), '0.0197 | root mean square error');
    assert.equal(tiles.get('R²'), '0.9931 | 1 is perfect, 0 the mean');
    assert.equal(await regression.page.locator('.note').count(), 0);
    await regression.page.close();
    const unlabelled = await open({ ...PLAIN, score: { task: 'regress', labelled: 0, errors: undefined } });
    assert.match(await unlabelled.page.locator('.note').innerText(), /no labels for these answers/);
    await unlabelled.page.close();
  });

  it('asks for exports and for another validation', async () => {
    const opened = await open(PLAIN);
    for (const id of ['export-json', 'export-csv', 'again']) await opened.page.locator(`#${id}`).click();
    assert.deepEqual(await opened.posted(), [
      { type: 'ready' },
      { type: 'export', format: 'json' },
      { type: 'export', format: 'csv' },
      { type: 'again' },
    ]);
    await opened.page.close();
  });

  it('remembers the cell, the samples and the order of the classes', async () => {
    const opened = await open(DIFFERING);
    const { page } = opened;
    await page.locator('#differing [role=option]').nth(2).click();
    await page.locator('.matrix button[data-actual="5"][data-predicted="1"]').click();
    await page.locator('.cell-samples [role=option]').nth(3).click();
    await page.getByRole('button', { name: 'Recall' }).click();
    await page.reload();
    await opened.send(stateOf(DIFFERING));
    assert.equal(
      await page.locator('#differing [aria-selected=true] .sample-name').innerText(),
      '04444_2.png',
    );
    assert.match(await page.locator('.cell-samples h3').first().innerText(), /^5 taken for 1/);
    assert.equal(await page.locator('.cell-samples [data-place="3"]').getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('.classes th.recall').first().getAttribute('aria-sort'), 'ascending');
    // a result of another model has no such cell
    await opened.send(stateOf(classified(['a', 'b'], matrixOf(2, 9))));
    assert.equal(await page.locator('.matrix [aria-pressed=true]').count(), 0);
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it('shows hostile names as text', async () => {
    const hostile = '<img src=x onerror="posted.push({type: \'hacked\'})">';
    const mismatch = {
      ...{ number: 1, name: hostile, label: hostile },
      ...{ board: [{ name: hostile, values: [1] }], pc: [{ name: hostile, values: [2] }] },
    };
    const opened = await open({
      ...classified([hostile, 'b'], matrixOf(2, 5)),
      ...{ model: hostile, mismatches: { count: 1, listed: [mismatch] } },
      requirements: [{ text: hostile, figure: 'time', isMet: false, found: hostile }],
    });
    await opened.page.locator('#differing [role=option]').click();
    await answer(opened, [{ ...SEQUENCE, name: hostile }]);
    assert.ok((await opened.page.locator('h1').innerText()).includes(hostile));
    assert.equal(await opened.page.locator('#app img').count(), 0);
    assert.ok((await opened.posted()).every((m) => m.type !== 'hacked'));
    await opened.page.close();
  });

  it('has a 10 x 10 matrix in sight at 1100 x 700', async () => {
    const { page } = await open(DIGITS, { width: 1100, height: 700 });
    const last = (await page.locator('.matrix button').last().boundingBox())!;
    assert.ok(last.x + last.width <= 1100 && last.y + last.height <= 700);
    const hidden = await page.evaluate<number>(
      `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.matrix-scroll'))`,
    );
    assert.equal(hidden, 0);
    await page.close();
  });

  it('bounds the matrix of a hundred classes, heads staying in sight', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `class number ${i}`);
    const opened = await open(classified(names, matrixOf(100, 90)));
    const { page } = opened;
    const frame = (await page.locator('.matrix-scroll').boundingBox())!;
    assert.ok(frame.height <= 640 && frame.width <= 1240);
    await page.locator('.matrix button').first().focus();
    for (const key of ['End', 'PageDown']) await page.keyboard.press(key);
    assert.match((await focused(opened))!, /^class number 99 taken for class number 99/);
    const cell = (await page.locator('.matrix button').last().boundingBox())!;
    assert.ok(cell.x + cell.width <= frame.x + frame.width && cell.y + cell.height <= frame.y + frame.height);
    const row = (await page.locator('.matrix tbody th').last().boundingBox())!;
    const column = (await page.locator('.matrix thead th').last().boundingBox())!;
    assert.ok(row.x >= frame.x && row.x < frame.x + 20, 'the name of its row');
    assert.ok(column.y >= frame.y && column.y < frame.y + 20, 'the name of its column');
    await page.close();
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`is accessible, wide and narrow: ${theme}`, async () => {
      for (const width of [1440, 500]) {
        for (const validation of [DIFFERING, ANOMALY, REGRESSION]) {
          const opened = await open(validation, { width, height: 900 }, theme);
          const { page } = opened;
          const differing = page.locator('#differing [role=option]').first();
          if (await differing.count()) {
            await differing.click();
            await answer(opened, [PICTURE]);
          }
          const cell = page.locator('.matrix .wrong:not(.none)').first();
          if (await cell.count()) {
            await cell.click();
            await page.locator('.cell-samples [role=option]').first().click();
            await answer(opened, [SEQUENCE]);
          }
          assert.deepEqual(await axeViolations(page.mainFrame(), 'editor'), []);
          const overflow = await page.evaluate<number>(
            `document.querySelector('#app').scrollWidth - document.querySelector('#app').clientWidth`,
          );
          assert.equal(overflow, 0, `${width} pixels are enough`);
          assert.deepEqual(opened.complaints, []);
          await page.close();
        }
      }
    });
  }
});
