import assert from 'node:assert/strict';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { withFloatEnds } from '../../../extension/quantize/floatEnds.ts';
import { interpret, type QStates, statesAfter } from '../../../extension/quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { delayLine, FEATURES, PARAMS, TIME } from '../../model/tflite/statefulSpecs.ts';
import { tfliteModel, type TfliteSpec } from '../../model/tflite/writer.ts';
import { Random } from '../../support/random.ts';
import { assertOnCore, assertOnHost, streamCase } from '../../support/streamCase.ts';
import { portableTarget } from '../../support/targets.ts';

/** Indices of the tensors and operators that `delayLine` has. */
const [HANDLE, KEPT, ASSIGN] = [1, 2, 4];
const SIZE = TIME * FEATURES;

/** A delay line of int8 that gives out what it keeps, too. @param place of the READ_VARIABLE that does, among the operators */
function givenOut(place: number): TfliteSpec {
  const spec = delayLine({ type: 'INT8' });
  const again = spec.tensors.push({ ...spec.tensors[KEPT]!, name: 'again' }) - 1;
  spec.operators.splice(place, 0, { op: 'READ_VARIABLE', inputs: [HANDLE], outputs: [again] });
  return { ...spec, outputs: [...spec.outputs, again] };
}

function quantized(spec: TfliteSpec): QuantizedGraph {
  const graph = finished(importTflite(tfliteModel(spec), { name: 'line' }));
  assert.ok(isIntegerGraph(graph));
  return tfliteIntegers(graph);
}

describe('quantize/tflite: a variable that is read again into an output of the network', () => {
  const random = new Random(11);
  const rows = Array.from({ length: 6 }, () => Int32Array.from({ length: FEATURES }, () => random.int(-128, 127))); // prettier-ignore
  const zeros = new Array<number>(SIZE).fill(PARAMS.zeroPoints[0]!);
  /** What the line holds before each inference, and after the last. */
  const held = [...rows.keys(), rows.length].map((k) => [...zeros, ...rows.slice(0, k).flatMap((row) => [...row])].slice(-SIZE)); // prettier-ignore

  for (const [label, place, after] of [
    ['before it is written', 2, 0],
    ['when it is written', ASSIGN + 1, 1],
  ] as const) {
    describe(label, () => {
      const spec = givenOut(place);
      const output = spec.tensors[spec.outputs[1]!]!.name!;

      it(after === 0 ? 'is what the inference before left' : 'is what it was given', () => {
        const network = quantized(spec);
        let states: QStates | undefined;
        for (const [k, row] of rows.entries()) {
          const values = interpret(network, new Map([['x', row]]), states);
          states = statesAfter(network, values);
          assert.deepEqual(Array.from(values.get(output)!), held[k + after]);
        }
      });

      it('is the same in compiled code, between integers and between real numbers', () => {
        const network = quantized(spec);
        const networks = [network, withFloatEnds(network)];
        assertOnHost(networks.map((n, i) => streamCase(`host_${i}`, n, { target: portableTarget(0) })));
        assertOnCore(
          networks.map((n, i) => streamCase(`core_${i}`, n, { target: targetFor('cortex-m0plus', 20000) })),
        );
      });
    });
  }

  it('has the scale and zero point of the tensor that it is read into', () => {
    const spec = givenOut(2);
    const again = spec.outputs[1]!;
    const [scale, zero] = [2 * PARAMS.scales[0]!, 3];
    spec.tensors[again] = { ...spec.tensors[again]!, scales: [scale], zeroPoints: [zero] };
    const sum = spec.operators.at(-1)!;
    spec.operators.splice(-1, 1, { ...sum, inputs: [again, sum.inputs[1]!] });
    const network = quantized(spec);
    const numbers = Int32Array.from({ length: SIZE }, () => random.int(-10, 10));
    const values = interpret(network, new Map([['x', rows[0]!]]), new Map([['kept', numbers]]));
    assert.deepEqual(values.get('again'), numbers);
    const expected = Array.from({ length: FEATURES }, (_, f) =>
      numbers.reduce(
        (total, q, i) => total + (i % FEATURES === f ? 2 * (q - zero) : 0),
        PARAMS.zeroPoints[0]!,
      ),
    );
    assert.deepEqual(Array.from(values.get('y')!), expected);
    assert.equal(qvalue(network, 'again').offset, zero);
  });
});
