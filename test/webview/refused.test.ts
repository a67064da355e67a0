import assert from 'node:assert/strict';
import type { RefusedReport } from '../../webview/shared/report.ts';
import { axeViolations } from '../vscode/axe.ts';
import { refusedModelReport } from '../support/refusedModel.ts';
import { type OpenPage, PageTester } from './page.ts';
import type { ThemeName } from './themes.ts';

const tester = new PageTester();
const wide = { width: 1300, height: 800 };

async function open(refused: RefusedReport, size = wide, theme: ThemeName = 'dark'): Promise<OpenPage> {
  const opened = await tester.open('report', size, theme);
  await opened.send({ type: 'refused', refused });
  await opened.page.locator('.refused-report').waitFor();
  return opened;
}

const pressed = ({ page }: OpenPage): Promise<string[]> =>
  page.locator('.problem[aria-pressed=true] .problem-node').allInnerTexts();
const selected = ({ page }: OpenPage): Promise<string[]> =>
  page.locator('.graph .node.selected .title').allTextContents();

describe('report page of a model that is refused', () => {
  let refused: RefusedReport;
  before(async () => {
    refused = await refusedModelReport();
  });
  after(() => tester.close());

  it('draws the network, with a sign on each node that is refused, and lists them', async () => {
    const opened = await open(refused);
    const { page } = opened;
    assert.equal(await page.locator('h1').innerText(), 'attention.onnx cannot be ported');
    assert.equal(await page.locator('.graph .node').count(), 11);
    assert.equal(await page.locator('.graph .edge').count(), 12);
    assert.equal(await page.locator('.graph .node.refused .sign').count(), 3);
    assert.equal(await page.locator('.graph .sign').count(), 3);
    assert.match(
      (await page.locator('.graph .node.refused title').allTextContents()).join('\n'),
      /LeakyRelu, leaky_branch: has an attribute 'alpha' of another type than float/,
    );
    assert.match(await page.locator('.problem').nth(2).innerText(), /^Clip node 'bounded'\s+computes the/);
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it('selects the same node in the list and in the graph, by mouse and by keyboard', async () => {
    const opened = await open(refused);
    const { page } = opened;
    await page.locator('.problem').first().click();
    assert.deepEqual(await selected(opened), ['com.example.AttentionGrid']);
    await page.locator('.graph .node.refused').last().click();
    assert.deepEqual([await pressed(opened), await selected(opened)], [["Clip node 'bounded'"], ['Clip']]);
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press('ArrowUp');
    assert.deepEqual(await pressed(opened), ["LeakyRelu node 'leaky_branch'"]);
    await page.locator('.problem').first().focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await selected(opened), ['com.example.AttentionGrid']);
    await page.close();
  });

  it('says what concerns no node in a sentence, and that a graph is too large', async () => {
    const graph = { tooLarge: 'The graph has 9,000 nodes.' };
    const opened = await open({ ...refused, problems: [], problemCount: 0, graph });
    const { page } = opened;
    assert.match(await page.locator('.refusal').innerText(), /^attention\.onnx: The model has 3 nodes/);
    assert.equal(await page.locator('.graph-place').innerText(), graph.tooLarge);
    assert.equal(await page.locator('.problems').count(), 0);
    await opened.send({ type: 'refused', refused: { ...refused, problemCount: 5000 } });
    await page.getByText('4997 more are not listed.').waitFor();
    await page.getByRole('button', { name: 'Try Again' }).click();
    assert.deepEqual((await opened.posted()).at(-1), { type: 'retry' });
    await page.close();
  });

  for (const theme of ['light', 'hc-dark'] as const) {
    it(`is accessible, and as wide as its window (${theme})`, async () => {
      const opened = await open(refused, { width: 420, height: 800 }, theme);
      const { page } = opened;
      await page.locator('.problem').nth(1).click();
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
      await page.close();
    });
  }
});
