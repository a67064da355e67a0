import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { EXIT } from '../../extension/cli/exit.ts';
import type { GlowSetting } from '../../extension/glow/find.ts';
import { type CompilerChoice, DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { compileChosen, type MeasuredModel } from '../../extension/workflow/steps/compileChosen.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { port } from '../../extension/workflow/port/port.ts';
import { profile } from '../../extension/workflow/steps/profile.ts';
import { reportOfPort } from '../../extension/workflow/port/reportOfPort.ts';
import type { StepEvent } from '../../extension/workflow/steps/step.ts';
import { glowport } from '../cli/support.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { behaving, example, folderForTests, standIn, withoutGlow } from './tools.ts';

/** A model that the built-in compiler refuses: nearly all of a sum cancels. */
function cancelling(): Uint8Array {
  const dense = (weights: string, output: string) => ({
    op: 'Gemm',
    inputs: ['f', weights, 'c'],
    outputs: [output],
  });
  return onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 28, 28] }],
    outputs: ['y'],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['x'], outputs: ['p'] },
      { op: 'Flatten', inputs: ['p'], outputs: ['f'] },
      dense('plus', 'a'),
      dense('minus', 'b'),
      { op: 'Add', inputs: ['a', 'b'], outputs: ['y'] },
    ],
    initializers: {
      plus: { dims: [1, 2], floats: [1e8, 1e8] },
      minus: { dims: [1, 2], floats: [-1e8 - 16, -1e8] },
      c: { dims: [2], floats: [0, 0] },
    },
  });
}

describe('glow: compiler auto', () => {
  const folder = folderForTests();
  const refused = (): string => path.join(folder.path(), 'cancelling.onnx');
  const samples = path.join(example, 'samples');
  before(() => writeFile(refused(), cancelling()));

  async function measured(file: string): Promise<MeasuredModel> {
    const { graph } = await inspect({ model: file });
    return { file, graph, ...(await profile(graph, [samples], DEFAULT_CHOICES)) };
  }
  async function compiled(file: string, compiler: CompilerChoice, glow: GlowSetting) {
    const events: StepEvent[] = [];
    const choices = {
      ...DEFAULT_CHOICES,
      compiler,
      board: findBoard('frdmke16z'),
      tools: { glow },
      glowCache: null,
    };
    const model = await compileChosen(await measured(file), choices, { onStep: (e) => events.push(e) });
    return { model, events };
  }
  async function sentence(file: string, compiler: CompilerChoice, glow: GlowSetting): Promise<UserError> {
    try {
      await compiled(file, compiler, glow);
    } catch (e) {
      assert.ok(e instanceof UserError, String((e as Error).stack));
      assert.match(e.message, /^[^\n]+[."]$/);
      return e;
    }
    throw new Error('accepted');
  }
  it('is the built-in compiler where that takes the model, though Glow is there', async () => {
    const { model, events } = await compiled(path.join(example, 'mnist.onnx'), 'auto', standIn);
    assert.equal(model.compiler, 'builtin');
    assert.doesNotMatch(JSON.stringify(events), /Glow/);
  });

  it('is Glow for a model that the built-in compiler refuses, and says why', async () => {
    const { model, events } = await compiled(refused(), 'auto', standIn);
    assert.ok(model.compiler === 'glow');
    assert.match(model.insteadBecause!, /^The sum 'y' cannot be quantized/);
    assert.match(
      events.at(-1)!.message,
      /^Glow \(the built-in compiler refuses the model\), int8, flash \d+ B/,
    );
    assert.equal((await compiled(refused(), 'glow', standIn)).model.compiler, 'glow');
  });

  it('says that Glow may take it where there is none; builtin says nothing of Glow', () =>
    withoutGlow(async () => {
      const auto = await sentence(refused(), 'auto', []);
      assert.match(auto.message, /^The sum 'y' cannot be quantized/);
      assert.match(advice(auto.remedies), /typical samples.* Glow may take the model.*--glow/);
      const builtin = await sentence(refused(), 'builtin', standIn);
      assert.equal(builtin.message, auto.message);
      assert.doesNotMatch(advice(builtin.remedies), /Glow/);
    }));

  it('is not Glow for a model in a format that Glow is not given', async () => {
    const file = path.join(folder.path(), 'cancelling.h5');
    await writeFile(file, Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'));
    const model = { ...(await measured(refused())), file };
    const choices = { ...DEFAULT_CHOICES, board: findBoard('frdmke16z'), tools: { glow: standIn } };
    const refusal = async (compiler: CompilerChoice): Promise<UserError> => {
      const e: unknown = await compileChosen(model, { ...choices, compiler }).catch(
        (reason: unknown) => reason,
      );
      assert.ok(e instanceof UserError, String(e));
      return e;
    };
    const auto = await refusal('auto');
    assert.match(auto.message, /^The sum 'y' cannot be quantized/);
    assert.doesNotMatch(advice(auto.remedies), /Glow/);
    const glow = await refusal('glow');
    assert.match(glow.message, /^Glow does not read the format of cancelling\.h5\.$/);
    assert.match(advice(glow.remedies), /--compiler builtin/);
  });

  it('says what each compiler said when both fail', async () => {
    const both = await behaving('compiler:crash', () => sentence(refused(), 'auto', standIn));
    assert.match(
      both.message,
      /^Neither compiler takes this model: the built-in one says "The sum.*", Glow says "Glow's model-compiler crashed/,
    );
    assert.match(advice(both.remedies), /^For the built-in compiler: .*For Glow: /);
    const nowhere = await sentence(refused(), 'auto', path.join(folder.path(), 'nowhere'));
    assert.match(nowhere.message, /Glow says "There are no image-classifier and model-compiler in /);
  });

  it('a failing Glow is no reason for the other one when Glow was asked for', async () => {
    const mnist = path.join(example, 'mnist.onnx');
    const e = await behaving('compiler:crash', () => sentence(mnist, 'glow', standIn));
    assert.match(e.message, /^Glow's model-compiler crashed/);
  });

  it('a port with it says which compiler and why, in words and in --json', async () => {
    const args = ['port', refused(), '--board', 'frdmke16z', '--samples', samples, '--no-glow-cache'];
    const glow = ['--glow', JSON.stringify(standIn)];
    const { code, out, err } = await glowport(folder.path(), ...args, ...glow, '--out', 'a');
    assert.ok(code === EXIT.ok || code === EXIT.mismatch, err);
    assert.match(out, /^Compiler +Glow, as the built-in one refuses the model: The sum 'y' cannot/m);
    const asJson = await glowport(folder.path(), ...args, ...glow, '--out', 'b', '--json');
    const { compiler, insteadBecause } = JSON.parse(asJson.out) as Record<string, string>;
    assert.equal(compiler, 'glow');
    assert.match(insteadBecause!, /^The sum 'y'/);
  });

  it('and its report begins with why', async () => {
    const result = await port(
      {
        ...DEFAULT_CHOICES,
        model: refused(),
        samples: [samples],
        board: 'frdmke16z',
        run: 'none',
        out: path.join(folder.path(), 'c'),
      },
      {},
      { tools: { glow: standIn }, glowCache: null },
    );
    const { notes, model } = await reportOfPort(result);
    assert.match(notes[0]!, /^The built-in compiler refuses this model: The sum 'y' cannot be quantized/);
    assert.equal(model.compiler, 'glow');
  });
});
