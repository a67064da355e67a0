import assert from 'node:assert/strict';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteModel, type TfliteTensorSpec } from '../../model/tflite/writer.ts';

/*
 * Operators that only move numbers, of constants alone: what they make is a constant too, and no node is left of them. The results
 * are written by hand.
 */

interface Move {
  readonly op: string;
  /** Of int8, or the numbers of int32 that say how it is moved. */
  readonly reads: readonly (readonly [
    shape: readonly number[],
    data: readonly number[],
    positions?: 'positions',
  ])[];
  readonly options?: Record<string, number>;
  readonly makes: readonly [shape: readonly number[], data: readonly number[]];
}

const SIX = [[2, 3], [1, 2, 3, 4, 5, 6]] as const; // prettier-ignore
const at = (...list: number[]) => [[list.length], list, 'positions'] as const;

const MOVES: readonly Move[] = [
  { op: 'GATHER', reads: [SIX, at(1)], options: { axis: 0 }, makes: [[1, 3], [4, 5, 6]] },
  { op: 'TILE', reads: [SIX, at(1, 2)], makes: [[2, 6], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]] },
  { op: 'REVERSE_V2', reads: [SIX, at(1)], makes: [[2, 3], [3, 2, 1, 6, 5, 4]] },
  { op: 'SLICE', reads: [SIX, at(0, 1), at(2, 2)], makes: [[2, 2], [2, 3, 5, 6]] },
  { op: 'STRIDED_SLICE', reads: [SIX, at(0, 2), at(2, -4), at(1, -2)], options: { endMask: 2 }, makes: [[2, 2], [3, 1, 6, 4]] },
  { op: 'RESHAPE', reads: [SIX, at(3, 2)], makes: [[3, 2], [1, 2, 3, 4, 5, 6]] },
  { op: 'EXPAND_DIMS', reads: [SIX, [[], [1], 'positions']], makes: [[2, 1, 3], [1, 2, 3, 4, 5, 6]] },
  { op: 'TRANSPOSE', reads: [SIX, at(1, 0)], makes: [[3, 2], [1, 4, 2, 5, 3, 6]] },
  { op: 'PAD', reads: [SIX, [[2, 2], [0, 0, 1, 0], 'positions']], makes: [[2, 4], [-3, 1, 2, 3, -3, 4, 5, 6]] },
  { op: 'CONCATENATION', reads: [SIX, [[1, 3], [7, 8, 9]]], options: { axis: 0 }, makes: [[3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]] },
  { op: 'PACK', reads: [[[2], [1, 2]], [[2], [3, 4]]], options: { axis: 1, count: 2 }, makes: [[2, 2], [1, 3, 2, 4]] },
  { op: 'BROADCAST_TO', reads: [[[1, 2], [1, 2]], at(2, 2)], makes: [[2, 2], [1, 2, 1, 2]] },
  { op: 'MIRROR_PAD', reads: [[[1, 3], [1, 2, 3]], [[2, 2], [0, 0, 2, 0], 'positions']], options: { mode: 0 }, makes: [[1, 5], [3, 2, 1, 2, 3]] },
]; // prettier-ignore

/** The same parameters for all: a zero point of -3, in whichever type. */
function numbers(
  type: 'INT8' | 'UINT8',
  shape: readonly number[],
  data?: readonly number[],
): TfliteTensorSpec {
  const shift = type === 'UINT8' ? 128 : 0;
  const stored = data?.map((v) => v + shift);
  return { shape: [...shape], type, scales: [0.3], zeroPoints: [shift - 3], ...(stored && { data: stored }) };
}

/** x + what a chain of moves makes of constants; the second move, if any, reads the first one's result alone. */
function lowered(
  type: 'INT8' | 'UINT8',
  { op, reads, options, makes: [shape] }: Move,
  scale?: number,
): QuantizedGraph {
  const constants = reads.map(([of, data, positions]): TfliteTensorSpec =>
    positions ? { shape: [...of], type: 'INT32', data: [...data] } : numbers(type, of, data),
  );
  const count = constants.length;
  const result = { ...numbers(type, shape), ...(scale === undefined ? {} : { scales: [scale] }) };
  const flat = shape.reduce((n, d) => n * d, 1);
  const tensors: TfliteTensorSpec[] = [
    ...constants, // 0 to count - 1
    result, // count
    { shape: [2], type: 'INT32', data: [1, flat] }, // count + 1
    { ...numbers(type, [1, flat]), scales: result.scales! }, // count + 2
    { ...numbers(type, [1, flat]), name: 'x' }, // count + 3
    { ...numbers(type, [1, flat]), name: 'y' }, // count + 4
  ];
  const bytes = tfliteModel({
    tensors: tensors.map((tensor, k) => ({ name: `t${k}`, ...tensor })),
    operators: [
      { op, inputs: constants.map((_, k) => k), outputs: [count], ...(options && { options }) },
      { op: 'RESHAPE', inputs: [count, count + 1], outputs: [count + 2] },
      { op: 'ADD', inputs: [count + 3, count + 2], outputs: [count + 4] },
    ],
    inputs: [count + 3],
    outputs: [count + 4],
  });
  const graph = importTflite(bytes, { name: 'net' });
  assert.ok(isIntegerGraph(graph));
  return tfliteIntegers(graph);
}

describe('quantize: moves of constants in TensorFlow Lite networks of integers', () => {
  for (const type of ['INT8', 'UINT8'] as const) {
    for (const move of MOVES) {
      it(`${move.op} of ${type}`, () => {
        const graph = lowered(type, move);
        const constant = `t${move.reads.length + 2}`;
        assert.deepEqual(
          graph.nodes.map(({ kind, inputs }) => [kind, inputs]),
          [['tfliteAdd', ['x', constant]]],
        );
        assert.deepEqual(Array.from(graph.constants.get(constant)!), move.makes[1]);
        const { scale, offset, lo, hi } = graph.values.get(constant)!;
        assert.deepEqual([scale, offset], [Math.fround(0.3), -3]);
        assert.deepEqual([lo, hi], [Math.min(...move.makes[1]), Math.max(...move.makes[1])]);
      });
    }
  }

  it('a result in another scale is refused by its node', () => {
    assert.throws(
      () => lowered('INT8', MOVES[0]!, 0.7),
      /GATHER node 'GATHER_0' has an output of another scale or zero point than its input 't0'\.$/,
    );
  });
});
