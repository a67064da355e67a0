import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../../extension/toolchain/find.ts';
import type { PortResult } from '../../../extension/workflow/port/port.ts';
import { cleanWorkspace, eventually, inWorkspace, services, writeConfig } from './support.ts';

const editorOn = (ending: string) =>
  eventually(() => {
    const file = vscode.window.activeTextEditor?.document.uri.fsPath;
    return file?.endsWith(ending) && vscode.window.activeTextEditor?.document.getText();
  }, `an editor on ${ending}`);

describe('commands, with everything remembered in glowport.json', () => {
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig();
  });
  after(cleanWorkspace);

  it('Profile Model writes the ranges and opens them', async () => {
    await vscode.commands.executeCommand('glowport.profile');
    const text = await editorOn('mnist.profile.yml');
    assert.match(text, /GraphPreLowerHash/);
  });

  it('Compile Bundle writes the bundle and opens its header', async () => {
    await vscode.commands.executeCommand('glowport.compile');
    const text = await editorOn('mnist.h');
    assert.match(text, /MNIST_MUTABLE_MEM_SIZE/);
    const bundle = inWorkspace('glowport/mnist-frdmke16z-bundle');
    for (const ending of ['h', 'c', 'o', 'weights.bin', 'weights.txt']) {
      assert.ok(existsSync(path.join(bundle, `mnist.${ending}`)), ending);
    }
  });

  it('Convert Test Data writes the C initialiser of a picture, and of a row of a file', async () => {
    const numbersIn = (text: string): string[] =>
      text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/-?(0x)?[0-9a-f]+/gi) ?? [];
    const picture = vscode.Uri.file(inWorkspace('samples/0001_2.png'));
    await vscode.commands.executeCommand('glowport.image', picture);
    assert.equal(numbersIn(await editorOn('0001_2.inc')).length, 28 * 28);
    const rows = [0, 1].map((row) =>
      Array<number>(28 * 28)
        .fill(row)
        .join(),
    );
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(inWorkspace('rows.csv')),
      Buffer.from(rows.join('\n')),
    );
    await writeConfig({ input: 'rows.csv#1' });
    await vscode.commands.executeCommand('glowport.image');
    const numbers = numbersIn(await editorOn('rows_1.inc'));
    assert.equal(numbers.length, 28 * 28);
    assert.equal(new Set(numbers).size, 1);
    await writeConfig();
  });

  it('Generate Project writes sources and opens main.c', async () => {
    await vscode.commands.executeCommand('glowport.generate');
    assert.match(await editorOn('main.c'), /mnist\(/);
  });

  it('Build Project builds it', async () => {
    const elf = await vscode.commands.executeCommand<string>('glowport.build');
    assert.equal(readFileSync(elf).subarray(1, 4).toString(), 'ELF');
  });

  it('Run on Simulated Board runs it and compares with this computer', async () => {
    const result = await vscode.commands.executeCommand<PortResult>('glowport.runSimulated');
    const report = result.run?.report;
    assert.equal(report?.top1, 7);
    assert.equal(report.confidences.length, 10);
    assert.equal(result.comparison?.match, true);
    assert.deepEqual(
      report.confidences.map((c) => c.value),
      result.pc.expected.quantized,
    );
    assert.equal((await services()).lastResult.value, result);
  });

  it('Check Tools finds the compiler', async () => {
    const tools = await vscode.commands.executeCommand<Diagnosis[]>('glowport.checkTools');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(tools.find((t) => t.tool === 'gcc')?.state, 'ok');
  });
});
