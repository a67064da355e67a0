import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { calibration, model as mnist, sample } from '../cli/support.ts';
import { ProductCopy } from '../support/productCopy.ts';
import { Random } from '../support/random.ts';
import { madeUpFile, type MadeUpModel } from './madeUpFormat.ts';

/* docs/architecture.md: "A model format: one file in model/formats/ and a line in all.ts". Here one is added that nobody has. */

/** Digits, 4 x 4 pixels averaged, a dense layer, a bias of its own; trained on nothing. */
function digits(): MadeUpModel {
  const random = new Random(7);
  const numbers = (count: number): number[] => Array.from({ length: count }, () => random.real(-0.5, 0.5));
  return {
    tensors: [
      { name: 'image', shape: [1, 28, 28, 1] },
      { name: 'small' },
      { name: 'weights', shape: [10, 49], data: numbers(490) },
      { name: 'scores' },
      { name: 'bias', shape: [10], data: numbers(10) },
      { name: 'digits' },
    ],
    nodes: [
      { operator: 'AVERAGE', reads: [0], makes: 1, options: { size: 4 } },
      { operator: 'FULL', reads: [1, 2], makes: 3, options: {} },
      { operator: 'ADD', reads: [3, 4], makes: 5, options: {} },
    ],
    input: 0,
    output: 5,
  };
}

describe('a made-up model format of one file and one line', () => {
  let copy: ProductCopy;
  const net = (): string => path.join(copy.work, 'net.madeup');
  before(async () => {
    copy = await ProductCopy.make();
    const format = await readFile(path.join(productRoot, 'test/model/madeUpFormat.ts'), 'utf8');
    const moved = format
      .replaceAll("'../../extension/model/", "'../")
      .replaceAll("'../../extension/", "'../../");
    await copy.addFile('extension/model/formats/madeUp.ts', moved.replaceAll("'../formats/", "'./"));
    await copy.addLine('extension/model/formats/all.ts', "export { madeUp } from './madeUp.ts';");
    await writeFile(net(), madeUpFile(digits()));
  });
  after(() => copy.dispose());

  async function refused(...args: string[]): Promise<string> {
    const { code, err } = await copy.glowport(...args);
    assert.notEqual(code, 0, args.join(' '));
    return err.trimEnd().split('\n').at(-1)!;
  }

  it('is inspected, whatever its file is called', async () => {
    const table = await copy.run('inspect', net());
    assert.match(table, /^Inputs +image \(1x28x28x1\)\nOutputs +digits \(1x10\)\n/);
    assert.match(table, /^AVERAGE_0 +AveragePool 4×4 +1x7x7x1 /m);
    assert.match(table, /^FULL_1 +Dense 10 +1x10 +500 +490$/m);
    const elsewhere = path.join(copy.work, 'net.onnx');
    await writeFile(elsewhere, madeUpFile(digits()));
    assert.equal(await copy.run('inspect', elsewhere), table);
    assert.match(await copy.run('inspect', mnist), /^Inputs/, 'and the formats that were there still are');
  });

  it('is compiled, fitted to boards, and ported to a simulated one that prints what the PC computes', async () => {
    const board = ['--board', 'frdmke16z', '--samples', calibration];
    await copy.run('compile', net(), ...board, '--out', 'bundle');
    assert.match(await readFile(path.join(copy.work, 'bundle', 'net.h'), 'utf8'), /image/);
    assert.match(await copy.run('boards', '--model', net(), '--samples', calibration), /^FRDM-KE16Z .* yes/m);
    const port = JSON.parse(await copy.run('port', net(), ...board, '--input', sample, '--json')) as {
      match: boolean;
    };
    assert.equal(port.match, true);
  });

  it('is refused where it is wrong, by file, node and reason', async () => {
    const broken = path.join(copy.work, 'broken.madeup');
    await writeFile(broken, madeUpFile(digits()).slice(0, -9));
    assert.match(
      await refused('inspect', broken),
      /^glowport: broken\.madeup: The file is not a whole model/,
    );
    const { nodes, ...rest } = digits();
    const [average, full, add] = nodes;
    const computed = { ...rest, nodes: [average!, { ...full!, reads: [1, 1] }, add!] };
    await writeFile(broken, madeUpFile(computed));
    assert.match(
      await refused('inspect', broken),
      /^glowport: broken\.madeup: FULL node 'FULL_1' computes the weights at run time; only constants are supported\./,
    );
    assert.match(await refused('inspect', net(), '--define', 'N=1'), /has no symbolic dimension 'N'/);
    const glow = ['--board', 'frdmke16z', '--samples', calibration, '--compiler', 'glow'];
    assert.match(await refused('compile', net(), ...glow), /Glow does not read the format of net\.madeup\./);
  });

  it('is named in help and in what is said of other formats', async () => {
    assert.match(
      await copy.run('inspect', '--help'),
      /model file \(\.h5, \.keras, \.hdf5, \.madeup, \.onnx,\s+\.tflite, \.lite\)/,
    );
    const pytorch = path.join(copy.work, 'net.pt');
    await writeFile(pytorch, 'PK\x03\x04', 'latin1');
    assert.match(
      await refused('inspect', pytorch),
      /net\.pt is a PyTorch file, and GlowPort reads Keras, Made-Up, ONNX, TensorFlow Lite\./,
    );
  });

  it('is in file dialogs and in what the workspace is searched for; the manifest is told what it lacks', async () => {
    type ModelFiles = typeof import('../../extension/views/modelFiles.ts');
    const files = (await import(path.join(copy.root, 'extension/views/modelFiles.ts'))) as ModelFiles;
    assert.ok(files.dialogEndings.known.includes('madeup'));
    assert.ok(files.dialogEndings.read.includes('madeup'));
    assert.match(files.MODEL_PATTERN, /\.\[mM\]\[aA\]\[dD\]\[eE\]\[uU\]\[pP\]/);
    type Generated = typeof import('../../bench/generated.ts');
    const { GENERATED } = (await import(path.join(copy.root, 'bench/generated.ts'))) as Generated;
    const before = await readFile(path.join(copy.root, 'package.json'), 'utf8');
    const missing = (await GENERATED['package.json']!(before)).match(/[^"]*madeup[^"]*/g);
    assert.deepEqual(missing, [
      'workspaceContains:*.madeup',
      'workspaceContains:*/*.madeup',
      '*.madeup',
      'resourceExtname =~ /^\\\\.(h5|keras|hdf5|madeup|onnx|tflite|lite|pt|pth)$/i',
      // menus of Inspect Model, Explore Quantization and Validate on Board
      'resourceExtname =~ /^\\\\.(h5|keras|hdf5|madeup|onnx|tflite|lite)$/i',
      'resourceExtname =~ /^\\\\.(h5|keras|hdf5|madeup|onnx|tflite|lite)$/i',
      'resourceExtname =~ /^\\\\.(h5|keras|hdf5|madeup|onnx|tflite|lite)$/i',
      'resourceExtname =~ /^\\\\.(h5|keras|hdf5|madeup|onnx|tflite|lite|pt|pth)$/i',
    ]);
    assert.doesNotMatch(before, /madeup/);
  });
});
