import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { services } from './support.ts';

interface Binding {
  readonly key: string;
  readonly command: string;
}

describe('keys of the serial monitor', () => {
  it('are none of VS Code’s own, and run commands that there are', async () => {
    await services();
    const { extensionUri } = vscode.extensions.all.find((e) => e.id.endsWith('.glowport'))!;
    const manifest = JSON.parse(readFileSync(path.join(extensionUri.fsPath, 'package.json'), 'utf8')) as {
      contributes: { keybindings: Binding[] };
    };
    const ours = manifest.contributes.keybindings;
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const defaults = (await vscode.workspace.openTextDocument(uri)).getText();
    const known = [...defaults.matchAll(/"key": "([^"]+)",\s*"command": "([^"]+)"/g)].map(
      ([, key, command]) => ({ key: key!, command: command! }),
    );
    assert.ok(known.length > 400);
    const commands = await vscode.commands.getCommands(true);
    for (const { key, command } of ours) {
      assert.ok(commands.includes(command), command);
      assert.ok(
        known.some((b) => b.key === key && b.command === command),
        `${key} is no key of ${command} as VS Code reads it`,
      );
      const others = known.filter((b) => b.key === key && !b.command.startsWith('glowport.'));
      assert.deepEqual(others, [], key);
    }
  });
});
