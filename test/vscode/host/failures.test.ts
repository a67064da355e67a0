import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { buttonsFor } from '../../../extension/commands/buttons.ts';
import { UserError } from '../../../extension/common/error.ts';
import { say } from '../../../extension/common/errors/sentence.ts';
import { REMEDIES } from '../../support/remedies.ts';
import { until } from '../../support/until.ts';
import { cleanWorkspace, errorsShown, inWorkspace, services, writeConfig } from './support.ts';

const run = () => errorsShown(() => vscode.commands.executeCommand('glowport.runSimulated'));

/** What every failure must be: one sentence, no stack. */
function checkSentence(message: string): void {
  assert.match(message, /^[A-Z“"\w].*[.!?]$/);
  assert.doesNotMatch(message, /\n|Error:|\bat .*:\d+:\d+/);
}

describe('failures are one sentence with a button that helps', () => {
  before(services);
  beforeEach(cleanWorkspace);
  after(async () => {
    await vscode.workspace.getConfiguration('glowport').update('toolchain.path', undefined, true);
    await cleanWorkspace();
  });

  it('every button of a remedy runs a command that is there', async () => {
    const there = new Set(await vscode.commands.getCommands(true));
    for (const remedy of Object.values(REMEDIES).flat()) {
      for (const { does } of buttonsFor(new UserError('usage', say`It failed.`, remedy), 'posix')) {
        if (typeof does !== 'object') continue;
        if ('command' in does) assert.ok(there.has(does.command), does.command);
        if ('setting' in does) {
          const known = vscode.workspace.getConfiguration('glowport').inspect(does.setting);
          assert.ok(known?.defaultValue !== undefined, does.setting);
        }
      }
    }
  });

  it('a wrong place of the toolchain offers that setting, for gcc may be elsewhere', async () => {
    await writeConfig();
    await vscode.workspace.getConfiguration('glowport').update('toolchain.path', '/nowhere/gcc', true);
    const [shown, ...more] = await run();
    await vscode.workspace.getConfiguration('glowport').update('toolchain.path', undefined, true);
    assert.equal(more.length, 0);
    checkSentence(shown!.message);
    assert.deepEqual(shown!.buttons, ['Open Settings', 'Show Log']);
    assert.ok(!existsSync(inWorkspace('glowport')), 'nothing was left behind');
  });

  it('an error in C stands in Problems, is one click away, and goes with the next build', async () => {
    await writeConfig({ out: 'project' });
    await vscode.commands.executeCommand('glowport.runSimulated');
    const file = inWorkspace('project', 'source', 'main.c');
    const right = readFileSync(file, 'utf8');
    const uri = vscode.Uri.file(file);
    const problems = () => vscode.languages.getDiagnostics(uri).filter((d) => d.source === 'gcc');
    const lines = right.split('\n');
    const at = lines.findIndex((line) => line.startsWith('int main(void)')) + 2;
    lines[at] = '    undeclared = 1;';
    writeFileSync(file, lines.join('\n'));
    const build = () => vscode.commands.executeCommand('glowport.build');
    const [shown] = await errorsShown(build, () => 'Show Problem');
    checkSentence(shown!.message);
    assert.deepEqual(shown!.buttons, ['Show Problem', 'Show Log']);
    const [problem] = problems();
    assert.equal(problem?.range.start.line, at);
    assert.equal(problem?.range.start.character, 4);
    assert.match(problem?.message ?? '', /undeclared/);
    await until(() => vscode.window.activeTextEditor?.document.uri.fsPath === file);
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, at);
    writeFileSync(file, right);
    assert.deepEqual(await errorsShown(build), []);
    assert.deepEqual(problems(), []);
  });

  it('a model that does not fit offers another board', async () => {
    await writeConfig({ board: 'frdmke04z' });
    const [shown] = await run();
    checkSentence(shown!.message);
    assert.match(shown!.message, /FRDM-KE04Z.*RAM/);
    assert.deepEqual(shown!.buttons, ['Reuse the Input’s Memory', 'Choose Another Board', 'Show Log']);
  });

  it('a cancelled port says nothing and leaves no project behind', async () => {
    await writeConfig();
    const real = vscode.window.withProgress;
    const cancelling = (
      _: vscode.ProgressOptions,
      task: (p: vscode.Progress<{ message?: string }>, t: vscode.CancellationToken) => Thenable<unknown>,
    ) => {
      const source = new vscode.CancellationTokenSource();
      const report = ({ message }: { message?: string }) => {
        if (message?.startsWith('Building')) source.cancel();
      };
      return task({ report }, source.token);
    };
    Object.assign(vscode.window, { withProgress: cancelling });
    try {
      assert.deepEqual(await run(), []);
    } finally {
      Object.assign(vscode.window, { withProgress: real });
    }
    assert.ok(!existsSync(inWorkspace('glowport')), 'nothing was left behind');
  });

  it('a board without an SDK offers to set its folder', async () => {
    await writeConfig({ board: 'evkmimxrt1060', run: 'none' });
    const shown = await errorsShown(() => vscode.commands.executeCommand('glowport.generate'));
    checkSentence(shown[0]!.message);
    assert.deepEqual(shown[0]!.buttons, ['Set SDK Folder…', 'Show Log']);
  });

  it('a broken glowport.json says what is wrong in it', async () => {
    writeFileSync(
      inWorkspace('glowport.json'),
      '{"model": "mnist.onnx", "board": "frdmke16z", "samples": [], "imagse": []}',
    );
    const [shown] = await run();
    checkSentence(shown!.message);
    assert.match(shown!.message, /imagse/);
  });

  it('a broken model is refused by name', async () => {
    writeFileSync(inWorkspace('broken.onnx'), 'no model');
    await writeConfig({ model: 'broken.onnx' });
    const [shown] = await run();
    checkSentence(shown!.message);
    assert.match(shown!.message, /broken\.onnx/);
  });

  it('a model of another format gives the command that converts it, before anything is asked', async () => {
    writeFileSync(inWorkspace('model.pt'), 'no model');
    const uri = vscode.Uri.file(inWorkspace('model.pt'));
    const [shown] = await errorsShown(() => vscode.commands.executeCommand('glowport.compile', uri));
    checkSentence(shown!.message);
    assert.match(shown!.message, /^model\.pt is a PyTorch file, and GlowPort reads /);
    assert.deepEqual(shown!.buttons, ['Copy Conversion Command', 'Show Log']);
  });
});
