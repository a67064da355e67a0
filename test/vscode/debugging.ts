import type { Window } from './session.ts';

/** Presses a button of VS Code's debug toolbar, by the end of its icon's name. */
export function press({ page }: Window, icon: string): Promise<void> {
  return page.locator(`.debug-toolbar .codicon-debug-${icon}`).first().click();
}

/** Waits until the board stands, and for why, as the head of the call stack says it. */
export function pausedFor({ page }: Window, text: RegExp): Promise<void> {
  return page.locator('.debug-pane .call-stack-state-message', { hasText: text }).first().waitFor();
}

/** Sets a breakpoint at a line of main.c that holds a text, and starts debugging; the board then stands at main. */
export async function startDebugging(window: Window, line: number, text: string): Promise<void> {
  const { workbench, page } = window;
  await workbench.runCommand('View: Show Run and Debug');
  await page.locator('.debug-viewlet').first().waitFor();
  await page.keyboard.press('Control+P');
  await workbench.quickInput.fill(`main.c:${line}`);
  await workbench.row('main.c').click();
  await page.locator('.view-line', { hasText: text }).waitFor();
  await workbench.runCommand('Debug: Toggle Breakpoint');
  await workbench.runCommand('Debug: Start Debugging');
  await pausedFor(window, /^Start, [\d,]+ cycles on$/);
}

/** Opens a scope among the variables. */
export async function expandScope({ page }: Window, scope: string, variable: string): Promise<void> {
  const rows = page.locator('.debug-variables .monaco-list-row');
  await rows.filter({ hasText: scope }).first().locator('.monaco-tl-twistie').click();
  await rows.filter({ hasText: variable }).first().waitFor();
}
