import assert from 'node:assert/strict';
import { advice } from '../../extension/cli/remedies.ts';
import { UserError } from '../../extension/common/error.ts';
import type { ErrorCode } from '../../extension/common/error.ts';
import { importModel } from '../../extension/model/formats/importModel.ts';
import { onnx } from '../../extension/model/formats/onnx.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { onnxModel } from './onnxBuilder.ts';
import type { AttributeSpec, InputSpec, ModelSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';

/** Expects one UserError: one sentence that matches, and a hint. */
function refuses(
  bytes: Uint8Array,
  message: RegExp,
  options: { code?: ErrorCode; hint?: RegExp; defines?: Record<string, number> } = {},
): void {
  const defines = options.defines ? { defines: options.defines } : {};
  assert.throws(
    () => importedOnnx(bytes, { name: 'test', ...defines }),
    (e: unknown) => {
      assert.ok(e instanceof UserError, String(e));
      assert.match(e.message, message);
      assert.match(e.message, /^[^\n]*\.$/, 'one sentence');
      assert.equal(e.code, options.code ?? 'model');
      assert.match(advice(e.remedies), options.hint ?? /./);
      return true;
    },
  );
}

const X: InputSpec = { name: 'x', shape: [1, 2, 6, 6] };
const W: TensorSpec = { dims: [3, 2, 3, 3], floats: new Float32Array(54).fill(0.5) };

function model(
  node: Partial<NodeSpec> & { op: string },
  initializers: Record<string, TensorSpec> = {},
  rest: Partial<ModelSpec> = {},
): Uint8Array {
  const full: NodeSpec = { name: 'n', inputs: ['x'], outputs: ['y'], ...node };
  return onnxModel({ nodes: [full], inputs: [X], outputs: ['y'], initializers, ...rest });
}

const relu = (rest: Partial<ModelSpec> = {}) => model({ op: 'Relu' }, {}, rest);

describe('model: refused files', () => {
  it('what is not ONNX at all', () => {
    const input = { code: 'input' } as const;
    refuses(new Uint8Array(0), /is not a whole ONNX model: it is empty/, input);
    refuses(new TextEncoder().encode('<html>not found</html>'), /is not a whole ONNX model/, input);
    refuses(new TextEncoder().encode('TFL3 something else entirely'), /is not a whole ONNX model/, input);
    refuses(new Uint8Array(1000).fill(0xff), /is not a whole ONNX model/, input);
    refuses(Uint8Array.of(8, 7), /it holds no graph/, input);
  });

  it('files, lists and nesting of absurd size, before they are decoded', () => {
    // 1.5 million empty nodes in 3 MB
    const nodes = new Uint8Array(3_000_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
    refuses(inGraph(nodes), /more than 1000000 fields/, { code: 'input' });
    // an int64_data of 5 million one-byte numbers in an initializer
    const list = field(7, new Uint8Array(5_000_000));
    refuses(inGraph(field(5, list)), /more than 4000000 integers/, { code: 'input' });
    refuses(model({ op: 'Relu', name: 'n'.repeat(2000) }), /A name in the model has 2000 characters/);
    const many = Array.from({ length: 10_001 }, (_, k) => ({
      op: 'Relu',
      inputs: ['x'],
      outputs: [`y${k}`],
    }));
    refuses(onnxModel({ nodes: many, inputs: [X], outputs: ['y0'] }), /has 10001 nodes; at most 10000/);
  });

  it('a file beyond 64 MB, of any format', async () => {
    const work = importModel(onnx, new Uint8Array(64 * 2 ** 20 + 1), { name: 'test' });
    await assert.rejects(
      work,
      (e) => e instanceof UserError && e.code === 'input' && /has 65 MB; at most 64 MB/.test(e.message),
    );
  });

  it('groups and lengths beyond their parent', () => {
    const input = { code: 'input' } as const;
    refuses(Uint8Array.of(0x0b, 0x0c), /unknown wire type 3/, input);
    refuses(inGraph(Uint8Array.of(0x0a, 100, 1, 2)), /ends at byte/, input);
    refuses(Uint8Array.of(0x00, 0x00), /no field/, input);
  });

  it('operator sets outside 7 to 24, and none', () => {
    refuses(relu({ opset: 6 }), /ai.onnx operator set 6; 7 to 24 are supported/);
    refuses(relu({ opset: 25 }), /operator set 25/, { hint: /opset_version/ });
    for (const opset of [7, 13]) {
      refuses(
        model({ op: 'HardSwish' }, {}, { opset }),
        new RegExp(`'n' is HardSwish, .* from 14 on; .* ${opset}\\.`),
        {
          hint: /opset 14 or newer/,
        },
      );
    }
    refuses(relu({ opsets: [] }), /operator set of no version/);
    refuses(relu({ opsets: [{ domain: 'com.microsoft', version: 1 }] }), /operator set of no version/);
    importedOnnx(
      relu({ opsets: [{ domain: 'ai.onnx', version: 13 }, { domain: 'com.microsoft', version: 1 }] }), // prettier-ignore
      { name: 'unused domains do not matter' },
    );
  });

  it('functions, sparse weights, external and segmented data', () => {
    refuses(relu({ extra: { functions: [new Uint8Array(3)] } }), /defines 1 functions/);
    refuses(relu({ graphExtra: { sparseInitializer: [new Uint8Array(3)] } }), /sparse weights/);
    const conv = (extra: object) =>
      model({ op: 'Conv', inputs: ['x', 'w'] }, { w: { dims: W.dims, extra: { dataType: 1, ...extra } } });
    refuses(conv({ dataLocation: 1, externalData: [new Uint8Array(2)] }), /Initializer 'w' .*external data/, {
      hint: /external_data=False/,
    });
    refuses(conv({ segment: Uint8Array.of(8, 0) }), /segments/);
  });

  it('tensors whose data, type or dimensions are wrong', () => {
    const conv = (w: TensorSpec) => model({ op: 'Conv', inputs: ['x', 'w'] }, { w });
    refuses(
      conv({ dims: W.dims, floats: [1, 2, 3] }),
      /Initializer 'w' holds 3 elements where its shape needs 54/,
    );
    refuses(conv({ dims: W.dims, floats: [1], raw: false }), /holds 1 elements/);
    refuses(
      conv({ dims: W.dims, extra: { dataType: 1, rawData: new Uint8Array(217) } }),
      /holds 54 elements/,
    );
    refuses(conv({ dims: [-3, 2, 3, 3], floats: [] }), /dimension of -3/);
    refuses(conv({ dims: [2 ** 31, 2 ** 31, 4, 4], floats: [] }), /more than 16777216 elements/);
    refuses(conv({ dims: new Array<number>(2000).fill(1), floats: [1] }), /has 2000 dimensions/);
    refuses(conv({ ...W, extra: { dataType: 10 } }), /FLOAT16; FLOAT \(float32\)/);
    refuses(conv({ ...W, extra: { dataType: 99 } }), /type 99/);
    refuses(conv({ dims: W.dims, floats: new Float32Array(54).fill(NaN) }), /weights that are not finite/);
    const add = (c: TensorSpec) => model({ op: 'Add', inputs: ['x', 'c'] }, { c });
    refuses(add({ dims: [], floats: [Infinity] }), /constant that is not finite/);
    refuses(add({ dims: [], ints: [1] }), /Add node 'n' mixes integers with real numbers/);
  });

  it('names that are defined twice, not at all, or in the wrong order', () => {
    const r = (from: string, to: string): NodeSpec => ({ op: 'Relu', inputs: [from], outputs: [to] });
    const nodes = (...list: NodeSpec[]) => onnxModel({ nodes: list, inputs: [X], outputs: ['y'] });
    refuses(nodes(r('x', 'y'), r('x', 'y')), /defines 'y' twice/);
    refuses(nodes(r('x', 'x')), /defines 'x' twice/);
    const add: NodeSpec = { op: 'Add', inputs: ['x', 'nothing'], outputs: ['y'] };
    refuses(nodes(add), /Add node 'Add_0' reads 'nothing', which nothing before it defines/);
    refuses(nodes(r('late', 'y'), r('x', 'late')), /reads 'late'/);
    refuses(
      nodes({ ...r('x', 'y'), name: 'a\u001b[2J\n' }),
      /^The name 'a\?\[2J\?' in the model has control characters/,
    );
    refuses(nodes(r('x', 'z')), /No output of the model depends on an input/);
    refuses(onnxModel({ nodes: [r('x', 'y')], inputs: [X], outputs: [] }), /has no output/);
    refuses(onnxModel({ nodes: [r('x', 'y')], inputs: [X], outputs: ['y', 'y'] }), /lists output 'y' twice/);
    const other = { ...X, shape: [1, 7] };
    refuses(onnxModel({ nodes: [r('x', 'y')], inputs: [X, other], outputs: ['y'] }), /lists input 'x' twice/);
    refuses(
      onnxModel({ nodes: [r('x', 'y')], inputs: [X], outputs: ['y', 'z'] }),
      /Output 'z' is defined by no node/,
    );
    refuses(
      onnxModel({ nodes: [r('x', 'y')], inputs: [X], outputs: ['y', 'x'] }),
      /Output 'x' is an input of the model itself/,
    );
    const c = { dims: [1], floats: [1] };
    refuses(
      onnxModel({ nodes: [r('x', 'y'), r('c', 'z')], inputs: [X], outputs: ['y', 'z'], initializers: { c } }),
      /Output 'z' does not depend on any input/,
    );
  });

  it('unsupported operators, naming node, operator and what is supported', () => {
    refuses(
      model({ op: 'Unique', name: 'up1' }),
      /^Node 'up1' is Unique, an operator that is not supported\.$/,
      {
        hint: /Supported are .*Conv.*ai.onnx 7 to 24/,
      },
    );
    refuses(model({ op: 'Gelu', domain: 'com.microsoft' }), /com.microsoft.Gelu/);
    refuses(model({ op: 'Relu', domain: 'my.domain' }), /my.domain.Relu/);
    refuses(model({ op: 'QLinearWhere' }), /QLinearWhere/, { hint: /before quantization/ });
    refuses(model({ op: '__proto__' }), /__proto__/);
    refuses(model({ op: 'constructor' }), /constructor/);
  });

  it('all unsupported operators at once, each with its first node', () => {
    const node = (op: string, k: number, name = `${op} ${k}`) => ({ op, name, inputs: [`x${k}`], outputs: [`x${k + 1}`] }); // prettier-ignore
    const chain = (...ops: string[]) =>
      onnxModel({
        nodes: ops.map((op, k) => node(op, k, op === 'Det' ? '' : undefined)),
        inputs: [{ name: 'x0', shape: [1, 4] }],
        outputs: [`x${ops.length}`],
      });
    refuses(
      chain('Hardmax', 'Relu', 'LRN', 'Det', 'LRN'),
      /^The model has 3 operators that are not supported: Hardmax \(node 'Hardmax 0'\), LRN \(node 'LRN 2'\), Det\.$/,
      { hint: /Supported are / },
    );
    refuses(chain('Det'), /^The model has the operator Det, which is not supported\.$/);
    const many = Array.from({ length: 40 }, (_, k) => `Own${k}`);
    refuses(chain(...many), /^The model has 40 operators .*Own9 \(node 'Own9 9'\) and 30 more\.$/);
    refuses(chain('Det', 'QLinearWhere'), /Det, QLinearWhere/, { hint: /before quantization/ });
    // the float32 model would have the other operator, too
    refuses(chain('Det', 'QLinearWhere'), /Det, QLinearWhere/, { hint: /Supported are / });
    const domains =
      /Supported are Abs, [^.]* of ai.onnx 7 to 24, and com.microsoft.DequantizeLinear, .*QLinearSoftmax, com/;
    refuses(chain('Det'), /the operator Det/, { hint: domains });
  });

  it('work that would not end: windows over windows, sums of thousands', () => {
    const pool = {
      op: 'AveragePool',
      name: 'pool',
      inputs: ['x'],
      outputs: ['y'],
      attributes: { kernel_shape: { ints: [2047, 2047] }, pads: { ints: [1023, 1023, 1023, 1023] } },
    };
    refuses(
      onnxModel({ nodes: [pool], inputs: [{ name: 'x', shape: [1, 1, 2048, 2048] }], outputs: ['y'] }),
      /^The model's layers up to 'pool' take \d+ operations; at most 68719476736 are handled\.$/,
    );
    const sum = { op: 'Sum', name: 'sum', inputs: Array<string>(60_000).fill('x'), outputs: ['y'] };
    refuses(
      onnxModel({ nodes: [sum], inputs: [{ name: 'x', shape: [1, 2] }], outputs: ['y'] }),
      /^Sum node 'sum' brings the model to more than 50000 operations\.$/,
    );
    const concat = { op: 'Concat', name: 'join', inputs: Array<string>(400_000).fill('x'), outputs: ['y'] };
    refuses(
      onnxModel({
        nodes: [{ ...concat, attributes: { axis: { i: 1 } } }],
        inputs: [{ name: 'x', shape: [1, 2] }],
        outputs: ['y'],
      }),
      /^Concat node 'join' reads 400000 values; at most 4096 are handled\.$/,
    );
  });

  it('nodes that no output needs are not looked at', () => {
    const nodes = [
      { op: 'Relu', inputs: ['x'], outputs: ['y'] },
      { op: 'Resize', inputs: ['x'], outputs: ['z'] },
    ];
    assert.equal(
      importedOnnx(onnxModel({ nodes, inputs: [X], outputs: ['y'] }), { name: 't' }).nodes.length,
      1,
    );
  });
});

describe('model: inputs and symbolic dimensions', () => {
  const input = (shape: InputSpec['shape'], defines?: Record<string, number>) =>
    importedOnnx(relu({ inputs: [{ name: 'x', ...(shape ? { shape } : {}) }] }), {
      name: 't',
      ...(defines ? { defines } : {}),
    }).inputs[0]!.shape;

  it('an open batch is 1, other symbols take their define', () => {
    assert.deepEqual(input(['N', 4]), [1, 4]);
    assert.deepEqual(input([null, 4]), [1, 4]);
    assert.deepEqual(input([0, 4]), [1, 4]);
    assert.deepEqual(input([-1, 4]), [1, 4]);
    assert.deepEqual(input(['N', 'L'], { L: 7 }), [1, 7]);
    assert.deepEqual(input(['N', 'L'], { N: 1, L: 7 }), [1, 7]);
    // a matrix, or steps in time: the first dimension need not be a batch
    assert.deepEqual(input([4, 4]), [4, 4]);
    assert.deepEqual(input(['N', 4], { N: 2 }), [2, 4]);
  });

  it('symbols without a size and wrong defines are refused', () => {
    const bytes = (shape: InputSpec['shape']) =>
      relu({ inputs: [{ name: 'x', ...(shape ? { shape } : {}) }] });
    refuses(bytes(['N', 'L']), /Dimension 1 of input 'x' is the symbol 'L'/, { hint: /--define L=NUMBER/ });
    refuses(bytes(['N', null]), /Dimension 1 of input 'x' has neither size nor name/);
    refuses(bytes(['N', '__proto__']), /symbol '__proto__'/);
    refuses(bytes(undefined), /Input 'x' has no shape/);
    refuses(bytes(['N', 2 ** 40]), /more than 16777216 elements/);
    const usage = { code: 'usage' } as const;
    refuses(bytes(['N', 4]), /no symbolic dimension 'M'/, {
      ...usage,
      defines: { M: 1 },
      hint: /It has 'N'/,
    });
    refuses(bytes([1, 4]), /no symbolic dimension 'M'/, {
      ...usage,
      defines: { M: 1 },
      hint: /leave the define out/,
    });
    for (const N of [0, -1, 1.5, NaN]) refuses(bytes(['N', 4]), /is no size/, { ...usage, defines: { N } });
  });

  it('maps of several samples, by the layer that would compute them', () => {
    const several = (op: string, inputs: string[]): Uint8Array =>
      model(
        { op, name: 'layer', inputs, attributes: { kernel_shape: { ints: [3, 3] } } },
        { w: W },
        { inputs: [{ name: 'x', shape: [4, 2, 6, 6] }] },
      );
    const hint = /batch 1/;
    refuses(several('Conv', ['x', 'w']), /Conv node 'layer' works on a batch of 4/, { hint });
    refuses(several('MaxPool', ['x']), /MaxPool node 'layer' works on a batch of 4/, { hint });
  });

  it('inputs that are no float32 tensors', () => {
    refuses(relu({ inputs: [{ name: 'x', shape: [1, 4], elemType: 2 }] }), /Input 'x' has elements of UINT8/);
    refuses(relu({ inputs: [{ name: 'x', shape: [1, 4], elemType: 10 }] }), /FLOAT16/);
    refuses(relu({ graphExtra: { input: [{ name: 'x' }] } }), /Input 'x' is not a tensor/);
  });

  it('activations of absurd size', () => {
    const nodes = Array.from({ length: 12 }, (_, k): NodeSpec => {
      return {
        op: 'Concat',
        inputs: [`y${k - 1}`, `y${k - 1}`],
        outputs: [`y${k}`],
        attributes: { axis: { i: 1 } },
      };
    });
    refuses(
      onnxModel({ nodes, inputs: [{ name: 'y-1', shape: [1, 2 ** 13] }], outputs: ['y11'] }),
      /output of Concat node 'Concat_11' has the shape \[1, 33554432\]/,
    );
    const wide = Array.from({ length: 3 }, (_, k): NodeSpec => ({
      op: 'Relu',
      inputs: [`y${k - 1}`],
      outputs: [`y${k}`],
    }));
    refuses(
      onnxModel({ nodes: wide, inputs: [{ name: 'y-1', shape: [1, 2 ** 24] }], outputs: ['y2'] }),
      /activations have 67108864 elements together/,
    );
    const constants = Array.from({ length: 4 }, (_, k): NodeSpec => {
      return { op: 'Add', inputs: [k === 0 ? 'c' : `c${k}`, 'one'], outputs: [`c${k + 1}`] };
    });
    const initializers = { size: { dims: [1], ints: [2 ** 24] }, one: { dims: [], floats: [1] } };
    refuses(
      onnxModel({
        nodes: [
          { op: 'ConstantOfShape', inputs: ['size'], outputs: ['c'] },
          ...constants,
          { op: 'Add', inputs: ['x', 'c4'], outputs: ['y'] },
        ],
        inputs: [{ name: 'x', shape: [1] }],
        outputs: ['y'],
        initializers,
      }),
      /constants and weights have more than 33554432 elements/,
    );
  });
});

describe('model: refused operators', () => {
  const conv = (attributes: Record<string, AttributeSpec>, w: TensorSpec = W, x: InputSpec = X) =>
    model({ op: 'Conv', name: 'c1', inputs: ['x', 'w'], attributes }, { w }, { inputs: [x] });
  const floats = (...dims: number[]): TensorSpec => ({
    dims,
    floats: new Float32Array(dims.reduce((n, d) => n * d, 1)).fill(1),
  });

  it('Conv', () => {
    refuses(
      conv({}, floats(3, 2, 3)),
      /^Conv node 'c1' has weights \[3, 2, 3\] for an input of 4 dimensions\.$/,
    );
    refuses(conv({}, floats(3, 1, 3, 3)), /do not fit 2 input channels/);
    refuses(conv({ group: { i: 0 } }), /in 0 groups/);
    refuses(conv({ group: { i: 2 } }, floats(3, 1, 3, 3)), /in 2 groups/);
    refuses(conv({ strides: { ints: [0, 1] } }), /strides \[0, 1\]; 2 numbers from 1 to 65535/);
    refuses(conv({ strides: { ints: [1] } }), /2 numbers/);
    refuses(conv({ pads: { ints: [-1, 0, 0, 0] } }), /4 numbers from 0/);
    refuses(conv({ kernel_shape: { ints: [5, 5] } }), /kernel_shape \[5, 5\] but weights for \[3, 3\]/);
    refuses(conv({ auto_pad: { s: 'MAYBE' } }), /auto_pad 'MAYBE'/);
    refuses(conv({ dilations: { ints: [4, 1] } }), /window of 9 on a map of 6/);
    refuses(conv({ group: { s: 'x' } }), /attribute 'group' of another type than int/);
    refuses(
      conv({}, floats(3, 2, 3, 3, 3), { name: 'x', shape: [1, 2, 6, 6, 6] }),
      /5 dimensions; 1D and 2D maps/,
    );
    refuses(
      model({ op: 'Conv', inputs: ['x', 'w'] }, {}, { inputs: [X, { name: 'w', shape: [1, 2, 3, 3] }] }),
      /computes the weights at run time/,
    );
    refuses(model({ op: 'Conv', inputs: ['x'] }), /has no input 1/);
    refuses(model({ op: 'Conv', inputs: ['x', 'w', 'b'] }, { w: W, b: floats(2) }), /2 bias values for 3/);
    refuses(
      model({ op: 'Conv', inputs: ['w', 'w'] }, { w: floats(1, 1, 1, 1) }),
      /No output of the model depends/,
    );
  });

  it('pooling', () => {
    const pool = (op: string, attributes: Record<string, AttributeSpec>, outputs = ['y']) =>
      model({ op, outputs, attributes }, {}, { outputs });
    refuses(pool('MaxPool', {}), /no attribute 'kernel_shape'/);
    refuses(pool('MaxPool', { kernel_shape: { ints: [9, 9] } }), /window of 9 on a map of 6/);
    refuses(
      pool('AveragePool', { kernel_shape: { ints: [2, 2] }, pads: { ints: [2, 0, 0, 0] } }),
      /as wide as its kernel/,
    );
    refuses(
      pool('MaxPool', {
        kernel_shape: { ints: [2, 2] },
        dilations: { ints: [7, 1] },
        pads: { ints: [1, 0, 1, 0] },
      }),
      /a window without an element of its input/,
    );
    refuses(pool('MaxPool', { kernel_shape: { ints: [2, 2] } }, ['y', 'i']), /indices of its maxima/);
  });

  it('blocks of other than 2D maps', () => {
    for (const op of ['SpaceToDepth', 'DepthToSpace'])
      for (const shape of [
        [1, 4, 6],
        [1, 4],
        [1, 4, 2, 2, 2],
      ])
        // prettier-ignore
        refuses(
          model({ op, attributes: { blocksize: { i: 2 } } }, {}, { inputs: [{ name: 'x', shape }] }),
          new RegExp(`${op} node 'n' works on a tensor of ${shape.length} dimensions; 4 are needed`),
        );
  });

  it('Gemm and MatMul', () => {
    refuses(model({ op: 'Gemm', inputs: ['x', 'w'] }, { w: floats(6, 2) }), /4 dimensions; 2 are needed/);
    const rows = { inputs: [{ name: 'x', shape: [1, 6] }] };
    refuses(
      model({ op: 'Gemm', inputs: ['x', 'w'] }, { w: floats(5, 2) }, rows),
      /rows of 6 by weights for 5/,
    );
    refuses(
      model({ op: 'Gemm', inputs: ['x', 'w', 'c'] }, { w: floats(6, 2), c: floats(3) }, rows),
      /adds a tensor \[3\]/,
    );
    const two = { inputs: [X, { name: 'w', shape: [1, 2, 6, 6] }] };
    refuses(model({ op: 'MatMul', inputs: ['x', 'w'] }, {}, two), /multiplies two computed tensors/);
    const left = { op: 'MatMul', inputs: ['w', 'x'] };
    refuses(model(left, { w: floats(2, 6, 6) }), /one matrix is supported/);
    refuses(model(left, { w: floats(3, 5) }), /rows of 6 by weights for 5/);
    refuses(model(left, { w: floats() }), /multiplies by a scalar/);
    refuses(model({ op: 'MatMul', inputs: ['x', 'w'] }, { w: floats(2, 6, 6) }), /one matrix is supported/);
  });

  it('elementwise operators', () => {
    refuses(
      model({ op: 'Add', inputs: ['x', 'c'] }, { c: floats(5) }),
      /cannot combine \[1, 2, 6, 6\] with \[5\]/,
    );
    refuses(
      model({ op: 'Pow', inputs: ['x', 'c'] }, { c: { dims: [2], floats: [1, 2] } }),
      /several exponents/,
    );
    refuses(model({ op: 'Pow', inputs: ['x', 'x'] }), /computes the exponent at run time/);
    refuses(model({ op: 'PRelu', inputs: ['x', 'c'] }, { c: floats(5) }), /slopes \[5\] for a tensor/);
    refuses(model({ op: 'Where', inputs: ['x', 'x', 'x'] }), /computes input 0 at run time/);
    refuses(model({ op: 'Equal', inputs: ['x', 'x'] }), /compares real tensors/);
    refuses(model({ op: 'Div', inputs: ['x', 'c'] }, { c: { dims: [], floats: [0] } }), /divides by zero/);
    refuses(
      model({ op: 'Clip', inputs: ['x', 'c'] }, { c: { dims: [2], floats: [0, 1] } }),
      /2 numbers for the lower limit/,
    );
    refuses(model({ op: 'Clip', inputs: ['x', 'c'] }, { c: { dims: [], floats: [NaN] } }), /not a number/);
    refuses(model({ op: 'LeakyRelu', attributes: { alpha: { f: Infinity } } }), /alpha Infinity/);
    refuses(model({ op: 'Softmax', attributes: { axis: { i: 4 } } }), /axis 4 for a tensor of 4 dimensions/);
    refuses(model({ op: 'Cast', attributes: { to: { i: 10 } } }), /converts to FLOAT16/);
    refuses(model({ op: 'Cast', attributes: { to: { i: 7 } } }), /computed tensor to INT64/);
  });

  it('BatchNormalization and Dropout in training', () => {
    const four = Object.fromEntries(['s', 'b', 'm', 'v'].map((n) => [n, floats(2)]));
    const norm = (rest: Partial<NodeSpec>, more: Partial<ModelSpec> = {}) =>
      model({ op: 'BatchNormalization', inputs: ['x', 's', 'b', 'm', 'v'], ...rest }, four, {
        opset: 14,
        ...more,
      });
    refuses(norm({ attributes: { training_mode: { i: 1 } } }), /training mode/, { hint: /evaluation mode/ });
    refuses(norm({ outputs: ['y', 'mean'] }, { outputs: ['y', 'mean'], opset: 9 }), /training mode/);
    refuses(norm({ attributes: { spatial: { i: 0 } } }, { opset: 7 }), /spatial=0/);
    refuses(
      norm({ inputs: ['x', 's', 'b', 'm', 'w'] }, { initializers: { ...four, w: W } }),
      /54 parameters for 2/,
    );
    const negative = { ...four, v: { dims: [2], floats: [-1, 1] } };
    refuses(norm({}, { initializers: negative }), /do not give finite numbers/);
    refuses(
      model({ op: 'Dropout', outputs: ['y', 'mask'] }, {}, { outputs: ['y', 'mask'] }),
      /asked for its mask/,
    );
    refuses(
      model(
        { op: 'Dropout', inputs: ['x', '', 't'] },
        { t: { dims: [], extra: { dataType: 9, rawData: [1] } } },
      ),
      /training mode/,
    );
  });

  it('shape operators', () => {
    const reshape = (...shape: number[]) =>
      model({ op: 'Reshape', inputs: ['x', 's'] }, { s: { dims: [shape.length], ints: shape } });
    refuses(reshape(5, -1), /turns \[1, 2, 6, 6\] into \[5, -1\], which has other elements/);
    refuses(reshape(-1, -1), /other elements/);
    refuses(reshape(-2, -36), /other elements/);
    refuses(reshape(1, 2, 6, 6, 0), /keeps dimension 4/);
    refuses(reshape(2 ** 53, 2 ** 53), /more than 16777216|dimension of/);
    refuses(
      model({ op: 'Reshape', inputs: ['x', 'z'] }, {}, { inputs: [X, { name: 'z', shape: [1] }] }),
      /at run time/,
    );
    refuses(model({ op: 'Transpose', attributes: { perm: { ints: [0, 1, 1, 2] } } }), /perm \[0, 1, 1, 2\]/);
    refuses(
      model({ op: 'Squeeze', inputs: ['x', 'a'] }, { a: { dims: [1], ints: [1] } }),
      /removes dimension 1/,
    );
    refuses(
      model({ op: 'Unsqueeze', inputs: ['x', 'a'] }, { a: { dims: [2], ints: [1, 1] } }),
      /an axis twice/,
    );
    refuses(model({ op: 'Unsqueeze', inputs: ['x'] }), /has no axes/);
    refuses(model({ op: 'Flatten', attributes: { axis: { i: 5 } } }), /axis 5/);
    const ints = (...list: number[]) => ({ dims: [list.length], ints: list });
    refuses(model({ op: 'Gather', inputs: ['x', 'i'] }, { i: ints(3) }), /picks element 3 of 1/);
    refuses(model({ op: 'Gather', inputs: ['x', 'x'] }), /indices that are not constant/);
    const slice = (from: number[], to: number[], ...more: number[][]) =>
      model(
        { op: 'Slice', inputs: ['x', 's0', 's1', ...more.map((_, k) => `s${k + 2}`)] },
        Object.fromEntries([from, to, ...more].map((list, k) => [`s${k}`, ints(...list)])),
      );
    refuses(slice([1], [1], [2]), /would have an empty output \[1, 2, 0, 6\]/);
    refuses(slice([1], [3], [2], [0]), /has the step 0/);
    refuses(slice([1, 1], [3], [2]), /starts \[1, 1\] and ends \[3\]/);
    refuses(slice([1, 1], [3, 2], [2, -2]), /for axes \[2, 2\]/);
    refuses(slice([1], [3], [4]), /axis 4/);
    refuses(
      model({ op: 'Split', inputs: ['x', 's'], attributes: { axis: { i: 2 } } }, { s: ints(5) }),
      /parts of \[5\] for 1 outputs of 6/,
    );
    refuses(
      model({ op: 'Split', inputs: ['x'], attributes: { axis: { i: 2 }, num_outputs: { i: 9 } } }),
      /9 parts of 6/,
    );
    refuses(
      model({ op: 'Expand', inputs: ['x', 's'] }, { s: ints(5) }),
      /cannot expand \[1, 2, 6, 6\] to \[5\]/,
    );
    refuses(
      model({ op: 'Expand', inputs: ['x', 's'] }, { s: ints(2 ** 20, 1, 1, 1) }),
      /more than 16777216 elements/,
    );
    const transposed = (attributes: NodeSpec['attributes'], dims = [2, 3, 2, 2]) =>
      model(
        { op: 'ConvTranspose', inputs: ['x', 'w'], attributes },
        { w: { dims, floats: new Float32Array(dims.reduce((n, d) => n * d, 1)) } },
      );
    refuses(transposed({}, [3, 2, 2, 2]), /weights \[3, 2, 2, 2\] in 1 groups, which do not fit 2/);
    refuses(transposed({ strides: { ints: [0, 1] } }), /strides \[0, 1\]/);
    refuses(transposed({ auto_pad: { s: 'SAME' } }), /auto_pad 'SAME'/);
    refuses(transposed({ pads: { ints: [4, 0, 3, 0] } }), /would have an empty output \[0, 7\]/);
    refuses(transposed({ strides: { ints: [999, 1] } }), /take 999 convolutions; at most 256 are made/);
    refuses(transposed({ strides: { ints: [100, 65_535] } }), /more than 16777216 elements/);
    const resize = (attributes: NodeSpec['attributes'], ...scales: number[]) =>
      model(
        { op: 'Resize', inputs: ['x', '', 's'], attributes },
        { s: { dims: [scales.length], floats: scales } },
      );
    refuses(resize({ mode: { s: 'cubic' } }, 1, 1, 2, 2), /in mode 'cubic'; nearest and linear/);
    refuses(resize({ antialias: { i: 1 } }, 1, 1, 2, 2), /antialias/);
    refuses(
      resize({ coordinate_transformation_mode: { s: 'tf_crop_and_resize' } }, 1, 1, 2, 2),
      /coordinates 'tf_crop_and_resize'; asymmetric, half_pixel/,
    );
    refuses(resize({ nearest_mode: { s: 'up' } }, 1, 1, 2, 2), /positions by 'up'/);
    refuses(resize({ keep_aspect_ratio_policy: { s: 'not_larger' } }, 1, 1, 2, 2), /by 'not_larger'/);
    refuses(resize({ mode: { s: 'linear' } }, 1, 2, 2, 2), /along 3 dimensions; at most two/);
    refuses(resize({}, 2, 2), /2 scales or sizes for 4 dimensions/);
    refuses(resize({}, 1, 1, 0.1, 1), /makes 0 elements of 6/);
    refuses(resize({}, 1, 1, 2 ** 30, 1), /more than 16777216 elements/);
    refuses(resize({ mode: { s: 'linear' } }, 1, 1, 2 ** 30, 1), /more than 16777216 elements/);
    refuses(model({ op: 'Tile', inputs: ['x', 's'] }, { s: ints(1, 2) }), /2 repeats for 4 dimensions/);
    refuses(
      model({ op: 'Tile', inputs: ['x', 's'] }, { s: ints(1, 2, -1, 1) }),
      /repeats its input -1 times/,
    );
    refuses(
      model({ op: 'Concat', inputs: ['x', 'w'], attributes: { axis: { i: 1 } } }, { w: W }),
      /joins \[1, 2, 6, 6\]/,
    );
    refuses(model({ op: 'Concat', inputs: [] }), /No output of the model depends on an input/);
    const pad = (pads: number[], rest: Partial<NodeSpec> = {}) =>
      model({ op: 'Pad', inputs: ['x', 'p'], ...rest }, { p: { dims: [pads.length], ints: pads } });
    refuses(pad([0, 0, -7, 0, 0, 0, 0, 0]), /would have an empty output/);
    refuses(
      pad([0, 0, 6, 0, 0, 0, 0, 0], { attributes: { mode: { s: 'reflect' } } }),
      /borders of 6 and 0 from 6/,
    );
    refuses(pad([1, 1]), /2 pads for 4 dimensions/);
    const padWith = (value: number, op: string): Uint8Array =>
      onnxModel({
        nodes: [
          { op: 'Pad', name: 'n', inputs: ['x', 'p', 'v'], outputs: ['q'] },
          { op, name: 'r', inputs: ['q'], outputs: ['y'] },
        ],
        inputs: [X],
        outputs: ['y'],
        initializers: {
          p: { dims: [8], ints: [0, 0, 1, 1, 0, 0, 1, 1] },
          v: { dims: [], floats: new Float32Array([value]) },
        },
      });
    for (const value of [NaN, Infinity]) refuses(padWith(value, 'Relu'), /'n' pads with (NaN|Infinity)/);
    refuses(
      padWith(-Infinity, 'Relu'),
      /'n' pads with -Infinity, and not all that reads it is a maximum pooling/,
    );
    refuses(pad([0, 0, 1, 1, 0, 0, 1, 1], { attributes: { mode: { s: 'mirror' } } }), /in mode 'mirror'/);
  });
});

/** A length-delimited protobuf field. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2];
  for (let n = bytes.length; ; n = Math.floor(n / 128)) {
    if (n < 128) {
      head.push(n);
      break;
    }
    head.push((n % 128) + 128);
  }
  return Buffer.concat([Uint8Array.from(head), bytes]);
}

/** A ModelProto whose graph has these bytes. */
function inGraph(bytes: Uint8Array): Uint8Array {
  return field(7, bytes);
}
