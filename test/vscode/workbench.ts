import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { LONGEST_WAIT_MS } from '../support/until.ts';
import { artifacts } from './server.ts';

/** VS Code's own themes of every kind. */
export const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
  contrastLight: 'Default High Contrast Light',
} as const;

const exactly = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

/** What a test does to the workbench, as a user does it. Selectors hold for VS Code 1.100 to 1.139. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(LONGEST_WAIT_MS);
  }

  /** Opens a window; with a folder, waits until the remote (extension host) has listed it. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench').waitFor();
    if (url.includes('folder=')) {
      await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    }
  }

  /** The row of the open quick pick whose label is exactly this. */
  row(label: string): Locator {
    return this.page
      .locator('.quick-input-widget .quick-input-list .monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input').first();
  }

  get quickTitle(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-title');
  }

  /**
   * F1, type, take the entry with exactly this label. The palette does not refresh while it is open, so a command
   * that the extension host has not brought yet needs the palette opened again.
   */
  async runCommand(label: string): Promise<void> {
    const end = Date.now() + LONGEST_WAIT_MS;
    for (;;) {
      if (await this.findCommand(label)) return this.row(label).click();
      if (Date.now() > end) throw new Error(`no command '${label}' in the palette`);
    }
  }

  /** Opens the palette with this label typed; false, and closed again, when no entry shows within 2 seconds. */
  async findCommand(label: string): Promise<boolean> {
    await this.#openPalette(`>${label}`);
    const found = await this.row(label)
      .waitFor({ timeout: 2000 })
      .then(
        () => true,
        () => false,
      );
    if (!found) await this.closeQuickInput();
    return found;
  }

  /** The palette of a command just run may still be closing and take the next one with it: then F1 once more. */
  async #openPalette(text: string): Promise<void> {
    for (let i = 0; ; i++) {
      await this.page.keyboard.press('F1');
      try {
        await this.quickInput.fill(text, { timeout: 3000 });
        if ((await this.quickInput.inputValue({ timeout: 1000 })) === text) return;
      } catch (e) {
        if (i === 5) throw e;
      }
    }
  }

  async closeQuickInput(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Waits for the quick pick or input box with this title. */
  async quickStep(title: string | RegExp): Promise<void> {
    await this.quickTitle.filter({ hasText: title }).waitFor();
  }

  async pick(label: string): Promise<void> {
    await this.row(label).click();
  }

  async type(text: string): Promise<void> {
    await this.quickInput.fill(text);
    await this.quickInput.press('Enter');
  }

  /**
   * Answers VS Code's own file dialog. It writes its own proposal over what is typed too early, and takes no answer while
   * it looks up what was typed: wait for the proposal to settle, then press until the dialog has closed.
   */
  async chooseFile(file: string): Promise<void> {
    await this.#proposedPath();
    const accept = this.page.locator('.quick-input-widget .quick-input-action .monaco-button').first();
    for (let i = 0; i < 40; i++) {
      if ((await this.quickInput.inputValue().catch(() => file)) !== file) await this.quickInput.fill(file);
      await accept.click({ timeout: 2000 }).catch(() => undefined);
      const closed = await this.quickInput.waitFor({ state: 'hidden', timeout: 1000 }).then(
        () => true,
        () => false,
      );
      if (closed) return;
    }
    throw new Error(`the file dialog did not take ${file}`);
  }

  /** Waits for the file dialog's proposal: an absolute path (the palette may still be closing) that stays, the dialog not busy. */
  async #proposedPath(): Promise<void> {
    const busy = this.page.locator('.quick-input-widget .monaco-progress-container.active');
    let [last, since] = ['', Date.now()];
    for (const end = since + LONGEST_WAIT_MS; Date.now() < end; await this.page.waitForTimeout(50)) {
      const value = await this.quickInput.inputValue({ timeout: 500 }).catch(() => '');
      if (value !== last || !value.startsWith('/') || (await busy.count()) > 0) {
        [last, since] = [value, Date.now()];
        continue;
      }
      // the progress bar shows after 0.8 s of work: an unchanged path for longer, without it, is the proposal
      if (Date.now() - since > 1200) return;
    }
    throw new Error(`no file dialog opened; the input holds '${last}'`);
  }

  async openViewContainer(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.sidebar .composite.title', { hasText: title }).waitFor();
  }

  /**
   * The frame of the extension's page that holds this selector. Webviews lie in an overlay, not inside their view, and
   * are replaced when a view is shown again: ask anew after hiding and showing.
   */
  async webviewWith(selector: string): Promise<Frame> {
    const end = Date.now() + LONGEST_WAIT_MS;
    for (;;) {
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()?.url().includes('vs/workbench/contrib/webview/browser/pre/')) continue;
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      if (Date.now() > end) throw new Error(`no webview holds '${selector}'`);
      await this.page.waitForTimeout(100);
    }
  }

  /** The toast with this text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  async dismissToasts(): Promise<void> {
    const close = this.page.locator('.notification-toast .codicon-notifications-clear');
    while ((await close.count()) > 0) {
      await close
        .first()
        .click({ timeout: 2000 })
        .catch(() => undefined);
    }
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });
  }

  /**
   * Right click, then the entry. Right after the start VS Code does not know the extension yet, or not whether the folder
   * is trusted: an entry that is missing or disabled means opening the menu again.
   */
  async contextMenu(on: Locator, entry: string): Promise<void> {
    const item = this.page.locator('.monaco-menu').getByRole('menuitem', { name: entry });
    for (let i = 0; i < 20; i++) {
      await on.click({ button: 'right' });
      const shown = await item.waitFor({ timeout: 1500 }).then(
        () => true,
        () => false,
      );
      if (shown && (await item.isEnabled())) return this.#clickMenuItem(item, entry);
      await this.page.keyboard.press('Escape');
      await this.page.locator('.monaco-menu').waitFor({ state: 'detached' });
    }
    throw new Error(`the menu entry '${entry}' does not come`);
  }

  /** Menus ignore a mouse-up in their first 100 ms, so click until the menu has closed. */
  async #clickMenuItem(item: Locator, entry: string): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await this.page.waitForTimeout(200);
      await item.click({ timeout: 2000 }).catch(() => undefined);
      const closed = await item.waitFor({ state: 'detached', timeout: 1000 }).then(
        () => true,
        () => false,
      );
      if (closed) return;
    }
    throw new Error(`the menu entry '${entry}' did not take the click`);
  }

  /** What VS Code has stored about this window's folder so far, in the browser's database. */
  storedState(): Promise<string> {
    return this.page.evaluate<string>(`(async () => {
      const answer = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const texts = [];
      for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('vscode-web-state-db-')) continue;
        const database = await answer(indexedDB.open(name));
        for (const table of database.objectStoreNames) {
          texts.push(...(await answer(database.transaction(table).objectStore(table).getAll())));
        }
        database.close();
      }
      return texts.join('\\n');
    })()`);
  }

  /** A screenshot into artifacts/, with the pointer out of the way. */
  async screenshot(name: string): Promise<void> {
    await this.page.mouse.move(640, 300);
    await this.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  }
}
