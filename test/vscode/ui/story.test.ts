import { openWindow } from '../session.ts';
import type { Window } from '../session.ts';

describe('the whole story', () => {
  let window: Window;
  before(async () => {
    window = await openWindow();
  });

  it('opens our view container', async () => {
    await window.workbench.openViewContainer('GlowPort');
    await window.workbench.screenshot('container');
  });
});
