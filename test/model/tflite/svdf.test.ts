import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { type Floats, statesAfter } from '../../../extension/model/evaluate/states.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { Random } from '../../support/random.ts';
import { tfliteModel, type TfliteSpec } from './writer.ts';

interface Shape {
  readonly units: number;
  readonly rank: number;
  readonly features: number;
  readonly memory: number;
  readonly hasBias: boolean;
  readonly relu: boolean;
}

function layer({ units, rank, features, memory, hasBias, relu }: Shape, random: Random) {
  const numbers = (n: number): number[] => Array.from(random.floats(n, -1, 1));
  const filters = units * rank;
  const [weights, time, bias] = [numbers(filters * features), numbers(filters * memory), numbers(units)];
  const spec: TfliteSpec = {
    tensors: [
      { name: 'x', shape: [1, features] },
      { name: 'y', shape: [1, units] },
      { shape: [filters, features], data: weights },
      { shape: [filters, memory], data: time },
      { shape: [units], data: bias },
      { shape: [1, memory * filters], isVariable: true },
    ],
    operators: [
      {
        ...{ op: 'SVDF', inputs: [0, 2, 3, hasBias ? 4 : -1, 5], outputs: [1] },
        options: { rank, activation: relu ? 1 : 0 },
      },
    ],
    ...{ inputs: [0], outputs: [1] },
  };
  return { spec, weights, time, bias: hasBias ? bias : bias.map(() => 0) };
}

/** EvalFloatSvdfReference of TensorFlow Lite Micro, inference by inference. */
function expected(
  { units, rank, features, memory, relu }: Shape,
  { weights, time, bias }: ReturnType<typeof layer>,
  inputs: readonly Float32Array[],
): number[][] {
  const state = new Float64Array(units * rank * memory);
  return inputs.map((x) => {
    state.copyWithin(0, 1);
    for (let f = 0; f < units * rank; f++)
      state[(f + 1) * memory - 1] = x.reduce((n, v, i) => n + v * weights[f * features + i]!, 0);
    return Array.from({ length: units }, (_, u) => {
      let sum = bias[u]!;
      for (let i = u * rank * memory; i < (u + 1) * rank * memory; i++) sum += state[i]! * time[i]!;
      return relu ? Math.max(0, sum) : sum;
    });
  });
}

function read(spec: TfliteSpec): Graph {
  return finished(importTflite(tfliteModel(spec), { name: 'svdf' }));
}

describe('model/tflite: SVDF in float', () => {
  for (let seed = 0; seed < 8; seed++) {
    it(`keeps what its filters made of the last inputs, seed ${seed}`, () => {
      const random = new Random(40 + seed);
      const shape: Shape = {
        ...{ units: random.int(1, 4), rank: random.int(1, 3), features: random.int(1, 5) },
        ...{ memory: random.int(1, 5), hasBias: random.bool(), relu: random.bool() },
      };
      const made = layer(shape, random);
      const graph = read(made.spec);
      const inputs = Array.from({ length: 7 }, () => random.floats(shape.features, -1, 1));
      let states: Floats | undefined;
      for (const [k, numbers] of expected(shape, made, inputs).entries()) {
        const values = evaluate(graph, new Map([['x', inputs[k]!]]), states);
        states = statesAfter(graph, values);
        for (const [i, v] of values.get('y')!.entries()) assert.ok(Math.abs(v - numbers[i]!) < 1e-4, `${k}`);
      }
    });
  }

  it('is refused where its tensors do not fit, or its state is read by another operator', () => {
    const shape = { units: 2, rank: 2, features: 3, memory: 4, hasBias: true, relu: false };
    const refused = (edit: (spec: TfliteSpec) => void, message: RegExp): void => {
      const { spec } = layer(shape, new Random(1));
      edit(spec);
      assert.throws(
        () => read(spec),
        (e) => e instanceof UserError && e.code === 'model' && message.test(e.message),
      );
    };
    refused((s) => (s.operators[0]!.options!['rank'] = 3), /weights that do not fit/);
    for (const rank of [0, -1, -4])
      for (const bias of [4, -1])
        refused((s) => {
          s.operators[0]!.options!['rank'] = rank;
          s.operators[0]!.inputs[3] = bias;
        }, /weights that do not fit/);
    refused((s) => (s.tensors[5]!.shape = [1, 15]), /weights that do not fit/);
    refused((s) => (s.tensors[4] = { shape: [3], data: [1, 2, 3] }), /3 bias values for 2 units/);
    refused((s) => (s.tensors[5]!.data = new Array<number>(16).fill(0)), /has no variable for its memory/);
    refused((s) => s.inputs.push(5), /has no variable for its memory/);
    refused((s) => {
      s.tensors.push({ name: 'z', shape: [1, 16] });
      s.operators.push({ op: 'NEG', inputs: [5], outputs: [6] });
      s.outputs.push(6);
    }, /Tensor 5 is the state of a layer, and read by another/);
  });
});
