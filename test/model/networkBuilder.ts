/** Writes networks for tests the way exporters do: one node behind the other, random weights. */
import { onnxModel } from './onnxBuilder.ts';
import type { AttributeSpec, InputSpec, ModelSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';
import { random, randomFloats } from './oracle.ts';

export class NetworkBuilder {
  readonly nodes: NodeSpec[] = [];
  readonly initializers: Record<string, TensorSpec> = {};
  readonly #next: () => number;
  #count = 0;

  constructor(seed = 1) {
    this.#next = random(seed);
  }

  /** Adds a node and returns the name of its output. */
  node(op: string, inputs: readonly string[], attributes: Record<string, AttributeSpec> = {}): string {
    const output = `${op.toLowerCase()}${++this.#count}`;
    this.nodes.push({ op, name: output, inputs, outputs: [output], attributes });
    return output;
  }

  weights(dims: readonly number[], scale = 0.5, offset = 0): string {
    const name = `w${Object.keys(this.initializers).length}`;
    const n = dims.reduce((a, b) => a * b, 1);
    this.initializers[name] = { dims, floats: randomFloats(n, this.#next, scale).map((v) => v + offset) };
    return name;
  }

  ints(values: readonly number[]): string {
    const name = `i${Object.keys(this.initializers).length}`;
    this.initializers[name] = { dims: [values.length], ints: values };
    return name;
  }

  /** kernel x kernel convolution with bias, same size at stride 1. */
  conv(
    x: string,
    inChannels: number,
    outChannels: number,
    kernel = 3,
    options: { stride?: number; groups?: number } = {},
  ) {
    const pad = (kernel - 1) >> 1;
    const groups = options.groups ?? 1;
    const stride = options.stride ?? 1;
    return this.node(
      'Conv',
      [x, this.weights([outChannels, inChannels / groups, kernel, kernel]), this.weights([outChannels])],
      {
        pads: { ints: [pad, pad, pad, pad] },
        strides: { ints: [stride, stride] },
        group: { i: groups },
      },
    );
  }

  batchNorm(x: string, channels: number): string {
    const mean = this.weights([channels]);
    const variance = this.weights([channels], 0.4, 0.6);
    return this.node('BatchNormalization', [
      x,
      this.weights([channels], 0.3, 1),
      this.weights([channels]),
      mean,
      variance,
    ]);
  }

  maxPool(x: string, kernel = 2): string {
    return this.node('MaxPool', [x], {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [kernel, kernel] },
    });
  }

  transpose(x: string, ...perm: number[]): string {
    return this.node('Transpose', [x], { perm: { ints: perm } });
  }

  gemm(x: string, inputs: number, outputs: number): string {
    return this.node('Gemm', [x, this.weights([outputs, inputs], 0.3), this.weights([outputs])], {
      transB: { i: 1 },
    });
  }

  matMulAdd(x: string, inputs: number, outputs: number): string {
    return this.node('Add', [
      this.node('MatMul', [x, this.weights([inputs, outputs], 0.3)]),
      this.weights([outputs]),
    ]);
  }

  spec(inputs: readonly InputSpec[], outputs: readonly string[], opset = 13): ModelSpec {
    return { nodes: this.nodes, initializers: this.initializers, inputs, outputs, opset };
  }

  bytes(inputs: readonly InputSpec[], outputs: readonly string[], opset = 13): Uint8Array {
    return onnxModel(this.spec(inputs, outputs, opset));
  }
}
