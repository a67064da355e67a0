import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { modelReport } from '../../extension/workflow/report/data.ts';
import { glossary } from '../../webview/shared/glossary.ts';
import type { ModelReport } from '../../webview/shared/report.ts';
import { axeViolations } from '../vscode/axe.ts';
import { mnistParts } from '../support/mnistReport.ts';
import { type OpenPage, PageTester } from './page.ts';
import { DIGITS, stateOf } from './validatePage.ts';

const terms = glossary((sentence) => sentence);

describe('words of the field', () => {
  const tester = new PageTester();
  let report: ModelReport;
  before(async () => {
    report = modelReport(await mnistParts());
  });
  after(() => tester.close());

  async function openReport(): Promise<OpenPage> {
    const opened = await tester.open('report', { width: 1100, height: 700 });
    await opened.send({ type: 'report', report, context: { canPort: true, hasFile: true } });
    await opened.page.locator('table[role=grid] tbody tr').first().waitFor();
    return opened;
  }

  it('say what they mean where the keyboard is, as the document does, and no more with Escape', async () => {
    const { page, complaints } = await openReport();
    const tip = page.locator('[role=tooltip]');
    await page.locator('#export').focus();
    await page.keyboard.press('Tab');
    assert.equal(await page.locator('.tile .term:focus').innerText(), 'Parameters');
    await page.keyboard.press('Tab');
    assert.equal(await tip.innerText(), terms.macs.words);
    const document = readFileSync(path.join(productRoot, 'docs/glossary.md'), 'utf8');
    assert.ok(document.includes(`| **MACs** | ${await tip.innerText()} |`));
    await page.keyboard.press('Escape');
    assert.equal(await tip.isVisible(), false);
    assert.equal(await page.locator('.tile .term:focus').innerText(), 'MACs', 'the keyboard stays');
    await page.keyboard.press('Tab');
    assert.equal(await tip.innerText(), terms.ram.words);
    await page.locator('#tab-layers').focus();
    assert.equal(await tip.isVisible(), false);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('are described to screen readers, on heads that sort, too', async () => {
    const { page } = await openReport();
    for (const [head, words] of [
      [page.getByRole('button', { name: 'SQNR' }), terms.sqnr.words],
      [page.getByRole('button', { name: /Predicted/ }), terms.cycles.words],
      [page.locator('.tile .term', { hasText: /^RAM$/ }), terms.ram.words],
    ] as const) {
      const id = await head.getAttribute('aria-describedby');
      assert.ok((await page.locator(`#${id}`).textContent())?.endsWith(words), words);
    }
    await page.getByRole('button', { name: 'SQNR' }).focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    assert.match(await page.locator('[role=tooltip]').innerText(), /Signal to quantization noise/);
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await page.close();
  });

  it('show under the pointer, which can go over to what they say, within the page', async () => {
    const { page } = await openReport();
    const tip = page.locator('[role=tooltip]');
    await page.locator('.report > .tiles .term').last().hover();
    await tip.waitFor();
    const box = (await tip.boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 1100, `from ${box.x}, ${box.width} wide`);
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.locator('.report > .tiles .term').first().hover();
    await tip.filter({ hasText: terms.parameters.words }).waitFor();
    await page.mouse.move(700, 500);
    await tip.waitFor({ state: 'hidden' });
    await page.close();
  });

  it('lead to the whole glossary, by the one command that a page may run', async () => {
    const { page } = await openReport();
    const link = page.getByRole('link', { name: 'Glossary' });
    assert.equal(await link.getAttribute('href'), 'command:glowport.showGlossary');
    const host = readFileSync(path.join(productRoot, 'extension/views/webviewHtml.ts'), 'utf8');
    assert.ok(host.includes("enableCommandUris: ['glowport.showGlossary']"));
    await page.close();
  });

  it('are explained on the page of a validation', async () => {
    const { page, send } = await tester.open('validate', { width: 1100, height: 700 });
    await send(stateOf(DIGITS));
    await page.locator('#export-json').focus();
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const tip = page.locator('[role=tooltip]:not([hidden])');
      if ((await tip.count()) > 0) seen.push(await tip.innerText());
    }
    for (const { words } of [terms.pcQuantized, terms.accuracy, terms.flash, terms.confusionMatrix]) {
      assert.ok(seen.includes(words), words);
    }
    await page.close();
  });
});
