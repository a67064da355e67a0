import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Serious and critical accessibility violations of a page, one line an element. Rules about whole documents (landmarks,
 * a heading of level one) are left out: a webview is a part of VS Code's window.
 * @param behind the part of the window that the page lies on
 */
export async function axeViolations(
  frame: Frame,
  behind: 'sideBar' | 'panel' | 'editor' = 'sideBar',
): Promise<string[]> {
  // the controls take a new theme's colours a moment after the page: what is amiss has to last
  for (let i = 0; ; i++) {
    const violations = await runAxe(frame, behind);
    if (violations.length === 0 || i === 5) return violations;
    await frame.waitForTimeout(500);
  }
}

async function runAxe(frame: Frame, behind: string): Promise<string[]> {
  await frame.evaluate(source);
  // a page is transparent: without the colour behind it axe would measure contrast against white
  await frame.evaluate(`document.documentElement.style.background = 'var(--vscode-${behind}-background)'`);
  const results = await frame.evaluate<AxeResults>(
    `axe.run(document, { resultTypes: ['violations'],
      rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })`,
  );
  return results.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} — ${n.failureSummary ?? ''}`));
}
