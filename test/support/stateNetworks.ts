import { GraphBuilder } from '../../extension/model/builder.ts';
import { type Graph, NO_CLAMP, type RecurrentNode } from '../../extension/model/graph.ts';
import { NO_PADS } from '../../extension/model/window.ts';
import { optimize } from '../../extension/model/passes/optimize.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { Random } from './random.ts';
import { randomInputs } from './randomGraph.ts';

const random = new Random(5);

/** A graph with one input and states, all of one shape; `build` adds its nodes and says what is given out. */
function withStates(
  shape: readonly number[],
  states: readonly string[],
  build: (b: GraphBuilder, add: Add) => readonly string[],
): Graph {
  const b = new GraphBuilder();
  b.input({ name: 'x', shape });
  const n = shape.reduce((a, d) => a * d, 1);
  for (const name of states) b.state({ name, shape }, random.floats(n, -1, 1));
  const add: Add = (x, y, output, to = shape) =>
    b.node({ kind: 'add', name: output, inputs: [x, y], clamp: NO_CLAMP }, output, to);
  return optimize(b.finish('states', build(b, add)));
}

type Add = (x: string, y: string, output: string, shape?: readonly number[]) => string;

function all(n: number, from = 0): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => from + i);
}

/** x behind what is kept of [1, time, n]. */
function delayLine(b: GraphBuilder, state: string, time: number, n: number, x: string): string {
  b.node({ kind: 'reshape', name: 'row', inputs: [x] }, 'row', [1, 1, n]);
  b.node({ kind: 'concat', name: 'line', inputs: [state, 'row'], axis: 1 }, 'line', [1, time + 1, n]);
  const indices = [all(1), all(time, 1), all(n)];
  b.node({ kind: 'gather', name: 'kept', inputs: ['line'], indices }, 'kept', [1, time, n]);
  b.write(state, 'kept');
  return 'line';
}

const padded = {
  ...({
    kind: 'conv2d',
    groups: 1,
    clamp: NO_CLAMP,
    kernel: [3, 3],
    strides: [1, 1],
    dilations: [1, 1],
  } as const),
  pads: { top: 1, left: 1, bottom: 1, right: 1 },
};

const GRAPHS: Readonly<Record<string, Graph>> = {
  sum: withStates([1, 5], ['s'], (b, add) => {
    b.constant('half', [1], Float32Array.of(0.5));
    b.node({ kind: 'mul', name: 'less', inputs: ['s', 'half'], clamp: NO_CLAMP }, 'less', [1, 5]);
    b.write('s', add('less', 'x', 'y'));
    return ['y'];
  }),
  // each becomes the other
  exchange: withStates([1, 4], ['a', 'b'], (b, add) => {
    b.write('a', 'b');
    b.write('b', 'a');
    b.node({ kind: 'concat', name: 'y', inputs: ['a', add('b', 'x', 'more')], axis: 1 }, 'y', [1, 8]);
    return ['y'];
  }),
  // the second is what the first was
  chain: withStates([1, 4], ['a', 'b'], (b, add) => {
    b.write('b', 'a');
    b.write('a', add('x', 'x', 'twice'));
    return [add('b', 'x', 'y')];
  }),
  // two become the same, and one a constant
  alike: withStates([1, 4], ['a', 'b', 'c'], (b, add) => {
    b.constant('four', [1, 4], Float32Array.of(0.1, 0.2, 0.3, 0.4));
    add('x', 'c', 'new');
    b.write('a', 'new');
    b.write('b', 'new');
    b.write('c', 'four');
    return [add(add('a', 'b', 'both'), 'c', 'y')];
  }),
  // the input itself is kept; it and the state are read with a border
  frame: withStates([1, 4, 5, 2], ['before'], (b, add) => {
    const layer = (x: string): string =>
      b.node(
        {
          ...padded,
          name: `${x}_conv`,
          inputs: [x],
          weights: random.floats(36, -1, 1),
          bias: new Float32Array(2),
        },
        `${x}_conv`,
        [1, 4, 5, 2],
      );
    b.write('before', 'x');
    return [add(layer('before'), layer('x'), 'y')];
  }),
  // what is kept would be computed together with the pooling that reads it, were it not kept
  pooled: withStates([1, 4, 4, 2], ['before'], (b, add) => {
    b.node(
      {
        ...padded,
        name: 'conv',
        inputs: ['x'],
        weights: random.floats(36, -1, 1),
        bias: new Float32Array(2),
      },
      'conv',
      [1, 4, 4, 2],
    );
    const window = { kernel: [2, 2], strides: [2, 2], dilations: [1, 1], pads: NO_PADS } as const;
    b.node(
      { kind: 'maxpool', ...window, countIncludePad: false, name: 'pool', inputs: ['conv'] },
      'pool',
      [1, 2, 2, 2],
    );
    b.node({ kind: 'resize', name: 'large', inputs: ['pool'], ...twice(2) }, 'large', [1, 4, 4, 2]);
    b.write('before', 'conv');
    return [add('large', 'before', 'y')];
  }),
  delay: delayed(),
  lstm: lstm('inTime', false),
  lstmLast: lstm('last', false),
  lstmBackward: lstm('asComputed', true),
  // what was kept is given out in another shape, behind the operator that makes what is kept next
  shown: withStates([1, 4], ['s'], (b, add) => {
    b.write('s', add('x', 'x', 'next'));
    return [b.node({ kind: 'reshape', name: 'y', inputs: ['s'] }, 'y', [2, 2])];
  }),
  // and so is what is kept next
  shownBoth: withStates([1, 4], ['s'], (b, add) => {
    b.write('s', add('x', 'x', 'next'));
    const shown = (from: string, to: string): string =>
      b.node({ kind: 'reshape', name: to, inputs: [from] }, to, [2, 2]);
    return [shown('s', 'old'), shown('next', 'new')];
  }),
};

