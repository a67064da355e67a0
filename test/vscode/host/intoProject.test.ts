import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { cproject, dotProject, helloWorld, readTree } from '../../project/mcuxpresso/projects.ts';
import {
  answering,
  cleanWorkspace,
  eventually,
  inWorkspace,
  picking,
  services,
  type ShownPick,
} from './support.ts';

describe('Port Model to Board in the folder of an MCUXpresso IDE project', () => {
  const project = () => inWorkspace('frdmke16z_hello_world');
  before(async () => {
    await cleanWorkspace();
    (await services()).selectedBoard.set('frdmk32l2b');
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

  const port = () => vscode.commands.executeCommand('glowport.port');
  const start = () => picking(['Start'], port);

  it('is offered beside the simulated board, with its own board whichever is selected', async () => {
    const original = await readTree(project());
    const shown = await picking(['calibration', '0000_7.png', 'Into frdmke16z_hello_world'], () =>
      answering([], port),
    );
    const { items } = shown.at(-1)!;
    assert.equal(items[0]!.label, 'Into frdmke16z_hello_world');
    assert.equal(items[0]!.description, 'FRDM-KE16Z · MCUXpresso IDE');
    assert.ok(
      items.some((i) => i.label === 'Simulated Board') && items.some((i) => i.label === 'Build Only'),
    );
    assert.deepEqual(await readTree(project()), original, 'nothing is changed before Apply');
    const diff = await eventually(
      () => vscode.workspace.textDocuments.find((d) => d.languageId === 'diff')?.getText(),
      'a diff',
    );
    assert.match(diff, /^\+.*source\/mnist\.o/m);
  });

  it('is remembered: one Enter changes it, and takes it back', async () => {
    const original = await readTree(project());
    const [review] = await answeringStart(['Apply']);
    assert.ok(review!.items.some((i) => i.description === 'the project frdmke16z_hello_world'));
    const main = readFileSync(path.join(project(), 'source', 'main.c'), 'utf8');
    assert.match(main, /Board: FRDM-KE16Z/);
    assert.match(main, /BOARD_InitBootPins\(\);/);
    const config = JSON.parse(readFileSync(inWorkspace('glowport.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(config['into'], 'frdmke16z_hello_world');
    assert.equal(config['board'], 'frdmke16z');
    const cprojectText = readFileSync(path.join(project(), '.cproject'), 'utf8');
    assert.equal(cprojectText.match(/source\/mnist\.o/g)?.length, 2, 'Debug and Release');

    await vscode.workspace.fs.delete(vscode.Uri.file(path.join(project(), 'source', 'test_image.inc')));
    await answeringStart(['Apply', 'Revert']);
    assert.deepEqual(await readTree(project()), original);
  });

  async function answeringStart(buttons: readonly string[]): Promise<readonly ShownPick[]> {
    let shown: readonly ShownPick[] = [];
    await answering(buttons, async () => (shown = await start()));
    return shown;
  }
});
