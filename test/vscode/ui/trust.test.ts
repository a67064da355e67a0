import assert from 'node:assert/strict';
import { openWindow } from '../session.ts';
import { exampleWorkspace, startServer } from '../server.ts';
import type { Server } from '../server.ts';

describe('a folder that is not trusted', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ install: true, trust: true, name: 'trust-server' });
  });
  after(async () => {
    await server.stop();
  });

  it('is looked at but not run: the view says so, commands that execute are not offered', async () => {
    const { workbench, page } = await openWindow({ server, folder: exampleWorkspace(server) });
    await workbench.openViewContainer('GlowPort');
    const frame = await workbench.webviewWith('#list');
    await frame.getByText('Restricted mode: models can be inspected').waitFor();
    await frame.getByText('Sizes are measured once this folder is trusted.').waitFor();
    assert.equal(await frame.locator('vscode-button', { hasText: 'Port Model to Board' }).count(), 0);
    await workbench.screenshot('restricted');
    assert.equal(await workbench.findCommand('GlowPort: Port Model to Board'), false);
    assert.equal(await workbench.findCommand('GlowPort: Inspect Model'), true);
    await workbench.closeQuickInput();

    await frame.locator('vscode-button', { hasText: 'Manage Workspace Trust' }).click();
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await frame.locator('vscode-button', { hasText: 'Port Model to Board' }).waitFor();
    await frame.locator('[data-board=frdmke16z] .board-time').waitFor();
  });
});
