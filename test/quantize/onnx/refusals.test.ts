import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../../extension/quantize/options.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { type ModelSpec, type NodeSpec, onnxModel, type TensorSpec } from '../../model/onnxBuilder.ts';

const SCALE: TensorSpec = { dims: [], floats: [0.5] };
const ZERO: TensorSpec = { dims: [], ints: [3], type: 'int8' };
const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  more: Partial<NodeSpec> = {},
): NodeSpec => ({
  op,
  name: output,
  inputs,
  outputs: [output],
  ...more,
});

/** x, quantized and dequantized; then what a test adds. */
function network(
  change: Partial<Record<'scale' | 'zero' | 'scale2' | 'zero2', TensorSpec>> = {},
  nodes: readonly NodeSpec[] = [
    node('QuantizeLinear', ['x', 'scale', 'zero'], 'q'),
    node('DequantizeLinear', ['q', 'scale2', 'zero2'], 'y'),
  ],
  initializers: Readonly<Record<string, TensorSpec>> = {},
): ModelSpec {
  const constants = { scale: SCALE, zero: ZERO, scale2: change.scale ?? SCALE, zero2: change.zero ?? ZERO };
  return {
    nodes,
    inputs: [{ name: 'x', shape: [1, 4] }],
    outputs: [nodes.at(-1)!.outputs[0]!],
    initializers: { ...constants, ...change, ...initializers },
    opset: 21,
  };
}

const imported = (spec: ModelSpec) => finished(importOnnx(onnxModel(spec), { name: 'test' }));

function refused(spec: ModelSpec, why: RegExp, read: (spec: ModelSpec) => unknown = imported): void {
  assert.throws(
    () => read(spec),
    (e) => {
      assert.ok(e instanceof UserError && e.code === 'model', String(e));
      assert.match(e.message, why);
      assert.ok(e.remedies.length > 0);
      return true;
    },
  );
}

const WEIGHTS: TensorSpec = { dims: [4, 2], ints: [1, 2, 3, 4, 5, 6, 7, 8], type: 'int8' };
const dense = (w: Partial<Record<string, TensorSpec>>, attributes: NodeSpec['attributes'] = {}): ModelSpec =>
  network(
    {},
    [
      node('QuantizeLinear', ['x', 'scale', 'zero'], 'q'),
      node('DequantizeLinear', ['q', 'scale', 'zero'], 'd'),
      node('DequantizeLinear', ['w', 'ws', 'wz'], 'dw', attributes ? { attributes } : {}),
      node('MatMul', ['d', 'dw'], 'y'),
    ],
    {
      w: WEIGHTS,
      ws: { dims: [2], floats: [0.5, 0.25] },
      wz: { dims: [2], ints: [0, 0], type: 'int8' },
      ...(w as Record<string, TensorSpec>),
    },
  );

