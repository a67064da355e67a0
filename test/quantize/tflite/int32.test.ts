import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { readHeader } from '../../../extension/bundle/header.ts';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { withFloatEnds } from '../../../extension/quantize/floatEnds.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { tfliteModel, type TfliteTensorSpec } from '../../model/tflite/writer.ts';
import { HostModels } from '../../support/hostModels.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { Random } from '../../support/random.ts';
import { portableTarget } from '../../support/targets.ts';

const tensor = (
  name: string,
  type: 'INT8' | 'INT16' | 'INT32',
  scale: number,
  zero = 0,
): TfliteTensorSpec => ({
  ...{ name, type, shape: [1, 256], scales: [scale], zeroPoints: [zero] },
});

/** A chain of operators, from tensor to tensor. */
function chain(tensors: TfliteTensorSpec[], ...ops: string[]): QuantizedGraph {
  const operators = ops.map((op, k) => ({ op, inputs: [k], outputs: [k + 1] }));
  const bytes = tfliteModel({ tensors, operators, inputs: [0], outputs: [ops.length] });
  const graph = importTflite(bytes, { name: 'net' });
  assert.ok(isIntegerGraph(graph));
  return tfliteIntegers(graph);
}

describe('quantize/tflite: results of INT32', () => {
  const wide = tensor('wide', 'INT32', 1e-6);

  it('only come out: whoever reads them is refused', () => {
    for (const op of ['QUANTIZE', 'RELU', 'ABS', 'LOGISTIC', 'DEQUANTIZE']) {
      assert.throws(
        () => chain([tensor('x', 'INT8', 0.1), wide, tensor('y', 'INT8', 0.1)], 'QUANTIZE', op),
        (e) =>
          e instanceof UserError && /reads 'wide', numbers of INT32, which only come out/.test(e.message),
        op,
      );
    }
  });

  it('have a scale and a zero point like all others', () => {
    const refused = (y: TfliteTensorSpec): string => {
      try {
        chain([tensor('x', 'INT8', 0.1), y], 'QUANTIZE');
        return '';
      } catch (e) {
        return e instanceof UserError ? e.message : String(e);
      }
    };
    assert.match(refused(tensor('y', 'INT32', -0.01)), /has the scale -0\.0/);
    assert.match(refused(tensor('y', 'INT32', Infinity)), /has the scale Infinity/);
    assert.match(refused(tensor('y', 'INT32', 1e38)), /has the scale 1\.?\d*e\+?3[78]|has the scale 9\.9/);
    assert.equal(refused(tensor('y', 'INT32', 1e-6)), '');
  });

  it('become the real numbers of the C code, and their scale stands in the header however small it is', () => {
    const small = tensor('wide', 'INT32', 1.23456e-7);
    const network = chain([tensor('x', 'INT16', 0.001), small], 'QUANTIZE');
    const floats = withFloatEnds(network);
    const bundle = compileBundle(floats, { name: 'wide', target: portableTarget(0) });
    const reals = new Random(4).floats(256, -32, 32);
    const expected = interpret(floats, new Map([['x', reals]])).get('wide')!;
    const models = new HostModels([bundle]);
    try {
      const [outputs] = models.run([{ bundle, inputs: new Map([['x', toBytes(reals, 'float32')]]) }]);
      assert.deepEqual(fromBytes(outputs!.get('wide')!, 'float32'), [...expected]);
    } finally {
      models.remove();
    }
    const { header } = compileBundle(network, { name: 'wide', target: portableTarget(0) });
    const told = readHeader(header, 'wide').placeholders.find((p) => p.type === 'int32')!;
    assert.ok(Math.abs(told.scale / qvalue(network, 'wide').scale - 1) < 1e-4, String(told.scale));
  });
});
