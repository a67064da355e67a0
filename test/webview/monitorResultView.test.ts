import assert from 'node:assert/strict';
import type { ClassResult, OutputValue, Result } from '../../webview/shared/messages/monitor.ts';
import { type OpenPage, PageTester } from './page.ts';

/** Four numbers of a class that no other number here is equal to, so that each shows where it is drawn. */
const first: ClassResult = {
  index: 0,
  label: 'zero',
  raw: -101,
  real: 0.11,
  pcRaw: -102,
  pcReal: 0.12,
  float: 0.13,
  differs: false,
};
const second: ClassResult = { ...first, index: 1, label: 'one', raw: 21, real: 0.81, differs: false };
const match: Result = {
  source: 'board',
  top1: 1,
  classes: [first, second],
  outputs: [],
  scale: { min: 0, max: 1, real: true },
  timeUs: 1900,
  history: [1900],
  verdict: 'match',
  verdictText: 'all is as it should be',
  closeness: { isClose: true, text: 'near float' },
  floatTop1: 1,
};
const mismatch: Result = {
  ...match,
  classes: [first, { ...second, differs: true }],
  verdict: 'mismatch',
  verdictText: 'one is not',
};

const tester = new PageTester();

/** The monitor's page with a result in it. */
async function open(result: Result, width = 1200): Promise<OpenPage> {
  const opened = await tester.open('monitor', { width, height: 400 });
  await opened.send({ type: 'result', result });
  await opened.page.locator('#verdict').waitFor();
  return opened;
}

