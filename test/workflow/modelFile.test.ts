import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { isTaken } from '../../extension/bundle/cNames.ts';
import { checkBundleName } from '../../extension/project/names.ts';
import { formatAt, networkName, refuseUnread } from '../../extension/workflow/modelFile.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { modelNeedsSamples } from '../../extension/workflow/steps/readModel.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { QuantizedBuilder } from '../support/quantizedBuilder.ts';
import { TFLITE_MODEL } from '../glow/tfliteTwin.ts';

/** How files of PyTorch's older form begin. */
const PYTORCH = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e';

describe('workflow: model files', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const mnist = path.join(productRoot, 'examples/mnist/mnist.onnx');
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-models-'));
    for (const name of ['right.onnx', 'CAPITALS.ONNX', 'none', 'wrong.tflite', 'data.bin'])
      await copyFile(mnist, at(name));
    for (const name of ['net.pt', 'wrong.onnx', 'plain']) await writeFile(at(name), PYTORCH, 'latin1');
    await writeFile(at('broken.ONNX'), 'no model');
    await writeFile(at('notes.txt'), 'no model');
    await mkdir(at('saved'));
    await writeFile(path.join(at('saved'), 'saved_model.pb'), '');
    await mkdir(at('empty.onnx'));
  });
  after(() => rm(folder, { recursive: true }));

  const refusal = async (work: Promise<unknown>): Promise<UserError> => {
    const e: unknown = await work.then(
      () => assert.fail('not refused'),
      (reason: unknown) => reason,
    );
    assert.ok(e instanceof UserError, String(e));
    return e;
  };

  it('are read whatever they are called: in capitals, without an ending, with that of another format', async () => {
    const { graph: right } = await inspect({ model: at('right.onnx') });
    for (const [name, network] of [
      ['CAPITALS.ONNX', 'CAPITALS'],
      ['none', 'none'],
      ['wrong.tflite', 'wrong'],
      ['data.bin', 'data'],
    ] as const) {
      await refuseUnread(at(name));
      const { graph } = await inspect({ model: at(name) });
      assert.deepEqual(graph, { ...right, name: network });
    }
  });

  it('of a format that is not read are refused whatever they are called, before and by reading', async () => {
    for (const name of ['net.pt', 'wrong.onnx', 'plain']) {
      for (const work of [() => refuseUnread(at(name)), () => inspect({ model: at(name) })]) {
        const { code, message, remedies } = await refusal(work());
        assert.equal(code, 'input');
        assert.match(message, new RegExp(`^${name} is a PyTorch file, and GlowPort reads .*ONNX`));
        assert.equal(remedies[0]?.do, 'convertModel');
      }
    }
    for (const work of [() => refuseUnread(at('saved')), () => inspect({ model: at('saved') })]) {
      assert.match((await refusal(work())).message, /^saved is a TensorFlow SavedModel, and/);
    }
  });

  it('need samples unless they are quantized', async () => {
    assert.equal(await modelNeedsSamples(path.join(productRoot, TFLITE_MODEL)), false);
    for (const name of ['net.pt', 'saved', 'missing.onnx', 'CAPITALS.ONNX']) {
      assert.equal(await modelNeedsSamples(at(name)), true, name);
    }
  });

  it('that are quantized in part need samples for the rest', async () => {
    for (const [name, isWhole] of [
      ['part.onnx', false],
      ['whole.onnx', true],
    ] as const) {
      const b = new QuantizedBuilder('qdq', 'int8', true);
      const x = b.dequantize(b.input('x', [1, 2], [-1, 1]));
      const relu = b.node('Relu', [x]);
      const y = isWhole ? b.quantize(relu, b.params([0, 1])).name : relu;
      await writeFile(at(name), onnxModel({ ...b.spec(), outputs: [y] }));
      assert.equal(await modelNeedsSamples(at(name)), !isWhole, name);
    }
  });

  it('that are none are refused when they are read, each with a sentence of its own', async () => {
    for (const [name, sentence] of [
      ['broken.ONNX', /^broken\.ONNX: The file is not a whole ONNX model: /],
      ['notes.txt', /^notes\.txt is no model of a format that GlowPort knows\.$/],
      ['missing.onnx', /^There is no model file .*missing\.onnx\.$/],
      ['empty.onnx', /is a folder, not the model file\.$/],
    ] as const) {
      await refuseUnread(at(name));
      assert.match((await refusal(inspect({ model: at(name) }))).message, sentence);
    }
  });

  it('are not waited for where they are pipes', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [at('pipe.tflite')]);
    assert.equal((await formatAt(at('pipe.tflite')))?.id, 'tflite');
  });

  it('give their networks names', () => {
    assert.equal(networkName('a/my net.int8.ONNX'), 'my_net_int8');
    assert.equal(networkName('model'), 'model');
    assert.equal(networkName('model.onnx', 'my net'), 'my_net');
    assert.equal(networkName('2d.onnx'), 'A2d');
    assert.equal(networkName('模型.onnx'), 'network');
    assert.equal(networkName('数字1.onnx'), 'A1');
  });

  it('give their networks names that a project can have, whatever letters theirs are of', () => {
    const letter = fc.oneof(
      fc.constantFrom('模', '型', 'é', 'Ж', '🙂', ' ', '-', '.', '_', '1', 'A'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 9 }), (letters) => {
        const name = letters.join('').replaceAll('/', '').replaceAll('\\', '');
        const network = networkName(`${name}.onnx`);
        fc.pre(!isTaken(network)); // a model called int.onnx is told so
        checkBundleName(network);
        assert.doesNotMatch(network, /^_(\D|$)/);
      }),
    );
  });
});
