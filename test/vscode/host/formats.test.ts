import assert from 'node:assert/strict';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { dialogEndings } from '../../../extension/views/modelFiles.ts';
import { cleanWorkspace, errorsShown, eventually, inWorkspace, services, writeConfig } from './support.ts';

/** The filters of the file dialogs that `work` shows; each is cancelled. */
async function filtersShown(work: () => Thenable<unknown>): Promise<readonly (readonly string[])[]> {
  const shown: (readonly string[])[] = [];
  const real = vscode.window.showOpenDialog;
  const fake = (options?: vscode.OpenDialogOptions) => {
    shown.push(...Object.values(options?.filters ?? {}));
    return Promise.resolve(undefined);
  };
  Object.assign(vscode.window, { showOpenDialog: fake });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showOpenDialog: real });
  }
  return shown;
}

/** Opens a file as a click on it does; resolves to the custom editor that it is opened with. */
async function editorOf(name: string): Promise<string> {
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(inWorkspace(name)));
  return eventually(() => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom && input.uri.path.endsWith(name) && input.viewType;
  }, `${name} is open in a custom editor`);
}

/** A file of the example, beside what every workspace has. */
function copyExample(name: string): vscode.Uri {
  const { extensionPath } = vscode.extensions.getExtension('glowport.glowport')!;
  copyFileSync(path.join(extensionPath, 'examples/mnist', name), inWorkspace(name));
  return vscode.Uri.file(inWorkspace(name));
}

describe('formats of models', () => {
  before(services);
  beforeEach(cleanWorkspace);
  after(cleanWorkspace);

  it('an ending in capitals is one: the model is found, and opened with its report', async () => {
    const { currentModel } = await services();
    renameSync(inWorkspace('mnist.onnx'), inWorkspace('DIGITS.ONNX'));
    try {
      await eventually(
        () => currentModel.value?.file === inWorkspace('DIGITS.ONNX'),
        'the only model of the workspace is the current one',
      );
      assert.equal(await editorOf('DIGITS.ONNX'), 'glowport.report');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    } finally {
      renameSync(inWorkspace('DIGITS.ONNX'), inWorkspace('mnist.onnx'));
    }
    await eventually(
      () => currentModel.value?.file === inWorkspace('mnist.onnx'),
      'the example is the current model again',
    );
  });

  it('a file is told by its content: one of another format is refused under any name, one that is read is read', async () => {
    writeFileSync(
      inWorkspace('renamed.onnx'),
      '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e',
      'latin1',
    );
    const renamed = vscode.Uri.file(inWorkspace('renamed.onnx'));
    const [shown] = await errorsShown(() => vscode.commands.executeCommand('glowport.compile', renamed));
    assert.match(shown!.message, /^renamed\.onnx is a PyTorch file, and GlowPort reads .*ONNX/);
    assert.deepEqual(shown!.buttons, ['Copy Conversion Command', 'Show Log']);
    copyFileSync(inWorkspace('mnist.onnx'), inWorkspace('really-onnx.tflite'));
    await writeConfig({ model: 'really-onnx.tflite' });
    const profiled = vscode.Uri.file(inWorkspace('really-onnx.tflite'));
    assert.deepEqual(
      await errorsShown(() => vscode.commands.executeCommand('glowport.profile', profiled)),
      [],
    );
  });

  it('a Keras file opens with its report; one of HDF5, which may be anything, when it is asked for', async () => {
    copyExample('mnist.keras');
    assert.equal(await editorOf('mnist.keras'), 'glowport.report');
    const uri = copyExample('mnist.h5');
    await vscode.commands.executeCommand('vscode.open', uri);
    const opened = await eventually(() => {
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      return activeTab?.label === 'mnist.h5' && activeTab;
    }, 'mnist.h5 is open');
    assert.ok(!(opened.input instanceof vscode.TabInputCustom), 'another editor has it');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('glowport.inspect', uri);
    await eventually(() => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.viewType === 'glowport.report.offered';
    }, 'the report of mnist.h5 is open');
    const { currentModel } = await services();
    await eventually(() => currentModel.value?.file === uri.fsPath, 'it is the current model');
  });

  it('the dialog for a model takes all formats that can be told how they are converted', async () => {
    const filters = await filtersShown(() => vscode.commands.executeCommand('glowport.chooseModel'));
    assert.deepEqual(filters, [dialogEndings.known]);
  });
});