const colour = ({ page }: OpenPage, selector: string): Promise<string> =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).color`);

/** The cell of a class under a heading. */
async function cell({ page }: OpenPage, index: number, heading: string): Promise<string> {
  const heads = await page.locator('.classes thead :is(th, td)').allInnerTexts();
  const cells = await page.locator(`.classes tr[data-class="${index}"] > *`).allInnerTexts();
  assert.ok(heads.includes(heading), `${heading} is one of ${heads.join(', ')}`);
  assert.equal(cells.length, heads.length);
  return cells[heads.indexOf(heading)]!;
}

describe('monitor result view', () => {
  after(() => tester.close());

  it('draws a match as one: the check mark in its colour, no class marked', async () => {
    const opened = await open(match);
    const verdict = opened.page.locator('#verdict');
    assert.equal(await verdict.innerText(), 'all is as it should be');
    assert.equal(await verdict.locator('.icon-check').count(), 1);
    assert.equal(await verdict.locator('.icon-error').count(), 0);
    assert.equal(await opened.page.locator('.classes :is(.differs, .bad, .icon-error)').count(), 0);
    const good = await colour(opened, '#verdict');
    await opened.send({ type: 'result', result: mismatch });
    assert.notEqual(await colour(opened, '#verdict'), good);
    assert.deepEqual(opened.complaints, []);
    await opened.page.close();
  });

  it('draws a mismatch as one: the error mark, and the class that differs in the same colour', async () => {
    const opened = await open(mismatch);
    const { page } = opened;
    const verdict = page.locator('#verdict');
    assert.equal(await verdict.innerText(), 'one is not');
    assert.equal(await verdict.locator('.icon-error').count(), 1);
    assert.equal(await verdict.locator('.icon-check').count(), 0);
    const marked = page.locator('.classes tr.differs');
    assert.deepEqual(await marked.evaluateAll((rows) => rows.map((r) => r.getAttribute('data-class'))), [
      '1',
    ]);
    assert.equal(await marked.locator('td.raw.bad .icon-error').count(), 1);
    assert.equal(await marked.locator('td.raw').getAttribute('title'), 'Not what this computer computes');
    assert.equal(await colour(opened, '#verdict'), await colour(opened, 'tr.differs td.raw'));
    const spoken = page.locator('.result [role=status]');
    await spoken.filter({ hasText: 'Top1 one, 81.0 %. one is not' }).waitFor({ state: 'attached' });
    await page.close();
  });

  it('says beside the verdict how near the network stays to the float one: quietly, or as a warning', async () => {
    const opened = await open(match);
    const closeness = opened.page.locator('#closeness');
    assert.equal(await closeness.innerText(), 'near float');
    assert.equal(await closeness.locator('.icon-warning').count(), 0);
    await opened.send({ type: 'result', result: { ...match, closeness: { isClose: false, text: 'far' } } });
    assert.equal(await closeness.innerText(), 'far');
    assert.equal(await closeness.locator('.icon-warning').count(), 1);
    await opened.send({ type: 'result', result: { ...match, closeness: undefined } });
    assert.equal(await closeness.count(), 0);
    await opened.page.close();
  });

  it('has the time in sight in a panel of the usual height, however long the other lines are', async () => {
    const source = 'FRDM-KE16Z (simulated)';
    const text = 'Near float: the same class for 100 of 100 images, SQNR 35 dB';
    const opened = await open({ ...match, source, timeUs: 1408, closeness: { isClose: true, text } });
    const height = 257; // of the page in a panel of 292
    await opened.page.setViewportSize({ width: 1084, height });
    const box = (await opened.page.locator('.time').boundingBox())!;
    assert.ok(box.y + box.height <= height, `it ends at ${box.y + box.height}`);
    await opened.page.close();
  });

  it('keeps every line in sight beside a drawing, however narrow', async () => {
    const text = 'Near float: the same class for 100 of 100 images, SQNR 35 dB';
    for (const isClose of [true, false]) {
      const opened = await open({ ...match, history: [1900, 1901], closeness: { isClose, text } }, 520);
      await opened.page.evaluate("document.getElementById('app').classList.add('drawing')");
      const right = (selector: string): Promise<number[]> =>
        opened.page.evaluate(
          `[...document.querySelectorAll('${selector}')].map((e) => e.getBoundingClientRect().right)`,
        );
      const [edge] = await right('.summary');
      const ends = await right('.summary > *, .summary .sparkline');
      assert.ok(ends.length > 5 && ends.every((x) => x <= edge! + 1), `${ends.join()} beyond ${edge}`);
      await opened.page.close();
    }
  });

  it('names the float network’s numbers as such where nothing on the PC repeats the board’s', async () => {
    const opened = await open({ ...match, pcIsFloat: true });
    assert.equal(await cell(opened, 0, 'PC float, raw'), '-102');
    await opened.page.close();
  });

  it('shows each number under its own heading', async () => {
    const opened = await open(mismatch);
    assert.equal(await cell(opened, 0, 'Class'), 'zero');
    assert.equal(await cell(opened, 0, 'Board'), '11.0 %');
    assert.equal(await cell(opened, 0, 'Raw'), '-101');
    assert.equal(await cell(opened, 0, 'PC quantized'), '-102');
    assert.equal(await cell(opened, 0, 'PC float'), '13.0 %');
    const quantized = opened.page.locator('tr[data-class="0"] td.pc').first();
    assert.equal(await quantized.getAttribute('title'), '12.0 %');
    await opened.page.close();
  });

  it('gives all the room to a result without numbers, a class, and shows positions that are none by their name', async () => {
    const none = { raw: undefined, real: undefined, pcRaw: undefined, pcReal: undefined, float: undefined };
    const noNumbers: ClassResult = { ...none, index: 1, label: 'one', differs: false };
    const named: Result = {
      ...match,
      namesItself: true,
      classes: [noNumbers],
    };
    const one = await open(named);
    assert.equal(await one.page.locator('#top1').innerText(), 'one');
    const width = async ({ page }: OpenPage): Promise<number> =>
      (await page.locator('.summary').boundingBox())!.width;
    assert.ok((await width(one)) > 300, String(await width(one)));
    const positions = [0, 1, 2].map((index) => ({
      index,
      raw: 2,
      real: undefined,
      pcRaw: 2,
      float: 2,
      differs: false,
    }));
    const outputs = [{ name: 'mask', elements: 3, differing: 0, values: positions }];
    const many = await open({ ...named, classes: [], top1: undefined, floatTop1: undefined, outputs });
    assert.equal(await many.page.locator('#top1').count(), 0);
    assert.equal(await many.page.locator('[data-output=mask] tbody tr').count(), 3);
    // what stands for itself has no second column
    assert.equal(await many.page.locator('[data-output=mask] thead th').count(), 4);
    assert.ok((await width(await open(match))) < 300);
  });

  it('says when the float network finds another class, and shows no PC where there is none', async () => {
    const opened = await open({ ...match, floatTop1: 0 });
    const { page } = opened;
    assert.equal(await page.locator('.verdict.warn').innerText(), 'The float model says zero.');
    await opened.send({ type: 'result', result: match });
    assert.equal(await page.locator('.verdict.warn').count(), 0);
    await opened.send({ type: 'result', result: { ...match, verdict: 'unknown', floatTop1: undefined } });
    const heads = await page.locator('.classes thead th').allInnerTexts();
    assert.deepEqual(heads, ['Class', 'Board', 'Raw']);
    assert.equal(await page.locator('#verdict :is(.icon-check, .icon-error)').count(), 0);
    await page.close();
  });

  it('fits a narrow panel with long names, a class that differs and a bar to see', async () => {
    const classes = mismatch.classes.map((c) => ({ ...c, label: 'a rather long name' }));
    for (const width of [240, 340, 441, 500, 540]) {
      const opened = await open({ ...mismatch, classes }, width);
      const table = (await opened.page.locator('.classes').boundingBox())!;
      assert.ok(table.x + table.width <= width, `${table.x + table.width} of ${width} pixels`);
      const bar = (await opened.page.locator('.classes .bar').first().boundingBox())!;
      assert.ok(bar.width >= 10, `a bar of ${bar.width} pixels at ${width}`);
      await opened.page.close();
    }
  });

  const value = (index: number, raw: number, real: string, differs = false): OutputValue => ({
    ...{ index, raw, real, pcRaw: differs ? raw + 1 : raw, float: Number(real) + 0.01, differs },
  });
  const unnamed: Result = { ...match, classes: [], top1: undefined, floatTop1: undefined };

  it('shows percents beside real and raw numbers where it is known what they are of', async () => {
    const classes = [
      { ...first, percent: 12.5 },
      { ...second, percent: 87.5 },
    ];
    const opened = await open({ ...match, classes, percentsAre: 'softmax' });
    assert.deepEqual([await cell(opened, 1, '%'), await cell(opened, 1, 'Raw')], ['87.5', '21']);
    assert.equal(await opened.page.locator('.top1-confidence').innerText(), '87.5 %');
    const bar = await opened.page
      .locator('[data-class="1"] .bar-fill')
      .evaluate((e) => (e as unknown as { style: { width: string } }).style.width);
    assert.equal(bar, '87.5%');
    await opened.page.close();
  });

  it('shows one number large, and speaks it', async () => {
    const outputs = [{ name: 'temperature', elements: 1, differing: 0, values: [value(0, -5, '23.45')] }];
    const opened = await open({ ...unnamed, outputs });
    assert.equal(await opened.page.locator('#answer').innerText(), '23.45');
    const spoken = opened.page.locator('.result [role=status]');
    await spoken.filter({ hasText: 'temperature is 23.45. all is' }).waitFor({ state: 'attached' });
    const cells = await opened.page.locator('.values tbody tr > *').allInnerTexts();
    assert.deepEqual(cells, ['23.45', '-5', '-5', '23.46']);
    await opened.page.close();
  });

  it('shows every output by its name, and which of its values differ', async () => {
    const boxes = [0, 1, 2, 3].map((i) => value(i, 10 * i, (0.1 * i).toFixed(2), i === 2));
    const outputs = [
      { name: 'boxes', elements: 4, differing: 1, values: boxes },
      {
        name: 'many',
        elements: 6400,
        differing: 0,
        values: Array.from({ length: 256 }, (_, i) => value(i, i, '1')),
      },
    ];
    const opened = await open({ ...unnamed, outputs, verdict: 'mismatch', verdictText: 'one is not' });
    const { page } = opened;
    assert.equal(await page.locator('[data-output=boxes] tr.differs').count(), 1);
    assert.match(await page.locator('[data-output=boxes] h3').innerText(), /3 of 4 values/);
    assert.match(await page.locator('[data-output=many] p').innerText(), /first 256 of 6400 values/);
    // many values are a line, too, and no page is as long as they are
    assert.equal(await page.locator('[data-output=many] svg.lines').count(), 1);
    const list = (await page.locator('[data-output=many] .output-values').boundingBox())!;
    assert.ok(list.height <= 180);
    await page.close();
  });

  it('says whether an input is of the usual kind, and how far from the threshold it is', async () => {
    const reconstruction = {
      ...{ error: 0.02, raw: 123, threshold: 0.04, isAnomalous: false, float: 0.021 },
      ...{ isFloatAnomalous: false, differs: false },
    };
    const opened = await open({ ...unnamed, reconstruction });
    const { page } = opened;
    assert.equal(await page.locator('#answer').innerText(), 'Normal');
    const width = (selector: string) =>
      page.locator(selector).evaluate((e) => e.getBoundingClientRect().width);
    const mark = await page.locator('.meter-mark').evaluate((e) => e.getBoundingClientRect().left);
    const left = await page.locator('.meter-fill').evaluate((e) => e.getBoundingClientRect().left);
    assert.ok(Math.abs((await width('.meter-fill')) * 2 - (mark - left)) < 2, 'half of the threshold');
    const over = { ...reconstruction, error: 0.08, isAnomalous: true };
    await opened.send({ type: 'result', result: { ...unnamed, reconstruction: over } });
    assert.equal(await page.locator('#answer').innerText(), 'Anomalous');
    const spoken = page.locator('.result [role=status]');
    await spoken.filter({ hasText: 'Anomalous. all is' }).waitFor({ state: 'attached' });
    // the word is whole in the narrow column
    const whole = await page.locator('#answer').evaluate((e) => e.scrollWidth <= e.clientWidth);
    assert.ok(whole);
    await page.close();
  });
});
