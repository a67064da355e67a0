import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { cproject, dotProject, helloWorld, readTree } from '../../project/mcuxpresso/projects.ts';
import { cleanWorkspace, eventually, inWorkspace, services, writeConfig } from './support.ts';

/** Answers the extension's messages by the first button of these names. */
async function answering(buttons: readonly string[], work: () => Promise<void>): Promise<void> {
  const real = vscode.window.showInformationMessage;
  const fake = (_: string, ...items: unknown[]) =>
    Promise.resolve(items.find((i) => buttons.includes(i as string)));
  Object.assign(vscode.window, { showInformationMessage: fake });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showInformationMessage: real });
  }
}

/** Runs Port Model to Board and takes its first offer. */
async function portIntoFirst(): Promise<void> {
  let done = false;
  const port = Promise.resolve(vscode.commands.executeCommand('glowport.port')).finally(() => (done = true));
  // the quick pick has no event; accepting before it is there does nothing
  for (let i = 0; i < 300 && !done; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  await port;
}

describe('Port Model to Board in the folder of an MCUXpresso IDE project', () => {
  const project = () => inWorkspace('frdmke16z_hello_world');
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig({ board: 'frdmk32l2b' });
    const init = ['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'];
    await mkdir(path.join(project(), 'source'), { recursive: true });
    const files = {
      '.cproject': cproject({ name: 'frdmke16z_hello_world', board: 'frdmke16z' }),
      '.project': dotProject('frdmke16z_hello_world', false),
      'source/hello_world.c': helloWorld(init),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(project(), name), text);
  });
  after(cleanWorkspace);

  it('shows the changes, makes none until told, makes them, and takes them back', async () => {
    const original = await readTree(project());
    await answering([], portIntoFirst);
    assert.deepEqual(await readTree(project()), original);
    const diff = await eventually(
      () => vscode.workspace.textDocuments.find((d) => d.languageId === 'diff')?.getText(),
      'a diff',
    );
    assert.match(diff, /^\+.*source\/mnist\.o/m);

    await answering(['Apply'], portIntoFirst);
    const main = readFileSync(path.join(project(), 'source', 'main.c'), 'utf8');
    assert.match(main, /Board: FRDM-KE16Z/);
    assert.match(main, /BOARD_InitBootPins\(\);/);
    const cprojectText = readFileSync(path.join(project(), '.cproject'), 'utf8');
    assert.equal(cprojectText.match(/source\/mnist\.o/g)?.length, 2, 'Debug and Release');

    await vscode.workspace.fs.delete(vscode.Uri.file(path.join(project(), 'source', 'test_image.inc')));
    await answering(['Apply', 'Revert'], portIntoFirst);
    assert.deepEqual(await readTree(project()), original);
  });
});
