import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in the extension host', () => {
  it('is there, with every command of the manifest once it is active', async () => {
    const extension = vscode.extensions.getExtension('glowport.glowport');
    assert.ok(extension);
    await extension.activate();
    const declared = (extension.packageJSON.contributes.commands as { command: string }[]).map(
      (c) => c.command,
    );
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((c) => !registered.has(c)),
      [],
    );
  });
});
