/** What tests of Keras have in common that write a network a second time, in ONNX. */
import type { NodeSpec, TensorSpec } from '../onnxBuilder.ts';
import { randomFloats } from '../oracle.ts';
import type { DatasetSpec } from './hdf5Builder.ts';

export type Weights = DatasetSpec & { readonly data: Float32Array };

/** Weights of any shape. @param next random numbers */
export function weightsOf(next: () => number): (...shape: number[]) => Weights {
  return (...shape) => ({
    shape,
    data: randomFloats(
      shape.reduce((n, d) => n * d, 1),
      next,
    ),
  });
}

/** Variances and the like. */
export function positive({ shape, data }: Weights): Weights {
  return { shape, data: data.map((v) => Math.abs(v) + 0.1) };
}

/** The weights as ONNX has them, their axes taken in another order. */
export function permuted(
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  perm: readonly number[],
): TensorSpec {
  const step = shape.map((_, k) => shape.slice(k + 1).reduce((n, d) => n * d, 1));
  const dims = perm.map((k) => shape[k]!);
  const floats = Array.from({ length: data.length }, (_, i) => {
    let rest = i;
    let at = 0;
    for (let k = dims.length - 1; k >= 0; k--) {
      at += (rest % dims[k]!) * step[perm[k]!]!;
      rest = Math.floor(rest / dims[k]!);
    }
    return data[at]!;
  });
  return { dims, floats };
}

export function tensor({ shape, data }: DatasetSpec): TensorSpec {
  return { dims: shape, floats: data };
}

/** A node of one output. */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NodeSpec['attributes'] = {},
): NodeSpec {
  return { op, inputs, outputs: [output], attributes };
}
