import assert from 'node:assert/strict';
import type { Graph, Node, Value } from '../../extension/model/graph.ts';
import type { ModelReport } from '../../webview/shared/report.ts';
import { modelReport } from '../../extension/workflow/report/data.ts';
import { axeViolations } from '../vscode/axe.ts';
import { mnistParts } from '../support/mnistReport.ts';
import { until } from '../support/until.ts';
import { type OpenPage, PageTester } from './page.ts';

const tester = new PageTester();
const context = { canPort: true, hasFile: true };
const wide = { width: 1300, height: 800 };

/** The report page with a report in it. */
async function open(report: ModelReport, size = wide): Promise<OpenPage> {
  const opened = await tester.open('report', size);
  await opened.send({ type: 'report', report, context });
  await opened.page.locator('table[role=grid] tbody tr').first().waitFor();
  return opened;
}

const names = ({ page }: OpenPage): Promise<string[]> =>
  page.locator('table[role=grid] tbody td.name').allInnerTexts();
const selected = ({ page }: OpenPage): Promise<string[]> =>
  page.locator('table[role=grid] tbody tr[aria-selected=true] td.name').allInnerTexts();

describe('report page', () => {
  let report: ModelReport;
  before(async () => {
    report = modelReport(await mnistParts());
  });
  after(() => tester.close());

  it('says it is ready and shows a report under the strict content security policy', async () => {
    const opened = await open(report);
    assert.deepEqual((await opened.posted())[0], { type: 'ready' });
    assert.equal(await opened.page.locator('h1').innerText(), 'mnist');
    assert.deepEqual(
      await names(opened),
      report.layers.map((l) => l.name),
    );
    for (const tab of ['accuracy', 'layers']) await opened.page.locator(`#tab-${tab}`).click();
    assert.deepEqual(opened.complaints, []);
    await opened.page.close();
  });

  it('sorts by a column, both ways, and remembers it', async () => {
    const opened = await open(report);
    const { page } = opened;
    await page.getByRole('button', { name: 'MACs' }).click();
    const byMacs = [...report.layers].sort((a, b) => a.macs - b.macs).map((l) => l.name);
    assert.deepEqual(await names(opened), byMacs);
    assert.equal(await page.locator('th.macs').getAttribute('aria-sort'), 'ascending');
    await page.getByRole('button', { name: 'MACs' }).click();
    assert.deepEqual(await names(opened), byMacs.reverse());
    await page.reload();
    await opened.send({ type: 'report', report, context });
    await page.locator('table[role=grid] tbody tr').first().waitFor();
    assert.deepEqual(await names(opened), byMacs);
    await page.close();
  });

  it('selects by keyboard: arrows, End and Home; the graph and the details follow', async () => {
    const opened = await open(report);
    const { page } = opened;
    await page.locator('table[role=grid] tbody tr[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await selected(opened), [report.layers[1]!.name]);
    await page.keyboard.press('End');
    const last = report.layers.at(-1)!;
    assert.deepEqual(await selected(opened), [last.name]);
    assert.match(await page.locator('.details h2').innerText(), new RegExp(`^${last.name} `));
    const marked = page.locator('.graph .node.selected .title');
    assert.deepEqual(await marked.allTextContents(), [last.operator]);
    assert.equal(await page.locator('.details figure svg[role=img]').count(), 2);
    await page.keyboard.press('Home');
    assert.deepEqual(await selected(opened), [report.layers[0]!.name]);
    await opened.send({ type: 'report', report: { ...report, notes: ['More is known now.'] }, context });
    await page.getByText('More is known now.').waitFor();
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await selected(opened), [report.layers[1]!.name], 'the keyboard is still in the table');
    await page.close();
  });

  it('selects a row by a click into the graph, and a layer from the accuracy table', async () => {
    const opened = await open(report);
    const { page } = opened;
    const fused = report.layers.findIndex((l) => l.nodes.length === 2);
    await page.locator(`.graph .node[data-layer="${fused}"]`).last().click();
    assert.deepEqual(await selected(opened), [report.layers[fused]!.name]);
    assert.equal(await page.locator('.graph .node.selected').count(), 2, 'both operators of the fused layer');
    await page.locator('#tab-accuracy').click();
    await page.getByRole('button', { name: 'dense_2' }).click();
    assert.deepEqual(await selected(opened), ['dense_2']);
    assert.equal(await page.locator('#panel-layers').isVisible(), true);
    await page.close();
  });

  it('pans, zooms and fits the graph with mouse and keyboard', async () => {
    const opened = await open(report);
    const { page } = opened;
    const stage = page.locator('.graph-svg > g');
    const transform = () => stage.getAttribute('transform');
    const scale = async () => Number(/scale\((.*)\)/.exec((await transform())!)![1]);
    const canvas = (await page.locator('.graph-canvas').boundingBox())!;
    const before = await transform();
    await page.mouse.move(canvas.x + 20, canvas.y + 300);
    await page.mouse.down();
    await page.mouse.move(canvas.x + 50, canvas.y + 340, { steps: 4 });
    await page.mouse.up();
    assert.notEqual(await transform(), before);
    assert.deepEqual(await selected(opened), [], 'a drag selects nothing');
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await until(async () => (await scale()) > 1);
    await page.getByRole('button', { name: 'Fit the whole graph' }).click();
    const whole = await page.locator('.graph').boundingBox();
    assert.ok(whole!.height <= canvas.height && whole!.y >= canvas.y - 1, 'all of it is in sight');
    await page.locator('.graph-canvas').focus();
    const fitted = await scale();
    await page.keyboard.press('+');
    assert.ok((await scale()) > fitted);
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await selected(opened), [report.layers[0]!.name]);
    await page.close();
  });

  it('shows the graph in its own tab when narrow, beside the table when wide', async () => {
    const opened = await open(report, { width: 420, height: 800 });
    const { page } = opened;
    assert.equal(await page.locator('.graph-canvas').isVisible(), false);
    await page.locator('#tab-graph').click();
    await page.locator('.graph-canvas').waitFor();
    await page.keyboard.press('ArrowRight'); // to the next tab
    assert.equal(await page.locator('[role=tab][aria-selected=true]').innerText(), 'Accuracy');
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${overflow} pixels stick out`);
    await page.setViewportSize(wide);
    await page.locator('.graph-canvas').waitFor();
    assert.equal(await page.locator('#tab-graph').isVisible(), false);
    await page.close();
  });

  it('is accessible in every tab', async () => {
    const opened = await open(report);
    const { page } = opened;
    await page.locator('tr[data-layer="1"]').click();
    for (const tab of ['layers', 'accuracy']) {
      await page.locator(`#tab-${tab}`).click();
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
    }
    await page.close();
  });

  it('asks to port, to validate and to export; not in an untrusted workspace', async () => {
    const opened = await open(report);
    const { page } = opened;
    for (const id of ['port', 'validate', 'export']) await page.locator(`#${id}`).click();
    assert.deepEqual(
      (await opened.posted()).map((m) => m.type),
      ['ready', 'port', 'validate', 'export'],
    );
    await opened.send({ type: 'report', report, context: { canPort: false, hasFile: true } });
    await page.locator('#port').click({ force: true });
    assert.equal((await opened.posted()).length, 4);
    assert.equal(await page.locator('#validate').count(), 0);
    await page.close();
  });

  it('shows a failure as one sentence with what to do', async () => {
    const opened = await tester.open('report', wide);
    const { page } = opened;
    const failure = {
      file: 'a<b>.onnx',
      message: 'The operator <script> is not supported.',
      hint: 'Do without.',
    };
    await opened.send({ type: 'failure', failure });
    assert.equal(await page.locator('h1').innerText(), 'a<b>.onnx cannot be ported');
    assert.equal(await page.locator('.message').innerText(), failure.message);
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await page.getByText('Show Log').click();
    assert.equal((await opened.posted()).at(-1)!.type, 'showLog');
    await page.close();
  });

  it('shows hostile names as text', async () => {
    const hostile =
      '<img src=x onerror="posted.push({type: \'hacked\'})"><script>posted.push({type:"hacked"})</script>';
    const graph = chain(12, (i) => `${hostile} ${i}`);
    const opened = await open(modelReport({ graph, notes: [hostile] }));
    assert.equal((await names(opened))[0], `${hostile} 0`);
    assert.equal(await opened.page.locator('#app img, #app script').count(), 0);
    assert.ok((await opened.posted()).every((m) => m.type !== 'hacked'));
    await opened.page.close();
  });

  it('shows 5,000 layers: all rows, no drawing, and says so', async () => {
    const big = modelReport({ graph: chain(5000, (i) => `node ${i}`) });
    const opened = await open(big);
    const { page } = opened;
    await page.locator('tbody tr[data-layer="4999"]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('table[role=grid] tbody tr').count(), 5000);
    await page.getByRole('button', { name: '#', exact: true }).click();
    assert.equal(await page.locator('table[role=grid] tbody tr td.name').first().innerText(), 'node 4999');
    await page.locator('#tab-graph').click();
    await page.getByText('The graph has 5,002 nodes; graphs of up to 400 are drawn.').waitFor();
    await page.close();
  });

  it('shows more layers than that in pages', async () => {
    const opened = await open(modelReport({ graph: chain(5100, (i) => `node ${i}`) }));
    const { page } = opened;
    const rows = page.locator('table[role=grid] tbody tr');
    await page.locator('tbody tr[data-layer="4999"]').waitFor({ state: 'attached' });
    assert.equal(await rows.count(), 5000);
    await page.getByRole('button', { name: 'Show 100 More of 5,100 Layers' }).click();
    assert.equal(await rows.count(), 5100);
    assert.equal(await page.getByRole('button', { name: 'More of' }).count(), 0);
    await page.close();
  });
});

/** A chain of pointwise operators. */
function chain(length: number, name: (i: number) => string): Graph {
  const shape = [1, 4, 4, 2];
  const values = new Map<string, Value>([['x', { name: 'x', shape }]]);
  const nodes = Array.from({ length }, (_, i): Node => {
    values.set(`v${i}`, { name: `v${i}`, shape });
    const input = i === 0 ? 'x' : `v${i - 1}`;
    return { kind: 'activation', name: name(i), inputs: [input], output: `v${i}`, fn: { type: 'tanh' } };
  });
  return {
    name: 'chain',
    inputs: [{ name: 'x', shape }],
    outputs: [`v${length - 1}`],
    values,
    states: [],
    constants: new Map(),
    nodes,
  };
}
