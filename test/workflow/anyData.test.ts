import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { npy } from '../data/npyBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { buildZip } from '../sdk/zipBuilder.ts';
import { Random } from '../support/random.ts';
import { testFolder } from '../support/testFolder.ts';

const random = new Random(11);
const reals = (count: number): number[] =>
  Array.from({ length: count }, () => Math.fround(random.real(-1, 1)));

/** From data of any kind to a simulated board, which prints what the PC computes. */
describe('samples that are no pictures', () => {
  const folder = testFolder('data');
  const { put } = folder;
  const ported = async (
    model: Uint8Array,
    name: string,
    choices: Partial<PortChoices>,
  ): Promise<PortResult> => {
    const result = await port(
      {
        ...DEFAULT_CHOICES,
        model: await put(`${name}.onnx`, model),
        board: 'frdmke16z',
        out: path.join(folder.path, name),
        ...choices,
      },
      {},
      { fitAll: false },
    );
    assert.equal(result.comparison?.match, true);
    return result;
  };

  it('windows of three axes in tables feed a convolution in one dimension', async () => {
    const model = onnxModel({
      inputs: [{ name: 'window', shape: [1, 3, 16] }],
      nodes: [
        { op: 'Conv', inputs: ['window', 'w'], outputs: ['c'] },
        { op: 'Relu', inputs: ['c'], outputs: ['r'] },
        { op: 'GlobalAveragePool', inputs: ['r'], outputs: ['p'] },
        { op: 'Flatten', inputs: ['p'], outputs: ['y'] },
      ],
      outputs: ['y'],
      initializers: { w: { dims: [4, 3, 5], floats: reals(60) } },
    });
    const files: string[] = [];
    for (let k = 0; k < 3; k++) {
      const axes = Array.from({ length: 3 }, () => reals(16).join(','));
      files.push(await put(`window${k}.csv`, `${axes.join('\n')}\n`));
    }
    const { input, sampleCount, project } = await ported(model, 'motion', { samples: files });
    assert.deepEqual([input !== 'madeUp' && input.path, sampleCount], [files[0], 3]);
    assert.match(
      await readFile(path.join(project, 'source/main.c'), 'utf8'),
      /testInput\[48\].*\n#include "test_input\.inc"/,
    );
  });

  it('two inputs come from one file by their names, and each is stored in the firmware', async () => {
    const model = onnxModel({
      inputs: [
        { name: 'left', shape: [1, 4] },
        { name: 'right', shape: [1, 4] },
      ],
      nodes: [
        { op: 'Mul', inputs: ['left', 'right'], outputs: ['m'] },
        { op: 'Gemm', inputs: ['m', 'w'], outputs: ['y'] },
        { op: 'Sub', inputs: ['left', 'right'], outputs: ['difference'] },
      ],
      outputs: ['y', 'difference'],
      initializers: { w: { dims: [4, 1], floats: reals(4) } },
    });
    const array = () => Buffer.from(npy([5, 4], reals(20)));
    const samples = await put(
      'pairs.npz',
      buildZip([
        { name: 'right.npy', data: array() },
        { name: 'left.npy', data: array() },
      ]),
    );
    const { project, run, check, pc } = await ported(model, 'pair', {
      samples: [samples],
      input: `${samples}#4`,
    });
    assert.equal(check?.accuracy.samples, 5);
    assert.deepEqual(
      run!.report.others!.map((o) => [o.name, o.values.size]),
      [
        ['y', 1],
        ['difference', 4],
      ],
    );
    assert.equal(pc.expected.others![1]!.quantized.length, 4);
    const main = await readFile(path.join(project, 'source/main.c'), 'utf8');
    for (const name of ['left', 'right'])
      assert.match(main, new RegExp(`#include "test_input_${name}\\.inc"`));
  });
});
