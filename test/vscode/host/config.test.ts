import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { cleanWorkspace, eventually, inWorkspace, services, writeConfig } from './support.ts';

/** Shows a document; VS Code gives up where an editor that is just closing comes in between. */
async function shown(document: vscode.TextDocument, tries = 20): Promise<void> {
  try {
    await vscode.window.showTextDocument(document);
  } catch (e) {
    if (tries === 0) throw e;
    await shown(document, tries - 1);
  }
}

describe('glowport.json', () => {
  before(async () => {
    await services();
    await cleanWorkspace();
  });
  after(cleanWorkspace);

  it('is completed and checked by its schema', async () => {
    const uri = vscode.Uri.file(inWorkspace('glowport.json'));
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{\n  "board": "",\n  "nonsense": 1\n}\n'));
    const document = await vscode.workspace.openTextDocument(uri);
    await shown(document);
    const diagnostics = await eventually(() => {
      const list = vscode.languages.getDiagnostics(uri);
      return list.length > 0 && list;
    }, 'a warning about the unknown key');
    assert.ok(diagnostics.some((d) => d.message.includes('nonsense')));
    const completions = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      new vscode.Position(1, 12),
    );
    const offered = completions.items.map((i) => (typeof i.label === 'string' ? i.label : i.label.label));
    assert.ok(
      offered.some((label) => label.includes('frdmke16z')),
      offered.join(' '),
    );
  });

  it('is marked where it names a board that is none, until it names one', async () => {
    await writeConfig({ board: 'frdmke61z' });
    const uri = vscode.Uri.file(inWorkspace('glowport.json'));
    const marked = () => vscode.languages.getDiagnostics(uri).filter((d) => d.source === 'GlowPort');
    const [problem] = await eventually(() => marked().length > 0 && marked(), 'the board is marked');
    assert.match(problem!.message, /There is no board "frdmke61z"\. Did you mean .*frdmke16z/);
    const document = await vscode.workspace.openTextDocument(uri);
    // the document may still be the file's earlier text
    await eventually(
      () => document.getText(marked()[0]?.range) === '"frdmke61z"',
      'the mark is where the board is named',
    );
    await writeConfig({ board: 'frdmke16z' });
    await eventually(() => marked().length === 0, 'the mark is gone');
  });

  it('leads: its model and board are the current ones', async () => {
    const { selectedBoard, currentModel } = await services();
    await writeConfig({ board: 'lpc845breakout' });
    await eventually(
      () => selectedBoard.value === 'lpc845breakout',
      'the board of glowport.json is selected',
    );
    assert.equal(currentModel.value?.file, inWorkspace('mnist.onnx'));
  });

  it('follows: a board chosen elsewhere is written into it', async () => {
    const { selectedBoard } = await services();
    selectedBoard.set('frdmk32l2b');
    await eventually(
      () => readFileSync(inWorkspace('glowport.json'), 'utf8').includes('frdmk32l2b'),
      'the chosen board is in glowport.json',
    );
  });
});
