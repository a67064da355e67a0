import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ValidationResult } from '../../../extension/workflow/validate/validate.ts';
import {
  cleanWorkspace,
  errorsShown,
  eventually,
  inWorkspace,
  services,
  warningsShown,
  writeConfig,
} from './support.ts';

const options = (): object => ({ test: [inWorkspace('samples')], on: 'sim' });

function validations(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((g) => g.tabs)
    .filter((t) => t.label === 'mnist.onnx validated on FRDM-KE16Z');
}

describe('Validate on Board', () => {
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig({ requirements: ['accuracy>=90', 'mismatches<=0'] });
  });
  after(cleanWorkspace);

  it('runs the test set on the simulated board, equal to this computer in every value, and shows it', async () => {
    const model = vscode.Uri.file(inWorkspace('mnist.onnx'));
    const result = await vscode.commands.executeCommand<ValidationResult>(
      'glowport.validate',
      model,
      options(),
    );
    const { validation, outcomes } = result;
    assert.ok(validation.samples > 0);
    assert.equal(outcomes.length, validation.samples);
    assert.equal(validation.mismatches.count, 0);
    assert.equal(validation.score.task, 'classify');
    assert.deepEqual(
      validation.requirements.map((r) => r.isMet),
      [true, true],
    );
    await eventually(() => validations().length === 1, 'the page is open');
  });

  it('uses the page that is open already', async () => {
    await vscode.commands.executeCommand('glowport.validate', undefined, options());
    assert.equal(validations().length, 1);
  });

  it('says before a validation over a serial line how long it takes, and asks', async () => {
    let result: unknown;
    const row = Array.from({ length: 784 }, () => 0).join(',');
    writeFileSync(inWorkspace('many.csv'), `${row}\n`.repeat(1000));
    const [asked] = await warningsShown(
      async () => {
        result = await vscode.commands.executeCommand('glowport.validate', undefined, {
          ...{ test: [inWorkspace('many.csv')], on: '/dev/no-such-port' },
        });
      },
      () => undefined,
    );
    assert.match(
      asked?.message ?? '',
      /^Validating 1000 samples on \/dev\/no-such-port takes about \d+ (s|min)\.$/,
    );
    assert.equal(result, undefined);
  });

  it('is of the built-in compiler, and says so where Glow is chosen', async () => {
    await writeConfig({ compiler: 'glow' });
    const shown = await errorsShown(() =>
      vscode.commands.executeCommand('glowport.validate', undefined, options()),
    );
    assert.equal(shown.length, 1);
    assert.match(shown[0]!.message, /^The PC repeats the integers of the built-in compiler only/);
  });
});
