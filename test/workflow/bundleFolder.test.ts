import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { readBundle } from '../../extension/workflow/folders/bundleFolder.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { compile, type BuiltinModel } from '../../extension/workflow/steps/compile.ts';
import { saveCompiled } from '../../extension/workflow/steps/compileChosen.ts';
import { inspect, type LoadedModel } from '../../extension/workflow/steps/inspect.ts';
import { roughRanges } from '../../extension/workflow/numbers/roughRanges.ts';
import { productRoot } from '../../extension/common/resources.ts';

describe('workflow/bundleFolder', () => {
  let folder: string;
  let model: LoadedModel;
  let compiled: BuiltinModel;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-bundle-'));
    model = await inspect({ model: path.join(productRoot, 'examples/mnist/mnist.onnx') });
    const ranges = roughRanges(model.graph, DEFAULT_CHOICES);
    const { quantization } = DEFAULT_CHOICES;
    compiled = await compile(model.graph, ranges, {
      board: findBoard('frdmke16z'),
      quantization,
      weights: 'flash',
    });
    await saveCompiled(folder, compiled, model.graph);
  });
  after(() => rm(folder, { recursive: true }));

  it('reads back what it wrote', async () => {
    const { bundle } = compiled;
    for (const place of [folder, path.join(folder, `${bundle.name}.h`)]) {
      const read = await readBundle(place);
      for (const key of [
        'name',
        'header',
        'source',
        'constantBytes',
        'mutableBytes',
        'activationBytes',
      ] as const) {
        assert.equal(read[key], bundle[key], key);
      }
      assert.deepEqual(read.object, bundle.object);
      assert.deepEqual(read.weights, bundle.weights);
      assert.deepEqual(read.placeholders, bundle.placeholders);
      assert.deepEqual(read.layers, bundle.layers);
    }
  });

  it('every layer has its code size, and all together are the model', () => {
    const code = compiled.bundle.layers.reduce((n, layer) => n + layer.codeBytes!, 0);
    assert.ok(code > 1000 && code <= compiled.size.flashBytes);
  });

  it('writes the same files again, with the drawing of the graph', async () => {
    const read = async () =>
      Promise.all(
        (await readdir(folder))
          .filter((f) => f !== '.glowport')
          .sort()
          .map(async (f) => [f, await readFile(path.join(folder, f), 'hex')]),
      );
    const before = await read();
    assert.deepEqual(
      before.map(([name]) => name),
      ['c', 'dot', 'h', 'o', 'report.json', 'svg', 'weights.bin', 'weights.txt'].map((e) => `mnist.${e}`),
    );
    await saveCompiled(folder, compiled, model.graph);
    assert.deepEqual(await read(), before);
  });

  it('refuses what does not belong together', async () => {
    const broken = async (name: string, change: (text: string) => string): Promise<string> => {
      const file = path.join(folder, name);
      const before = await readFile(file);
      await writeFile(file, change(before.toString('latin1')), 'latin1');
      try {
        await readBundle(folder);
        return 'accepted';
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'input', String(e));
        return e.message;
      } finally {
        await writeFile(file, before);
      }
    };
    assert.match(
      await broken('mnist.weights.bin', (t) => t.slice(1)),
      /weights\.bin has \d+ bytes, the header says/,
    );
    assert.match(await broken('mnist.report.json', () => '{'), /not JSON/);
    assert.match(await broken('mnist.report.json', () => 'null'), /lacks placeholders/);
    for (const layer of ['null', '{}', '{"name":"a","predictedCycles":"1"}']) {
      const withLayer = (t: string): string => t.replace('"layers": [', `"layers": [ ${layer},`);
      assert.match(await broken('mnist.report.json', withLayer), /lacks placeholders or layers/);
    }
    assert.match(
      await broken('mnist.report.json', (t) => t.replaceAll('"byteOffset": 784', '"byteOffset": 700')),
      /disagree about the placeholder dense_2/,
    );
    assert.match(await broken('mnist.h', () => 'int main(void);'), /entry point/);
    await assert.rejects(readBundle(path.join(folder, 'none')), UserError);
    await assert.rejects(readBundle(productRoot), /holds no bundle/);
  });
});
