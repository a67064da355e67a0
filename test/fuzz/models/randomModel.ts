import type { AttributeSpec, InputSpec, ModelSpec, NodeSpec, TensorSpec } from '../../model/onnxBuilder.ts';
import type { Random } from '../../support/random.ts';
import { type Flow, type Maker, ON_MAPS, ON_ROWS } from './randomOperators.ts';

/** Largest side of a map and most channels: small, so that many models are tried. */
const MOST_SIDE = 9;
const MOST_CHANNELS = 6;
/** Functions that are defined everywhere. */
const FUNCTIONS = ['Abs', 'Elu', 'Erf', 'HardSigmoid', 'HardSwish', 'Neg', 'Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Tanh']; // prettier-ignore

/**
 * A random ONNX model, valid as far as its shapes go: a chain of up to ten operators with branches, its attributes in all the
 * forms that exporters write.
 */
export function randomModel(random: Random): ModelSpec {
  return new ModelMaker(random).model();
}

class ModelMaker {
  readonly #random: Random;
  readonly #nodes: NodeSpec[] = [];
  readonly #initializers: Record<string, TensorSpec> = {};
  readonly #flows: Flow[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  model(): ModelSpec {
    const r = this.#random;
    const shape = r.bool(0.8)
      ? [1, r.int(1, MOST_CHANNELS), r.int(1, MOST_SIDE), r.int(1, MOST_SIDE)]
      : [1, r.int(1, 30)];
    const input: InputSpec = { name: 'x', shape: r.bool(0.2) ? ['N', ...shape.slice(1)] : shape };
    this.#flows.push({ name: 'x', shape });
    for (let n = r.int(1, 10); n > 0; n--)
      this.#grow(r.bool(0.8) ? this.#flows.at(-1)! : r.pick(this.#flows));
    const outputs = [this.#flows.at(-1)!.name];
    const second = r.pick(this.#flows).name;
    if (r.bool(0.2) && second !== 'x' && second !== outputs[0]) outputs.push(second);
    return {
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: [input],
      outputs,
      opset: 17, // the last in which axes of a reduction are an attribute
    };
  }

  #grow(x: Flow): void {
    const r = this.#random;
    const isMap = x.shape.length === 4;
    if (r.bool(0.3)) {
      const grown = r.pick(isMap ? ON_MAPS : ON_ROWS)(this.#maker(), x);
      if (!grown) return this.#elementwise(x);
      this.#flows.push(grown);
    } else if (isMap) this.#onMap(x);
    else this.#onRow(x);
  }

  #onMap(x: Flow): void {
    const r = this.#random;
    const [, c, h, w] = x.shape as [number, number, number, number];
    switch (r.int(0, 12)) {
      case 0:
      case 1:
        return this.#conv(x, c, h, w);
      case 2:
        return this.#batchNorm(x, c);
      case 3:
      case 4:
        return this.#pool(x, h, w);
      case 5:
        return this.#node(r.pick(['GlobalAveragePool', 'GlobalMaxPool']), [x.name], [1, c, 1, 1]);
      case 6:
        return this.#pad(x);
      case 7: {
        const perm = r.pick([
          [0, 2, 3, 1],
          [0, 3, 1, 2],
          [0, 1, 3, 2],
          [0, 2, 1, 3],
        ]);
        return this.#node(
          'Transpose',
          [x.name],
          perm.map((k) => x.shape[k]!),
          { perm: { ints: perm } },
        );
      }
      case 8: {
        const n = c * h * w;
        if (r.bool()) return this.#node('Flatten', [x.name], [1, n], r.bool() ? { axis: { i: 1 } } : {});
        return this.#node('Reshape', [x.name, this.#ints(r.pick([[1, n], [0, -1], [1, -1]]))], [1, n]); // prettier-ignore
      }
      case 9: {
        const axes = r.bool(0.7) ? [2, 3] : [-1];
        const shape = axes.length === 2 ? [1, c, 1, 1] : [1, c, h, 1];
        const op = r.pick(['ReduceMean', 'ReduceMax']);
        return this.#node(op, [x.name], shape, { axes: { ints: axes }, keepdims: { i: 1 } });
      }
      default:
        return this.#elementwise(x);
    }
  }

  #onRow(x: Flow): void {
    const r = this.#random;
    const n = x.shape[1]!;
    const out = r.int(1, 12);
    switch (r.int(0, 4)) {
      case 0:
        return r.bool()
          ? this.#node('Gemm', [x.name, this.#floats([out, n]), this.#floats([out])], [1, out], {
              transB: { i: 1 },
            })
          : this.#node('Gemm', [x.name, this.#floats([n, out])], [1, out], { alpha: { f: 0.5 } });
      case 1:
        return this.#node('MatMul', [x.name, this.#floats([n, out])], [1, out]);
      case 2:
        return this.#node('Softmax', [x.name], x.shape, { axis: { i: r.pick([1, -1]) } });
      case 3: {
        const [h, w] = [r.int(1, 4), r.int(1, 4)];
        if (n % (h * w) !== 0) return this.#elementwise(x);
        const shape = [1, n / (h * w), h, w];
        return this.#node('Reshape', [x.name, this.#ints(shape)], shape);
      }
      default:
        return this.#elementwise(x);
    }
  }

  #conv(x: Flow, c: number, h: number, w: number): void {
    const r = this.#random;
    const groups = r.pick([1, 1, c, c % 2 === 0 ? 2 : 1]);
    const out = groups * r.int(1, Math.max(1, MOST_CHANNELS / groups));
    const kernel = [r.int(1, 3), r.int(1, 3)];
    const dilations = [r.pick([1, 1, 2]), r.pick([1, 1, 2])];
    const spatial = this.#window([h, w], kernel, dilations, 2);
    if (!spatial) return this.#elementwise(x);
    const weights = this.#floats([out, c / groups, ...kernel]);
    this.#node(
      'Conv',
      [x.name, weights, ...(r.bool(0.7) ? [this.#floats([out])] : [])],
      [1, out, ...spatial.out],
      {
        ...spatial.attributes,
        dilations: { ints: dilations },
        group: { i: groups },
      },
    );
  }

  #pool(x: Flow, h: number, w: number): void {
    const r = this.#random;
    const kernel = [r.int(1, 3), r.int(1, 3)];
    const spatial = this.#window([h, w], kernel, [1, 1], 0);
    if (!spatial) return this.#elementwise(x);
    const op = r.pick(['MaxPool', 'AveragePool']);
    const attributes = { ...spatial.attributes, kernel_shape: { ints: kernel } };
    this.#node(op, [x.name], [1, x.shape[1]!, ...spatial.out], {
      ...attributes,
      ...(op === 'AveragePool' && r.bool() ? { count_include_pad: { i: 1 } } : {}),
    });
  }

  /** Strides and padding of a window, in one of the forms that ONNX has. @param most padding beyond the kernel */
  #window(
    size: readonly number[],
    kernel: readonly number[],
    dilations: readonly number[],
    most: number,
  ): { attributes: Record<string, AttributeSpec>; out: number[] } | undefined {
    const r = this.#random;
    const strides = [r.int(1, 2), r.int(1, 2)];
    const span = kernel.map((k, i) => (k - 1) * dilations[i]! + 1);
    if (r.bool(0.2) && dilations.every((d) => d === 1)) {
      return {
        attributes: { strides: { ints: strides }, auto_pad: { s: r.pick(['SAME_UPPER', 'SAME_LOWER']) } },
        out: size.map((n, i) => Math.ceil(n / strides[i]!)),
      };
    }
    const pad = (i: number): number => (r.bool() ? 0 : r.int(0, Math.max(most, kernel[i]! - 1)));
    const pads = [pad(0), pad(1), pad(0), pad(1)];
    const out = size.map((n, i) => Math.floor((n + pads[i]! + pads[i + 2]! - span[i]!) / strides[i]!) + 1);
    if (out.some((n) => n < 1)) return undefined;
    return { attributes: { strides: { ints: strides }, pads: { ints: pads } }, out };
  }

  #batchNorm(x: Flow, c: number): void {
    const variance = this.#floats([c], 0.2, 2);
    const inputs = [x.name, this.#floats([c]), this.#floats([c]), this.#floats([c]), variance];
    this.#node('BatchNormalization', inputs, x.shape, { epsilon: { f: 1e-5 } });
  }

  #pad(x: Flow): void {
    const r = this.#random;
    const pads = x.shape.map((_, k) => (k < 2 ? 0 : r.int(0, 2)));
    const ends = x.shape.map((_, k) => (k === 0 ? 0 : r.int(0, 1)));
    const name = this.#constant([], [r.pick([0, 0, 1, -1, 0.5])]);
    const shape = x.shape.map((d, k) => d + pads[k]! + ends[k]!);
    this.#node('Pad', [x.name, this.#ints([...pads, ...ends]), name], shape, { mode: { s: 'constant' } });
  }

  #elementwise(x: Flow): void {
    const r = this.#random;
    switch (r.int(0, 11)) {
      case 0:
        return this.#node('Relu', [x.name], x.shape);
      case 1:
        return this.#node('LeakyRelu', [x.name], x.shape, { alpha: { f: r.pick([0.01, 0.1, 1, 0]) } });
      case 2:
        return this.#node(r.pick(FUNCTIONS), [x.name], x.shape);
      case 3: {
        const min = r.real(-2, 0);
        const bounds = [this.#constant([], [min]), this.#constant([], [r.real(min, 3)])];
        return this.#node('Clip', [x.name, ...bounds], x.shape);
      }
      case 4:
      case 5:
      case 6: {
        const shape = r.pick([[], [1], x.shape, x.shape.map((d, k) => (k === 1 ? d : 1))]);
        const away = r.bool();
        const other = this.#floats(shape, away ? 0.5 : -2, away ? 2 : -0.5);
        const op = r.pick(['Add', 'Sub', 'Mul', 'Div']);
        const swapped = r.bool(0.3) && op !== 'Div';
        return this.#node(op, swapped ? [other, x.name] : [x.name, other], x.shape);
      }
      case 7: {
        const same = this.#flows.filter((f) => f.shape.join() === x.shape.join());
        return this.#node(r.pick(['Add', 'Mul', 'Sub', 'Sum']), [x.name, r.pick(same).name], x.shape);
      }
      case 8: {
        const axis = r.int(1, x.shape.length - 1);
        const fits = this.#flows.filter(
          (f) => f.shape.length === x.shape.length && f.shape.every((d, k) => k === axis || d === x.shape[k]),
        );
        const other = r.pick(fits);
        const shape = x.shape.map((d, k) => (k === axis ? d + other.shape[k]! : d));
        const written = r.bool() ? axis : axis - x.shape.length;
        return this.#node('Concat', [x.name, other.name], shape, { axis: { i: written } });
      }
      case 9:
        return this.#node(r.pick(['Identity', 'Dropout']), [x.name], x.shape);
      case 10: {
        const longer = [1, ...x.shape];
        this.#node('Unsqueeze', [x.name, this.#ints([0])], longer);
        return this.#node('Squeeze', [this.#flows.pop()!.name, this.#ints([0])], x.shape);
      }
      default:
        return this.#node('Cast', [x.name], x.shape, { to: { i: 1 } });
    }
  }

  #maker(): Maker {
    return {
      random: this.#random,
      floats: (dims, min, max) => this.#floats(dims, min, max),
      ints: (ints) => this.#ints(ints),
      node: (op, inputs, shape, attributes = {}, outputs = ['']) => {
        const name = `${op}_${this.#nodes.length}`;
        const named = outputs.map((output) =>
          output === '' ? name : output === '-' ? '' : `${name}_${output}`,
        );
        this.#nodes.push({ op, name, inputs, outputs: named, attributes });
        return { name, shape };
      },
    };
  }

  #node(
    op: string,
    inputs: readonly string[],
    shape: readonly number[],
    attributes: Record<string, AttributeSpec> = {},
  ): void {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ op, name, inputs, outputs: [name], attributes });
    this.#flows.push({ name, shape });
  }

  #floats(dims: readonly number[], min = -1, max = 1): string {
    const n = dims.reduce((a, b) => a * b, 1);
    return this.#constant(dims, this.#random.floats(n, min, max));
  }

  #constant(dims: readonly number[], floats: ArrayLike<number>): string {
    return this.#initializer({ dims, floats, raw: this.#random.bool(0.8) });
  }

  #ints(ints: readonly number[]): string {
    return this.#initializer({ dims: [ints.length], ints, raw: this.#random.bool(0.8) });
  }

  #initializer(tensor: TensorSpec): string {
    const name = `constant_${Object.keys(this.#initializers).length}`;
    this.#initializers[name] = tensor;
    return name;
  }
}
