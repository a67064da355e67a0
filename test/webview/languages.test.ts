import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filled, type Translate } from '../../extension/common/errors/sentence.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { EVERY_PAGE } from './everyPage.ts';
import { type OpenPage, PageTester } from './page.ts';

const tester = new PageTester();
const LANGUAGES = ['de', 'ja', 'zh-cn'];

function translator(language: string): Translate {
  const file = path.join(productRoot, 'l10n', `bundle.l10n.${language}.json`);
  const bundle = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  return (template, ...values) => filled(bundle[template] ?? template, ...values);
}

async function open(view: string, language: string, width: number): Promise<OpenPage> {
  const opened = await tester.open(view, { width, height: 800 }, 'dark', language);
  const translate = language === 'en' ? filled : translator(language);
  for (const message of await EVERY_PAGE[view]!(translate)) await opened.send(message);
  const tabs = opened.page.locator('[role=tab]:visible');
  await opened.page.locator('main button').first().waitFor();
  // every tab is drawn once, so that all of its texts are there
  for (let k = (await tabs.count()) - 1; k >= 0; k--) await tabs.nth(k).click();
  return opened;
}

/** Texts of a page, names and tooltips included. */
function textsOf({ page }: OpenPage): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest('script, style')) found.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    }
    return [...new Set(found.map((text) => text.trim()))];
  })()`);
}

/** Elements whose text is wider than they are, and cannot be scrolled to. */
function clippedIn({ page }: OpenPage): Promise<string[]> {
  return page.evaluate(`(() => {
    const clipped = [];
    if (document.documentElement.scrollWidth > innerWidth) clipped.push('the page itself');
    for (const element of document.querySelectorAll('button, th, h1, h2, label, .tile, .tile *, vscode-button')) {
      const { overflowX } = getComputedStyle(element);
      const isHidden = overflowX === 'hidden' || overflowX === 'clip';
      if (isHidden && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2)
        clipped.push(element.className + ': ' + element.textContent);
    }
    return clipped;
  })()`);
}

/** Words that a sentence of ours has in English, and none of the other languages knows. */
const isEnglish = (text: string): boolean =>
  /(?<![\w.'/-])(?:the|of|and|is|are|has|it|its|this|that|with|for|not|to|at)(?![\w.'/-])/i.test(text);

describe('pages in other languages', () => {
  after(() => tester.close());

  for (const view of Object.keys(EVERY_PAGE)) {
    for (const language of LANGUAGES) {
      it(`${view} is in ${language}, whole, at both widths`, async () => {
        for (const width of [1440, 1100]) {
          const opened = await open(view, language, width);
          assert.deepEqual((await textsOf(opened)).filter(isEnglish), []);
          assert.deepEqual(await clippedIn(opened), []);
          assert.deepEqual(opened.complaints, []);
          await opened.page.close();
        }
      });
    }
  }
});
