import assert from 'node:assert/strict';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { type TfliteOperatorSpec, type TfliteTensorSpec, tfliteModel } from '../../model/tflite/writer.ts';

/** Scales of input, weights and output, and a sum that they make another number of when the first two are multiplied in float32. */
const [INPUT, WEIGHTS, OUTPUT, SUM] = [0.056235142052173615, 0.03646767511963844, 0.5181140899658203, -3915];

/** What a layer of one weight of 0 makes of its bias. @param shape of the numbers @param scales of the weights, one for each output */
function result(
  operator: Pick<TfliteOperatorSpec, 'op' | 'options'>,
  shape: number[],
  scales: number[],
): number {
  const outputs = scales.length;
  const weights = {
    shape: [outputs, ...shape.slice(1)],
    type: 'INT8',
    data: Array<number>(outputs).fill(0),
  } satisfies TfliteTensorSpec;
  const tensors: TfliteTensorSpec[] = [
    { name: 'x', shape, type: 'INT8', scales: [INPUT], zeroPoints: [0] },
    { ...weights, scales, zeroPoints: scales.map(() => 0) },
    {
      shape: [outputs],
      type: 'INT32',
      data: Array<number>(outputs).fill(SUM),
      scales: scales.map((s) => s * INPUT),
      zeroPoints: scales.map(() => 0),
    },
    { name: 'y', shape: [...shape.slice(0, -1), outputs], type: 'INT8', scales: [OUTPUT], zeroPoints: [0] },
  ];
  const operators = [{ ...operator, inputs: [0, 1, 2], outputs: [3] }];
  const graph = finished(
    importTflite(tfliteModel({ tensors, operators, inputs: [0], outputs: [3] }), { name: 'net' }),
  );
  assert.ok(isIntegerGraph(graph));
  return interpret(tfliteIntegers(graph), new Map([['x', [1]]])).get('y')![0]!;
}

describe('quantize/tflite: the product of the scales of numbers and weights', () => {
  it('is float32 in a FULLY_CONNECTED with one scale, and else float64, as in TensorFlow Lite Micro', () => {
    const conv = { op: 'CONV_2D', options: { strideW: 1, strideH: 1 } } as const;
    assert.equal(result({ op: 'FULLY_CONNECTED' }, [1, 1], [WEIGHTS]), -15);
    assert.equal(result({ op: 'FULLY_CONNECTED' }, [1, 1], [WEIGHTS, WEIGHTS]), -16);
    assert.equal(result(conv, [1, 1, 1, 1], [WEIGHTS]), -16);
  });
});