describe('a damaged or unusual quantized ONNX model is refused in one sentence, by node', () => {
  it('parameters of activations', () => {
    refused(network({ scale: { dims: [0], floats: [] } }), /'q' has scales that are none/);
    refused(network({ scale: { dims: [], floats: [-1] } }), /'q' has scales that are none: -1\./);
    refused(network({ scale: { dims: [], floats: [NaN] } }), /'q' has scales that are none: NaN\./);
    refused(network({ scale: { dims: [], floats: [0] } }), /'q' has the scale 0\./);
    refused(network({ scale: { dims: [2], floats: [1, 2] } }), /'q' has 2 scales and 1 zero points\./);
    refused(
      network({
        scale: { dims: [2], floats: [1, 2] },
        zero: { dims: [2], ints: [0, 0], type: 'int8' },
      }),
      /'q' has 2 scales for a tensor that is computed; one is supported\./,
    );
    refused(
      network({ zero: { dims: [], floats: [0] } }),
      /'q' has a zero point that is no number of 8 bits\./,
    );
    refused(
      network({ zero: { dims: [], ints: [0], type: 'int16' } }),
      /'q' has activations of INT16; INT8 and UINT8 are supported\./,
    );
    refused(
      network({ zero: { dims: [], ints: [300], type: 'int8', raw: false } }),
      /'q' has a zero point beyond INT8\./,
    );
    refused(
      network({ scale2: { dims: [], floats: [0.25] } }),
      /'y' has another scale or zero point for input 0 than that has\./,
    );
  });

  it('parameters, each in words that are true of it', () => {
    refused(
      network({ scale: { dims: [0], floats: [] } }),
      /'q' has scales that are none: the list is empty\./,
    );
    refused(
      dense({ wz: { dims: [2], ints: [0, 0] } }),
      /'dw' has a zero point that is no number of 8, 16 or 32 bits\./,
    );
    refused(
      dense({ w: { dims: [4, 2], ints: [1, 2, 3, 4, 5, 6, 7, 8] } }),
      /'dw' has quantized integers that are not of 8, 16 or 32 bits\./,
    );
  });

  it('what reads integers or makes them', () => {
    refused(
      network({}, [node('DequantizeLinear', ['x', 'scale', 'zero'], 'y')]),
      /'y' reads real numbers in input 0, where integers are needed\./,
    );
    refused(
      network({}, [node('QuantizeLinear', ['x', 'scale', 'zero'], 'q'), node('Sigmoid', ['q'], 'y')]),
      /'y' computes with quantized integers as they are\./,
    );
    refused(
      network({}, [
        node('QuantizeLinear', ['x', 'scale', 'zero'], 'q', { attributes: { output_dtype: { i: 17 } } }),
      ]),
      /'q' quantizes to FLOAT8E4M3FN; INT8 and UINT8 are supported\./,
    );
    refused(
      network({}, [
        node('QuantizeLinear', ['x', 'scale', 'zero'], 'q', { attributes: { block_size: { i: 2 } } }),
      ]),
      /'q' is quantized in blocks, which is not supported\./,
    );
  });

  it('weights', () => {
    refused(dense({ ws: { dims: [3], floats: [1, 1, 1] }, wz: { dims: [3], ints: [0, 0, 0], type: 'int8' } }), /'dw' has 3 scales along dimension 1 of \[4, 2\]\./); // prettier-ignore
    refused(dense({ wz: { dims: [2], ints: [0, 0], type: 'uint8' } }), /'dw' has a zero point of UINT8 for numbers of INT8\./); // prettier-ignore
    refused(dense({}, { block_size: { i: 2 } }), /'dw' is quantized in blocks/);
    refused(dense({ w: { ...WEIGHTS, raw: false, ints: [1, 2, 3, 4, 5, 6, 7, 800] } }), /'dw' has constants beyond INT8\./); // prettier-ignore
    refused(
      dense({ w: { dims: [4, 2], extra: { dataType: 22, rawData: new Uint8Array(4) } } }),
      /'w' has elements of INT4; FLOAT \(float32\) and integers of 8 to 64 bits are read\./,
    );
  });

  it('weights that do not fit 16 bits without their zero points', () => {
    const wide = (type: 'int16' | 'int32', weight: number, zero: number): ModelSpec => {
      const layer = dense({
        w: { dims: [4, 2], ints: [weight, 1, 2, 3, 4, 5, 6, 7], type },
        wz: { dims: [2], ints: [zero, 0], type },
      });
      const nodes = [
        ...layer.nodes.slice(0, -1),
        node('MatMul', ['d', 'dw'], 'm'),
        node('QuantizeLinear', ['m', 'scale', 'zero'], 'qy'),
        node('DequantizeLinear', ['qy', 'scale', 'zero'], 'y'),
      ];
      return { ...layer, nodes };
    };
    const quantized = (spec: ModelSpec) => quantize(imported(spec), new Map(), DEFAULT_QUANTIZE_OPTIONS);
    for (const [type, weight, zero] of [
      ['int16', 30000, -10000],
      ['int16', -30000, 2769],
      ['int32', 2 ** 20, 0],
    ] as const) {
      // prettier-ignore
      refused(wide(type, weight, zero), /^'m' has weights that do not fit 16 bits when their zero points are taken off\.$/, quantized); // prettier-ignore
    }
    for (const [type, weight, zero] of [
      ['int16', 30000, -2767],
      ['int16', -30000, 2768],
      ['int32', 32767, 0],
    ] as const) {
      // prettier-ignore
      const layer = quantized(wide(type, weight, zero)).nodes.find((n) => n.kind === 'dense');
      assert.equal(layer?.weights[0], weight - zero);
    }
  });
});