function delayed(): Graph {
  const b = new GraphBuilder();
  b.input({ name: 'x', shape: [1, 3] });
  b.state({ name: 's', shape: [1, 4, 3] }, random.floats(12, -1, 1));
  const line = delayLine(b, 's', 4, 3, 'x');
  const weights = random.floats(2 * 15, -1, 1);
  b.node(
    { kind: 'dense', name: 'y', inputs: [line], weights, bias: new Float32Array(2), clamp: NO_CLAMP },
    'y',
    [1, 2],
  );
  return optimize(b.finish('delay', ['y']));
}

function twice(n: number) {
  const along = { low: all(2 * n).map((i) => Math.floor(i / 2)), share: new Float32Array(2 * n) };
  return { rows: along, columns: along };
}

function lstm(sequence: RecurrentNode['sequence'], backward: boolean): Graph {
  const [units, features, time] = [5, 3, 4];
  const b = new GraphBuilder();
  b.input({ name: 'x', shape: [1, time, features] });
  for (const name of ['h', 'c']) b.state({ name, shape: [1, units] }, random.floats(units, -0.5, 0.5));
  b.node(
    {
      ...{ kind: 'recurrent', cell: 'lstm', units, backward, sequence, resetAfter: false, name: 'y' },
      inputs: ['x', 'h', 'c'],
      weights: random.floats(4 * units * features, -1, 1),
      recurrentWeights: random.floats(4 * units * units, -1, 1),
      bias: random.floats(4 * units, -1, 1),
      recurrentBias: new Float32Array(4 * units),
      gate: { type: 'sigmoid' },
      ...{ candidate: { type: 'tanh' }, outputFunction: { type: 'tanh' } },
      ...(backward ? { cellClip: 0.4 } : {}),
    },
    'y',
    sequence === 'last' ? [1, units] : [1, time, units],
  );
  return b.finish('lstm', ['y']);
}

const OTHERS: readonly Partial<QuantizeOptions>[] = [{ precision: 'int16' }, { floatPlaceholders: true }];

/** Networks that keep a state in each way that the compiler knows, each in two precisions. */
export const STATE_NETWORKS: readonly { readonly label: string; readonly quantized: QuantizedGraph }[] =
  Object.entries(GRAPHS).flatMap(([name, graph], i) =>
    [{}, OTHERS[i % 2]].map((o, k) => {
      const samples = Array.from({ length: 4 }, () => randomInputs(graph, random));
      const quantized = quantize(graph, profile(graph, samples), { ...DEFAULT_QUANTIZE_OPTIONS, ...o });
      return { label: `${name}_${k}`, quantized };
    }),
  );
