import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FirmwareResult } from '../../../extension/workflow/port/result.ts';
import { cleanWorkspace, services, writeConfig } from './support.ts';

const networks = path.join(process.env['GLOWPORT_ROOT'] ?? '', 'test/examples/networks');

/** A network that is no picture classifier, ported and run: every value that its board printed is the PC's. */
async function ported(name: string): Promise<FirmwareResult> {
  await writeConfig({
    model: path.join(networks, `${name}.onnx`),
    samples: [path.join(networks, `${name}_training.npz`)],
    input: `${path.join(networks, `${name}.npz`)}#1`,
    out: name,
  });
  await vscode.commands.executeCommand('glowport.runSimulated');
  const { lastResult } = await services();
  const result = lastResult.value!;
  assert.equal(result.bundle.name, name);
  assert.ok(result.comparison?.match);
  assert.ok(result.comparison.others.every((o) => o.elements > 0 && o.differing === 0));
  return result;
}

describe('networks that are no picture classifiers run from VS Code', () => {
  before(services);
  beforeEach(cleanWorkspace);
  after(cleanWorkspace);

  it('an autoencoder for the sound of a machine: whether it is the usual one', async () => {
    const { answer, run, comparison } = await ported('machine');
    assert.equal(answer.task, 'anomaly');
    assert.ok(run?.report.reconstruction?.threshold);
    assert.equal(comparison?.reconstructionIsSame, true);
  });

  it('a regression with two inputs: a real number', async () => {
    const { answer, run, bundle } = await ported('thermometer');
    assert.equal(answer.task, 'regress');
    assert.equal(bundle.placeholders.filter((p) => p.direction === 'input').length, 2);
    const [printed] = run!.report.others!;
    assert.match(printed!.reals!.get(0)!, /^-?\d+\.\d+$/);
  });

  it('a class and a number, as two outputs', async () => {
    const { answer, run, comparison } = await ported('activity');
    assert.equal(answer.task, 'classify');
    assert.ok(run!.report.confidences.length > 1);
    assert.equal(comparison?.others.length, 1);
  });
});
