import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import type { BundleHints } from '../../extension/glow/directions.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { readBundle } from '../../extension/workflow/folders/bundleFolder.ts';
import { roughRanges } from '../../extension/workflow/numbers/roughRanges.ts';
import { compile } from '../../extension/workflow/steps/compile.ts';
import { saveCompiled } from '../../extension/workflow/steps/compileChosen.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { endsOf, networkOf } from '../../extension/workflow/steps/glow/network.ts';
import { requireObjectFor } from '../../extension/workflow/steps/requireObjectFor.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';

describe('workflow/plainBundle: a bundle without a report', () => {
  let folder: string;
  let made: Bundle;
  let ends: NonNullable<BundleHints['ends']>;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-plain-'));
    const { graph } = await inspect({ model: path.join(productRoot, 'examples/mnist/mnist.onnx') });
    ends = endsOf(networkOf(graph));
    const { quantization } = DEFAULT_CHOICES;
    const options = { board: findBoard('frdmke16z'), quantization, weights: 'flash' } as const;
    const compiled = await compile(graph, roughRanges(graph, DEFAULT_CHOICES), options);
    made = compiled.bundle;
    const whole = path.join(folder, 'whole');
    await saveCompiled(whole, compiled, graph);
    await mkdir(path.join(folder, 'plain'));
    for (const ending of ['h', 'o', 'weights.bin', 'weights.txt']) {
      await cp(path.join(whole, `mnist.${ending}`), path.join(folder, 'plain', `mnist.${ending}`));
    }
  });
  after(() => rm(folder, { recursive: true }));

  /** A copy of the plain bundle with some of its files changed, added or, where null, taken away. */
  async function changed(files: Readonly<Record<string, string | Uint8Array | null>>): Promise<string> {
    const place = await mkdtemp(path.join(folder, 'changed-'));
    await cp(path.join(folder, 'plain'), place, { recursive: true });
    for (const [name, data] of Object.entries(files)) {
      if (data === null) await rm(path.join(place, name));
      else await writeFile(path.join(place, name), data);
    }
    return place;
  }
  const textOf = async (name: string): Promise<string> =>
    (await readFile(path.join(folder, 'plain', name))).toString('latin1');
  async function refusal(place: string, hints?: BundleHints): Promise<UserError> {
    try {
      await readBundle(place, hints);
    } catch (e) {
      assert.ok(e instanceof UserError, String((e as Error).stack));
      return e;
    }
    throw new Error('accepted');
  }
  const directions = ({ placeholders }: Bundle): (readonly string[])[] =>
    placeholders.map((p) => [p.cName, p.direction]);
  const right = [
    ['max_pooling_1_input', 'input'],
    ['dense_2', 'output'],
  ];

  it('is read from .h, .o and either form of the weights; what no file says is unknown', async () => {
    const places: Parameters<typeof changed>[0][] = [
      {},
      { 'mnist.weights.bin': null },
      { 'mnist.weights.txt': null },
    ];
    for (const missing of places) {
      const read = await readBundle(await changed(missing));
      assert.deepEqual(read.weights, made.weights);
      assert.deepEqual(read.object, made.object);
      assert.deepEqual(directions(read), right);
      assert.deepEqual([read.source, read.layers, read.name], [undefined, [], 'mnist']);
      const { name, mutableBytes, activationBytes, alignment } = read;
      const same = { name, mutableBytes, activationBytes, alignment };
      assert.deepEqual({ ...made, ...same }, made);
    }
  });

  /** The header with a flat input: shapes do not tell directions then. */
  const flat = async (): Promise<string> =>
    (await textOf('mnist.h')).replace('<1 x 28 x 28 x 1>', '<1 x 784>');

  it('directions: by the model, by the names given, by the graph beside it, by shapes', async () => {
    const place = await changed({ 'mnist.h': await flat() });
    const unknown = await refusal(place);
    assert.equal(unknown.code, 'input');
    assert.match(
      unknown.message,
      /^Nothing tells which placeholders .* are inputs and which outputs: max_pooling_1_input \(1 x 784\), dense_2 \(1 x 10\)\.$/,
    );
    assert.deepEqual(unknown.remedies, [{ do: 'nameOutputs', such: 'max_pooling_1_input' }]);
    for (const hints of [{ ends }, { outputs: ['dense_2'] }]) {
      assert.deepEqual(directions(await readBundle(place, hints)), right);
    }
    // the names given count, however unlikely
    const turned = await readBundle(place, { outputs: ['max_pooling_1_input'] });
    assert.deepEqual(directions(turned), [
      ['dense_2', 'input'],
      ['max_pooling_1_input', 'output'],
    ]);
    const node = (id: string, kind: string): string =>
      `${id}[\n label = "{{${kind}\\lname : ${id}\\lOutput : float\\<1 x 10\\>\\l}|{<Output>Output}}"\n];\n`;
    const dot = [
      'digraph DAG {\n',
      ...[node('max_pooling_1_input', 'Placeholder'), node('dense_2', 'Placeholder')],
      ...[node('conv', 'Convolution'), node('end', 'Save')],
      'dense_2:Output -> end:Output [dir="both"];\nconv:Result -> end:Input;\n',
      'max_pooling_1_input:Output -> conv:Input;\n}\n',
    ].join('');
    for (const name of ['mnist.dot', 'graph.dot']) {
      const drawn = await changed({ 'mnist.h': await flat(), [name]: dot });
      assert.deepEqual(directions(await readBundle(drawn)), right);
    }
    const several = await changed({ 'mnist.h': await flat(), 'a.dot': dot, 'b.dot': dot });
    assert.match((await refusal(several)).message, /^Nothing tells/);
    const wrong = await refusal(place, { outputs: ['dense_3'] });
    assert.deepEqual([wrong.code, wrong.message], ['usage', 'The bundle has no placeholder "dense_3".']);
    const other = { ...ends, outputs: [{ name: 'dense_9', elements: 10 }] };
    assert.match((await refusal(place, { ends: other })).message, /has no output "dense_9"/);
    assert.match(
      (await refusal(place, { outputs: ['dense_2', 'max_pooling_1_input'] })).message,
      /^Nothing tells/,
    );
  });

  it('a header of 2020 is made fit', async () => {
    const text = (await textOf('mnist.h'))
      .replace('int mnist(', 'void mnist(')
      .replace(/#define GLOW_SUCCESS 0/, '');
    const { header } = await readBundle(await changed({ 'mnist.h': text }));
    assert.match(header, /Added by GlowPort/);
    assert.match(header, /#define GLOW_SUCCESS 0/);
  });

  it('nothing of it is trusted', async () => {
    const weights = await textOf('mnist.weights.txt');
    const header = await textOf('mnist.h');
    const source = { name: 'mnist', source: 'int mnist(void) { return 0; }', header: '' };
    const arm = await compileObject(source, { cpuFlags: ['-marm', '-march=armv4t'] });
    const other = await compileObject(
      { ...source, source: 'int other(void) { return 0; }' },
      { cpuFlags: ['-mcpu=cortex-m0', '-mthumb'] },
    );
    const bad: readonly (readonly [Parameters<typeof changed>[0], RegExp])[] = [
      [{ 'mnist.o': null }, /There is no bundle file .*mnist\.o/],
      [{ 'mnist.o': 'text' }, /no object file/],
      [{ 'mnist.o': arm }, /Arm-mode code/],
      [{ 'mnist.o': other }, /has no function mnist/],
      [{ 'mnist.weights.bin': made.weights.subarray(1) }, /hold different bytes/],
      [{ 'mnist.weights.bin': made.weights.subarray(1), 'mnist.weights.txt': null }, /the header says/],
      [{ 'mnist.weights.bin': null, 'mnist.weights.txt': null }, /There is no bundle file/],
      [{ 'mnist.weights.txt': 'int x;' }, /no list of the \d+ bytes/],
      [{ 'mnist.weights.txt': `${weights} 0X00,`, 'mnist.weights.bin': null }, /no list of the \d+ bytes/],
      [{ 'mnist.h': header.replace('Offset: 784', 'Offset: 7840') }, /outside its memory/],
      [{ 'mnist.h': header.replace('<1 x 10>', '<1 x 11>') }, /10 bytes for the 11 elements of "dense_2"/],
      [
        { 'mnist.h': header.replace('<1 x 10>', '<1 x 99999999999>') },
        /numbers that no bundle has|bytes for the/,
      ],
    ];
    for (const [files, sentence] of bad) {
      const refused = await refusal(await changed(files));
      assert.equal(refused.code, 'input', refused.message);
      assert.match(refused.message, sentence);
    }
  });

  it('is for the processor that its object says', async () => {
    const read = await readBundle(path.join(folder, 'plain'));
    requireObjectFor(findBoard('frdmke16z'), read);
    assert.throws(() => requireObjectFor(findBoard('evkmimxrt1060'), read), /compiled for another processor/);
  });
});
