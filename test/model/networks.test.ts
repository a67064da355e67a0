import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Conv2dNode, DenseNode } from '../../extension/model/graph.ts';
import { NetworkBuilder } from './networkBuilder.ts';
import { agrees, fileAgrees, kinds, random, runs } from './oracle.ts';

const IMAGE = [{ name: 'x', shape: ['N', 1, 28, 28] }];

describe('model: networks', () => {
  it('the example (Keras form, NHWC input) ends as pooling, convolution and dense only', async () => {
    const graph = await fileAgrees(readFileSync(new URL('../../examples/mnist/mnist.onnx', import.meta.url)));
    assert.deepEqual(kinds(graph), [
      'maxpool', 'conv2d', 'maxpool', 'conv2d', 'maxpool', 'conv2d', 'dense', 'dense',
    ]); // prettier-ignore
    const layers = graph.nodes.filter(
      (n): n is Conv2dNode | DenseNode => n.kind === 'conv2d' || n.kind === 'dense',
    );
    assert.deepEqual(
      layers.map((n) => n.clamp.min),
      [0, 0, 0, 0, -Infinity],
    );
    assert.equal(
      layers.reduce((n, l) => n + l.weights.length + l.bias.length, 0),
      1662,
    );
    assert.deepEqual(graph.inputs, [{ name: 'max_pooling_1_input', shape: [1, 28, 28, 1] }]);
    assert.deepEqual(graph.outputs, ['dense_2']);
  });

  it('the same in PyTorch form (NCHW input, Flatten in NCHW order, Gemm) has no transpose', async () => {
    const b = new NetworkBuilder();
    let x = b.maxPool('x');
    x = b.node('Relu', [b.conv(x, 1, 4)]);
    x = b.maxPool(x);
    x = b.node('Relu', [b.conv(x, 4, 4)]);
    x = b.maxPool(x);
    x = b.node('Relu', [b.conv(x, 4, 4)]);
    x = b.node('Flatten', [x]);
    x = b.node('Relu', [b.gemm(x, 36, 28)]);
    x = b.gemm(b.node('Dropout', [x]), 28, 10);
    const graph = await agrees(b.spec(IMAGE, [x]));
    assert.deepEqual(kinds(graph), [
      'reshape', 'maxpool', 'conv2d', 'maxpool', 'conv2d', 'maxpool', 'conv2d', 'dense', 'dense',
    ]); // prettier-ignore
  });

  it('ReLU behind max pooling (F.relu(F.max_pool2d(conv(x), 2))) is fused into the convolution', async () => {
    const b = new NetworkBuilder();
    let x = b.node('Relu', [b.maxPool(b.conv('x', 1, 3, 5))]);
    x = b.node('Relu', [b.maxPool(b.conv(x, 3, 4, 5))]);
    x = b.node('Reshape', [x, b.ints([-1, 196])]);
    x = b.node('Softmax', [b.gemm(x, 196, 10)], { axis: { i: 1 } });
    const graph = await agrees(b.spec(IMAGE, [x]));
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'maxpool', 'conv2d', 'maxpool', 'dense', 'softmax']);
  });

  it('an NCHW colour image keeps one transpose, at the input', async () => {
    const b = new NetworkBuilder();
    const features = b.node('Relu', [b.conv('x', 3, 4)]);
    const x = b.gemm(b.node('Flatten', [b.node('GlobalAveragePool', [features])]), 4, 2);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 3, 8, 8] }], [x]));
    assert.deepEqual(kinds(graph), ['transpose', 'conv2d', 'avgpool', 'dense']);
    assert.deepEqual(graph.inputs[0]!.shape, [1, 3, 8, 8]);
  });

  it('a residual block (ResNet) with BatchNormalization folds into convolutions and one add', async () => {
    const b = new NetworkBuilder();
    const stem = b.node('Relu', [b.batchNorm(b.conv('x', 1, 4), 4)]);
    const one = b.node('Relu', [b.batchNorm(b.conv(stem, 4, 4), 4)]);
    const two = b.batchNorm(b.conv(one, 4, 4), 4);
    const x = b.node('GlobalAveragePool', [b.node('Relu', [b.node('Add', [two, stem])])]);
    const y = b.gemm(b.node('Flatten', [x]), 4, 3);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 8, 8] }], [y]));
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'conv2d', 'conv2d', 'add', 'avgpool', 'dense']);
  });

  it('a pre-activation block (BatchNormalization first) becomes a depthwise 1x1 convolution', async () => {
    const b = new NetworkBuilder();
    const stem = b.maxPool(b.node('Relu', [b.conv('x', 1, 4)]));
    const x = b.conv(b.node('Relu', [b.batchNorm(stem, 4)]), 4, 4);
    const graph = await agrees(
      b.spec([{ name: 'x', shape: [1, 1, 8, 8] }], [b.node('Flatten', [b.node('Add', [x, stem])])]),
    );
    const conv = graph.nodes.find((n): n is Conv2dNode => n.kind === 'conv2d' && n.groups === 4);
    assert.deepEqual(conv?.kernel, [1, 1]);
    assert.equal(conv.clamp.min, 0);
    assert.ok(!kinds(graph).includes('mul'));
  });

  it('parallel branches (Inception, SqueezeNet) concatenate in NHWC', async () => {
    const b = new NetworkBuilder();
    const squeeze = b.node('Relu', [b.conv('x', 1, 3, 1)]);
    const left = b.node('Relu', [b.conv(squeeze, 3, 4, 1)]);
    const right = b.node('Relu', [b.conv(squeeze, 3, 4)]);
    const x = b.node('Concat', [left, right], { axis: { i: 1 } });
    const y = b.gemm(b.node('Flatten', [x]), 8 * 36, 3);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 6, 6] }], [y]));
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'conv2d', 'conv2d', 'concat', 'dense']);
  });

  it('branches flattened in NCHW order and joined have no transpose', async () => {
    const b = new NetworkBuilder();
    const left = b.node('Flatten', [b.node('Relu', [b.conv('x', 1, 3)])]);
    const right = b.node('Flatten', [b.node('Relu', [b.conv(b.maxPool('x'), 1, 5)])]);
    const x = b.node('Tanh', [b.node('Concat', [left, 'z', right], { axis: { i: 1 } })]);
    const inputs = [
      { name: 'x', shape: [1, 1, 6, 6] },
      { name: 'z', shape: [1, 4] },
    ];
    const graph = await agrees(b.spec(inputs, [b.gemm(x, 3 * 36 + 4 + 5 * 9, 3)]));
    assert.ok(!kinds(graph).includes('transpose'));
    // given out as well, the joined vector is put in the model's order
    await agrees(b.spec(inputs, [x, b.node('Sigmoid', [x])]));
  });

  it('squeeze and excitation (a [1, C, 1, 1] gate times a map) has no transpose', async () => {
    const b = new NetworkBuilder();
    const map = b.node('Relu', [b.conv('x', 1, 4)]);
    let gate = b.node('GlobalAveragePool', [map]);
    gate = b.node('Relu', [b.conv(gate, 4, 2, 1)]);
    gate = b.node('HardSigmoid', [b.conv(gate, 2, 4, 1)]);
    const x = b.node('Mul', [gate, map]);
    const y = b.gemm(b.node('Flatten', [x]), 4 * 36, 3);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 6, 6] }], [y]));
    assert.ok(!kinds(graph).includes('transpose'));
  });

  it('MobileNet (depthwise, BatchNormalization, ReLU6 by Clip) is convolutions only', async () => {
    const b = new NetworkBuilder();
    b.initializers['zero'] = { dims: [], floats: [0] };
    b.initializers['six'] = { dims: [], floats: [6] };
    const relu6 = (x: string) => b.node('Clip', [x, 'zero', 'six']);
    let x = relu6(b.batchNorm(b.conv('x', 1, 4, 3, { stride: 2 }), 4));
    x = relu6(b.batchNorm(b.conv(x, 4, 4, 3, { groups: 4 }), 4));
    x = relu6(b.batchNorm(b.conv(x, 4, 6, 1), 6));
    const graph = await agrees(
      b.spec([{ name: 'x', shape: [1, 1, 8, 8] }], [b.node('Flatten', [b.node('GlobalAveragePool', [x])])]),
    );
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'conv2d', 'conv2d', 'avgpool', 'reshape']);
    const depthwise = graph.nodes[2] as Conv2dNode;
    assert.equal(depthwise.groups, 4);
    assert.deepEqual(depthwise.clamp, { min: 0, max: 6 });
  });

  it('Keras padding (NHWC Pad before a strided VALID convolution) goes into the convolution', async () => {
    const b = new NetworkBuilder();
    const padded = b.node('Pad', ['x', b.ints([0, 0, 0, 0, 0, 1, 1, 0])]);
    const w = b.weights([4, 2, 3, 3]);
    const body = b.node('Conv', [b.transpose(padded, 0, 3, 1, 2), w], { strides: { ints: [2, 2] } });
    const x = b.transpose(b.node('Relu', [body]), 0, 2, 3, 1);
    const graph = await agrees(b.spec([{ name: 'x', shape: ['N', 8, 8, 2] }], [x]));
    assert.deepEqual(kinds(graph), ['conv2d']);
    assert.deepEqual((graph.nodes[0] as Conv2dNode).pads, { top: 0, left: 0, bottom: 1, right: 1 });
  });

  it('zeros around a ReLU go into max pooling, around anything else they stay', async () => {
    for (const op of ['Relu', 'Tanh']) {
      const b = new NetworkBuilder();
      const x = b.node('Pad', [b.node(op, [b.conv('x', 1, 2)]), b.ints([0, 0, 1, 1, 0, 0, 1, 1])]);
      const y = b.node('Flatten', [b.maxPool(x, 3)]);
      const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 7, 7] }], [b.gemm(y, 18, 2)]));
      assert.equal(kinds(graph).includes('pad'), op === 'Tanh');
    }
  });

  it('minus infinity around anything goes into the max poolings behind it', async () => {
    let folded = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const next = random(seed);
      const int = (min: number, max: number): number =>
        min + Math.floor(((next() + 1) / 2) * (max - min + 1));
      const b = new NetworkBuilder(seed);
      const [top, left, bottom, right] = [int(0, 2), int(0, 2), int(0, 2), int(0, 2)];
      const kernel = int(2, 4);
      b.initializers['inf'] = { dims: [], floats: new Float32Array([-Infinity]) };
      const x = b.node('Pad', [
        seed % 3 === 0 ? 'x' : b.conv('x', 2, 3),
        b.ints([0, 0, top, left, 0, 0, bottom, right]),
        'inf',
      ]);
      const pool = (strides: number): string =>
        b.node('MaxPool', [x], {
          kernel_shape: { ints: [kernel, kernel] },
          strides: { ints: [strides, strides] },
        });
      const outputs = seed % 5 === 0 ? [pool(1), pool(2)] : [pool(int(1, 2))];
      const graph = await agrees(b.spec([{ name: 'x', shape: [1, 2, 9, 9] }], outputs));
      if (top + left + bottom + right === 0) continue;
      // a window that lies in the padding alone has minus infinity as its result, which nothing can quantize
      if ([top, left, bottom, right].some((n) => n >= kernel)) continue;
      assert.ok(!kinds(graph).includes('pad'), `${seed}: ${kinds(graph).join()}`);
      folded++;
    }
    assert.ok(folded > 20, String(folded));
  });

  it('a 1D network (keyword spotting, accelerometer) becomes 2D of height 1 without transposes', async () => {
    const b = new NetworkBuilder();
    const conv1d = (x: string, from: number, to: number) =>
      b.node('Conv', [x, b.weights([to, from, 3]), b.weights([to])], { pads: { ints: [1, 1] } });
    let x = b.node('Relu', [b.batchNorm(conv1d('x', 1, 4), 4)]);
    x = b.node('MaxPool', [x], { kernel_shape: { ints: [2] }, strides: { ints: [2] } });
    const skip = x;
    x = b.node('Add', [b.node('Relu', [conv1d(x, 4, 4)]), skip]);
    x = b.node('Mul', [x, b.node('Sigmoid', [b.node('GlobalAveragePool', [x])])]);
    x = b.node('Concat', [x, skip], { axis: { i: 1 } });
    const y = b.gemm(b.node('Flatten', [x]), 8 * 16, 3);
    const graph = await agrees(b.spec([{ name: 'x', shape: ['N', 1, 32] }], [y]));
    assert.ok(!kinds(graph).includes('transpose'));
  });

  it('a fully convolutional NCHW output is given out in the order of the model', async () => {
    const b = new NetworkBuilder();
    const x = b.node('Softmax', [b.conv('x', 1, 3)], { axis: { i: 1 } });
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 5, 4] }], [x]));
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'softmax', 'transpose']);
  });

  it('scaling of the image (x / 255 - 0.5) goes into the first layer', async () => {
    const b = new NetworkBuilder();
    b.initializers['size'] = { dims: [], floats: [255] };
    b.initializers['half'] = { dims: [1], floats: [0.5] };
    const x = b.node('Sub', [b.node('Div', ['x', 'size']), 'half']);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 49] }], [b.gemm(x, 49, 3)]), { scale: 255 });
    assert.deepEqual(kinds(graph), ['dense']);
  });

  it('one value as two outputs, an input as an output, an output that is read again', async () => {
    const b = new NetworkBuilder();
    const map = b.node('Relu', [b.conv('x', 1, 3)]);
    const same = b.node('Identity', [map]);
    const out = b.node('Identity', ['x']);
    await agrees(b.spec([{ name: 'x', shape: [1, 1, 5, 4] }], [map, same, out, b.maxPool(map)]));
  });

  /** One step of a random network on an NCHW map of c channels. */
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom(
        'conv', 'conv', 'depthwise', 'pool', 'average', 'relu', 'clip', 'sigmoid', 'norm', 'addConstant', 'mulConstant',
        'addSkip', 'mulGate', 'concat', 'pad', 'transpose', 'softmax', 'shuffle', 'dropout', 'concatRows',
      ), // prettier-ignore
      fc.nat(),
    ),
    { minLength: 1, maxLength: 9 },
  );

  it('random networks agree with onnxruntime after every pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.record({
          seed: fc.integer(),
          channels: fc.integer({ min: 1, max: 3 }),
          end: fc.constantFrom('gemm', 'map', 'flatten', 'norm'),
          early: fc.boolean(),
        }),
        async (list, { seed, channels, end, early }) => {
          const b = new NetworkBuilder(seed);
          let x = 'x';
          let [c, h, w] = [channels, 6, 5];
          let skip = { x, c, h, w };
          const outputs: string[] = [];
          for (const [step, r] of list) {
            switch (step) {
              case 'conv': {
                const to = 1 + (r % 4);
                x = b.conv(x, c, to, r % 2 ? 3 : 1);
                c = to;
                break;
              }
              case 'depthwise':
                x = b.conv(x, c, c, 3, { groups: c });
                break;
              case 'pool':
              case 'average': {
                const op = step === 'pool' ? 'MaxPool' : 'AveragePool';
                x = b.node(op, [x], { kernel_shape: { ints: [2, 2] }, pads: { ints: [0, 0, r % 2, 1] } });
                h += (r % 2) - 1;
                break;
              }
              case 'relu':
                x = b.node('Relu', [x]);
                break;
              case 'clip':
                x = b.node('Clip', [x, b.weights([], 0.1, -0.3), b.weights([], 0.1, 0.5)]);
                break;
              case 'sigmoid':
                x = b.node('Sigmoid', [x]);
                break;
              case 'norm':
                x = b.batchNorm(x, c);
                break;
              case 'addConstant':
              case 'mulConstant': {
                const dims = [[], [c, 1, 1], [1, c, h, w], [w], [h, 1], [1]][r % 6]!;
                x = b.node(
                  step === 'addConstant' ? 'Add' : 'Mul',
                  r % 4 < 2 ? [x, b.weights(dims)] : [b.weights(dims), x],
                );
                break;
              }
              case 'addSkip':
                if (skip.c === c && skip.h === h && skip.w === w)
                  x = b.node('Add', r % 2 ? [skip.x, x] : [x, skip.x]);
                break;
              case 'mulGate':
                x = b.node('Mul', [x, b.node('Sigmoid', [b.node('GlobalAveragePool', [x])])]);
                break;
              case 'concat':
                if (skip.h === h && skip.w === w && c + skip.c < 8) {
                  x = b.node('Concat', [x, skip.x], { axis: { i: 1 } });
                  c += skip.c;
                }
                break;
              case 'concatRows':
                if (h < 8) {
                  x = b.node('Concat', [x, b.weights([1, c, 1, w])], { axis: { i: 2 } });
                  h++;
                }
                break;
              case 'pad':
                if (h < 8) {
                  x = b.node('Pad', [x, b.ints([0, 0, 1, 0, 0, 0, r % 2, 1])]);
                  h += 1 + (r % 2);
                  w++;
                }
                break;
              case 'transpose':
                x = b.transpose(x, 0, 1, 3, 2);
                [h, w] = [w, h];
                break;
              case 'softmax':
                x = b.node('Softmax', [x], { axis: { i: 1 + (r % 3) } });
                break;
              case 'shuffle':
                x = b.node('Reshape', [x, b.ints([1, h, c, w])]);
                x = b.transpose(x, 0, 2, 1, 3);
                break;
              case 'dropout':
                x = b.node('Dropout', [x]);
                break;
            }
            if (r % 5 === 0) skip = { x, c, h, w };
            if (early && r % 7 === 0 && x !== 'x' && outputs.length < 2 && !outputs.includes(x))
              outputs.push(x);
          }
          if (end === 'map') x = b.node('Tanh', [x]);
          else x = b.node('Flatten', [x]);
          if (end === 'norm') x = b.batchNorm(x, c * h * w);
          if (end === 'gemm') x = b.gemm(x, c * h * w, 4);
          const input = { name: 'x', shape: [1, channels, 6, 5] };
          await agrees(b.spec([input], [...outputs, x]), { seed, tolerance: 2e-4 });
        },
      ),
      runs(300),
    );
  });
});
