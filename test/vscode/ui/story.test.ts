import { openWindow } from '../session.ts';
import type { Window } from '../session.ts';

describe('the whole story', () => {
  let window: Window;
  before(async () => {
    window = await openWindow();
  });

  it('opens our view container', async () => {
    await window.workbench.openViewContainer('GlowPort');
    const frame = await window.workbench.webviewWith('#list');
    await frame.locator('[data-board=frdmke16z]').click();
    await window.page.waitForTimeout(500);
    await window.workbench.screenshot('container');
  });
});
