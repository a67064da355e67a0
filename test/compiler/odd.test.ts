import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { UserError } from '../../extension/common/error.ts';
import { type Graph, NO_CLAMP, type Node, type Shape } from '../../extension/model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { Random } from '../support/random.ts';
import { assertOutputs, type Case, caseInputs } from '../support/randomCase.ts';
import { randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

const random = new Random(11);

function graphOf(
  shapes: Readonly<Record<string, Shape>>,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Node[],
  constants: Readonly<Record<string, number>> = {},
): Graph {
  const values = new Map(Object.entries(shapes).map(([name, shape]) => [name, { name, shape }]));
  return {
    name: 'odd',
    inputs: inputs.map((name) => values.get(name)!),
    outputs,
    values,
    states: [],
    constants: new Map(
      Object.entries(constants).map(([name, x]) => [name, { name, shape: [1], data: Float32Array.of(x) }]),
    ),
    nodes,
  };
}

function dense(input: string, output: string, taps: number, outputs: number): Node {
  const weights = random.floats(taps * outputs, -1, 1);
  const bias = random.floats(outputs, -1, 1);
  return { kind: 'dense', name: output, inputs: [input], output, weights, bias, clamp: NO_CLAMP };
}

/** A 3x3 convolution whose groups of two channels each make three. */
function grouped(groups: number): Graph {
  const weights = random.floats(groups * 3 * 9 * 2, -1, 1);
  const bias = random.floats(groups * 3, -1, 1);
  const pads = { top: 1, left: 1, bottom: 1, right: 1 };
  const geometry = { kernel: [3, 3], strides: [1, 1], dilations: [1, 1] } as const;
  return graphOf(
    { x: [1, 4, 5, 2 * groups], y: [1, 4, 5, 3 * groups] },
    ['x'],
    ['y'],
    [
      {
        kind: 'conv2d',
        name: 'c',
        inputs: ['x'],
        output: 'y',
        weights,
        bias,
        pads,
        groups,
        clamp: NO_CLAMP,
        ...geometry,
      },
    ],
  );
}

function caseOf(graph: Graph, reuseInputs: boolean, options: Partial<QuantizeOptions> = {}): Case {
  const all = { ...DEFAULT_QUANTIZE_OPTIONS, ...options };
  const quantized = quantize(graph, profile(graph, [randomInputs(graph, random)]), all);
  const target = targetFor('cortex-m0plus', 0);
  const bundle = compileBundle(quantized, { name: 'odd', target, reuseInputs });
  return { label: 'odd', graph, options: all, quantized, bundle };
}

const GRAPHS: Readonly<Record<string, Graph>> = {
  'a convolution of many groups': grouped(24),
  'an output read again, and again as another shape': graphOf(
    { x: [1, 4], y: [1, 4], z: [1, 2, 2, 1], w: [1, 3] },
    ['x'],
    ['y', 'z', 'w'],
    [
      dense('x', 'y', 4, 4),
      { kind: 'reshape', name: 'r', inputs: ['y'], output: 'z' },
      dense('z', 'w', 4, 3),
    ],
  ),
  'an input as another shape': graphOf(
    { x: [1, 4], z: [1, 2, 2, 1] },
    ['x'],
    ['z'],
    [{ kind: 'reshape', name: 'r', inputs: ['x'], output: 'z' }],
  ),
  'an input that nothing reads': graphOf(
    { x: [1, 4], u: [1, 5], y: [1, 2] },
    ['x', 'u'],
    ['y'],
    [dense('x', 'y', 4, 2)],
  ),
  'softmax of one class': graphOf(
    { x: [1, 4], y: [1, 1], z: [1, 1] },
    ['x'],
    ['z'],
    [dense('x', 'y', 4, 1), { kind: 'softmax', name: 's', inputs: ['y'], output: 'z' }],
  ),
  'an output that is always 0': graphOf(
    { x: [1, 4], n: [1, 4], y: [1, 4] },
    ['x'],
    ['y'],
    [
      { kind: 'mul', name: 'm', inputs: ['x', 'k'], output: 'n', clamp: NO_CLAMP },
      { kind: 'add', name: 'a', inputs: ['x', 'n'], output: 'y', clamp: NO_CLAMP },
    ],
    { k: -1 },
  ),
  'eight dimensions turned round': graphOf(
    { x: [1, 288], a: [2, 2, 3, 2, 3, 2, 2, 1], b: [2, 2, 3, 2, 3, 2, 2, 2], y: [2, 2, 2, 3, 2, 3, 2, 2] },
    ['x'],
    ['y'],
    [
      { kind: 'reshape', name: 'r', inputs: ['x'], output: 'a' },
      { kind: 'concat', name: 'c', axis: 7, inputs: ['a', 'a'], output: 'b' },
      { kind: 'transpose', name: 't', perm: [7, 6, 5, 4, 3, 2, 1, 0], inputs: ['b'], output: 'y' },
    ],
  ),
};

describe('graphs of odd form', () => {
  for (const [label, graph] of Object.entries(GRAPHS)) {
    for (const reuseInputs of [false, true]) {
      it(`${label}${reuseInputs ? ', inputs overwritten' : ''}: the core equals the interpreter`, () => {
        const c = caseOf(graph, reuseInputs);
        const { values, bytes } = caseInputs(c, random);
        assertOutputs(c, values, new CompiledModels([c.bundle]).run(c.bundle, bytes).outputs);
      });
    }
  }

  it('many groups take no more code than a few', () => {
    const [few, many] = [4, 64].map((n) => caseOf(grouped(n), false).bundle.source!.length);
    assert.ok(many! < few! + 100, `${few} and ${many} characters of C`);
  });

  it('a sum that cancels beyond 32 bits is refused in a sentence', () => {
    const graph = GRAPHS['an output that is always 0']!;
    const large = new Map([['x', Float32Array.of(1e6, -1e6, 5e5, 1)]]);
    assert.throws(
      () => quantize(graph, profile(graph, [large]), { ...DEFAULT_QUANTIZE_OPTIONS, precision: 'int16' }),
      (e: unknown) => e instanceof UserError && e.code === 'model' && /The sum 'y'/.test(e.message),
    );
  });

  it('a float input that is no number, or infinite, is the lowest or the largest', () => {
    const c = caseOf(GRAPHS['an output read again, and again as another shape']!, false, {
      floatPlaceholders: true,
    });
    const x = Float32Array.of(NaN, Infinity, -Infinity, 0);
    const bytes = new Map([['x', new Uint8Array(x.buffer)]]);
    assertOutputs(c, new Map([['x', x]]), new CompiledModels([c.bundle]).run(c.bundle, bytes).outputs);
  });

  it('a float input has no float addition that an FPU could fuse and so round otherwise', () => {
    const { bundle } = caseOf(GRAPHS['softmax of one class']!, false, { floatPlaceholders: true });
    const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-fpu-'));
    try {
      writeFileSync(path.join(folder, 'odd.h'), bundle.header);
      writeFileSync(path.join(folder, 'odd.c'), bundle.source!);
      const cpu = ['-mcpu=cortex-m7', '-mthumb', '-mfloat-abi=hard', '-mfpu=fpv5-d16'];
      execFileSync('arm-none-eabi-gcc', [...cpu, '-O2', '-S', 'odd.c'], { cwd: folder });
      const assembly = readFileSync(path.join(folder, 'odd.s'), 'utf8');
      assert.match(assembly, /\tvmul\.f32/);
      assert.doesNotMatch(assembly, /\tvfn?m[as]|\tvn?ml[as]|\tvadd\.f/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
