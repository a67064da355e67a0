import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { type Floats, statesAfter } from '../../../extension/model/evaluate/states.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import {
  interpret,
  type QStates,
  statesAfter as qstatesAfter,
} from '../../../extension/quantize/interpret.ts';
import { qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { Random } from '../../support/random.ts';
import { assertOnCore, assertOnHost, streamCase } from '../../support/streamCase.ts';
import { delayLine, FEATURES, type Line, PARAMS, TIME } from './statefulSpecs.ts';
import { tfliteModel, type TfliteSpec } from './writer.ts';

function read(spec: TfliteSpec): Graph {
  return finished(importTflite(tfliteModel(spec), { name: 'line' }));
}

const random = new Random(3);
const rows = Array.from({ length: 6 }, () => random.floats(FEATURES, -1, 1));

/** Sums over the last rows, of numbers that are given row by row. */
function sums(first: readonly number[], given: readonly ArrayLike<number>[]): number[][] {
  const line = [...first];
  return given.map((row) => {
    line.push(...Array.from(row));
    const sum = Array.from({ length: FEATURES }, (_, f) =>
      line.filter((_, i) => i % FEATURES === f).reduce((a, b) => a + b, 0),
    );
    line.splice(0, FEATURES);
    return sum;
  });
}

describe('model/tflite: variables', () => {
  const initial = Array.from(random.floats(TIME * FEATURES, -1, 1));

  for (const first of [undefined, initial]) {
    it(`keep real numbers between inferences, from ${first ? 'what a subgraph gives them' : 'zeros'}`, () => {
      const graph = read(delayLine({ type: 'FLOAT32', ...(first ? { initial: first } : {}) }));
      assert.deepEqual(
        graph.states.map((s) => s.name),
        ['kept'],
      );
      const expected = sums(first ?? initial.map(() => 0), rows);
      let states: Floats | undefined;
      for (const [k, row] of rows.entries()) {
        const values = evaluate(graph, new Map([['x', row]]), states);
        states = statesAfter(graph, values);
        for (const [i, v] of values.get('y')!.entries()) assert.ok(Math.abs(v - expected[k]![i]!) < 1e-5);
      }
    });

    it(`keep int8 numbers, from ${first ? 'what a subgraph gives them' : 'their zero point'}`, () => {
      const data = first?.map((v) => Math.round(v * 50));
      const graph = read(delayLine({ type: 'INT8', ...(data ? { initial: data } : {}) }));
      assert.ok(isIntegerGraph(graph));
      const network = tfliteIntegers(graph);
      const given = rows.map((row) => row.map((v) => Math.round(v * 20)));
      const zero = PARAMS.zeroPoints[0]!;
      const expected = sums((data ?? initial.map(() => zero)).map((q) => q - zero), given.map((row) => row.map((q) => q - zero))); // prettier-ignore
      let states: QStates | undefined;
      for (const [k, row] of given.entries()) {
        const values = interpret(network, new Map([['x', row]]), states);
        states = qstatesAfter(network, values);
        const y = Array.from(values.get('y')!, (q) => q - qvalue(network, 'y').offset);
        assert.deepEqual(y, expected[k]);
      }
      const cases = [0, 20000].map((unroll) =>
        streamCase(`line_${unroll}`, network, { target: targetFor('cortex-m0plus', unroll) }),
      );
      assertOnCore(cases);
      assertOnHost(cases);
    });
  }

  it('that are read again are what they were given', () => {
    const spec = delayLine({ type: 'FLOAT32' });
    spec.tensors.push({ name: 'again', shape: [1, TIME, FEATURES] });
    spec.operators.splice(-1, 1, { op: 'READ_VARIABLE', inputs: [1], outputs: [9] }, { op: 'SUM', inputs: [9, 6], outputs: [8] }); // prettier-ignore
    const graph = read(spec);
    const state = new Map([['kept', Float32Array.from(initial)]]);
    const { y } = Object.fromEntries(evaluate(graph, new Map([['x', rows[0]!]]), state));
    const expected = sums(
      [...new Array<number>(FEATURES).fill(0), ...initial.slice(FEATURES)],
      [rows[0]!],
    )[0]!;
    for (const [i, v] of y!.entries()) assert.ok(Math.abs(v - expected[i]!) < 1e-5);
  });

  it('that nothing reads are no states', () => {
    const spec = delayLine({ type: 'FLOAT32' });
    spec.operators = spec.operators.filter((o) => o.op !== 'READ_VARIABLE');
    spec.tensors[2]!.data = initial;
    assert.deepEqual(read(spec).states, []);
  });

  /** A network of one variable that reads it as `kept`, and gives out what `operators` make of it as `y`. */
  const kept = (operators: TfliteSpec['operators'], written: number, outputs = [3]): TfliteSpec => ({
    tensors: [
      { name: 'x', shape: [1, 2 * FEATURES] },
      { shape: [], type: 'RESOURCE' },
      { name: 'kept', shape: [1, FEATURES] },
      { name: 'y', shape: [1, FEATURES] },
      { name: 'first', shape: [1, FEATURES] },
      { name: 'second', shape: [1, FEATURES] },
      { shape: [], type: 'INT32', data: [1] },
    ],
    operators: [
      { op: 'VAR_HANDLE', inputs: [], outputs: [1], options: { container: '', sharedName: 'v' } },
      { op: 'READ_VARIABLE', inputs: [1], outputs: [2] },
      ...operators,
      { op: 'ASSIGN_VARIABLE', inputs: [1, written], outputs: [] },
    ],
    inputs: [0],
    outputs,
  });
  const halves = { op: 'SPLIT', inputs: [6, 0], outputs: [4, 5], options: { count: 2 } };
  const MOST = { op: 'MAXIMUM', inputs: [2, 2], outputs: [3] };

  /** What each output is, inference by inference. */
  const stream = (spec: TfliteSpec, given: readonly Float32Array[]): number[][][] => {
    const graph = read(spec);
    let states: Floats | undefined;
    return given.map((x) => {
      const values = evaluate(graph, new Map([['x', x]]), states);
      states = statesAfter(graph, values);
      return graph.outputs.map((name) => [...values.get(name)!]);
    });
  };

  const given = rows.slice(0, 4).map((row, k) => Float32Array.of(...row, ...rows[k + 1]!));
  const zeros = new Array<number>(FEATURES).fill(0);

  it('that keep what nothing else reads: a part of a node, or the input', () => {
    const ys = stream(kept([halves, MOST], 5), given).map(([y]) => y);
    assert.deepEqual(ys, [zeros, ...given.slice(0, -1).map((x) => [...x.subarray(FEATURES)])]);
    const whole = kept([MOST], 0);
    for (const k of [0, 2, 3]) whole.tensors[k]!.shape = [1, FEATURES];
    const firsts = rows.slice(0, 4);
    assert.deepEqual(
      stream(whole, firsts).map(([y]) => y),
      [zeros, ...firsts.slice(0, -1).map((x) => [...x])],
    );
  });

  it('that come out as they were, and as they become', () => {
    const before = kept([halves, MOST], 5, [3, 2]);
    for (const [y, was] of stream(before, given)) assert.deepEqual(was, y);
    const after = kept([halves, MOST], 5, [3, 7]);
    after.tensors.push({ name: 'again', shape: [1, FEATURES] });
    after.operators.push({ op: 'READ_VARIABLE', inputs: [1], outputs: [7] });
    assert.deepEqual(
      stream(after, given).map(([, is]) => is),
      given.map((x) => [...x.subarray(FEATURES)]),
    );
  });

  const refused = (spec: TfliteSpec, message: RegExp): void => {
    assert.throws(
      () => read(spec),
      (e) => e instanceof UserError && e.code === 'model' && message.test(e.message),
    );
  };

  it('are refused with a word where they are used in another way', () => {
    const change = (
      edit: (spec: TfliteSpec) => void,
      line: Line = { type: 'FLOAT32', initial },
    ): TfliteSpec => {
      const spec = delayLine(line);
      edit(spec);
      return spec;
    };
    refused(
      change((s) => s.operators.splice(1, 1)),
      /READ_VARIABLE, names no variable/,
    );
    refused(
      change((s) => (s.operators[0]!.options = { subgraph: 7 })),
      /calls subgraph 7 of 2/,
    );
    refused(
      change((s) => (s.tensors[7]!.shape = [1, TIME, 1])),
      /is read as FLOAT32 \[1, 4, 3\], but gets FLOAT32 \[1, 4, 1\]/,
    );
    refused(
      change((s) => s.operators.splice(-3, 1, { op: 'EXP', inputs: [3], outputs: [7] })),
      /'next', which is kept in 'kept', has the shape \[1, 5, 3\]; \[1, 4, 3\] is needed/,
    );
    for (const as of [{ shape: [1, TIME, FEATURES], type: 'INT8' }, { shape: [TIME, FEATURES] }] as const) {
      refused(
        change((s) => {
          s.tensors.push({ name: 'again', ...as, shape: [...as.shape] });
          s.operators.splice(3, 0, { op: 'READ_VARIABLE', inputs: [1], outputs: [9] });
        }),
        /A variable is read as (INT8|FLOAT32) \[(1, )?4, 3\], but gets FLOAT32 \[1, 4, 3\]/,
      );
    }
    refused(change((s) => s.called![0]!.operators.push({ op: 'EXP', inputs: [1], outputs: [1] })), /computes the first values of its variables, with EXP/); // prettier-ignore
    refused(
      change(() => undefined, { type: 'FLOAT32', initial: initial.with(3, NaN) }),
      /Variable 'kept' begins with NaN/,
    );
    refused(
      change((s) => {
        s.tensors.push({ shape: [], type: 'RESOURCE' });
        s.operators.splice(1, 0, { op: 'VAR_HANDLE', inputs: [], outputs: [9], options: { container: '', sharedName: 'other' } }, { op: 'READ_VARIABLE', inputs: [9], outputs: [2] }); // prettier-ignore
      }),
      /Two variables are read into tensor 2/,
    );
    refused(change((s) => [2, 7].forEach((k) => (s.tensors[k]!.type = 'INT32')), { type: 'FLOAT32' }), /Variable 'kept' has elements of INT32/); // prettier-ignore
  });
});
