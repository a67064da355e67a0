import type { Placeholder } from '../../extension/bundle/bundle.ts';
import { type QuantizedGraph, qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { dequantize, type QuantParams, quantizeReal } from '../../extension/quantize/schemas.ts';

/** q of float inputs, by placeholder; float placeholders stay float. */
export function quantizeInputs(
  graph: QuantizedGraph,
  inputs: ReadonlyMap<string, Float32Array>,
): Map<string, Int32Array | Float32Array> {
  return new Map(
    graph.inputs.map((name): [string, Int32Array | Float32Array] => {
      const v = qvalue(graph, name);
      const x = inputs.get(name)!;
      if (v.type === 'float32') return [name, x];
      const limits = v.type === 'int8' ? { qmin: -128, qmax: 127 } : { qmin: -32768, qmax: 32767 };
      return [name, Int32Array.from(x, (r) => quantizeReal(r, v, limits))];
    }),
  );
}

/** Numbers as the bytes of a placeholder. */
export function toBytes(data: ArrayLike<number>, type: Placeholder['type']): Uint8Array {
  const typed =
    type === 'int8'
      ? Int8Array.from(data)
      : type === 'int16'
        ? Int16Array.from(data)
        : type === 'int32' || type === 'index32'
          ? Int32Array.from(data)
          : Float32Array.from(data);
  return new Uint8Array(typed.buffer);
}

/** The reverse of toBytes. */
export function fromBytes(bytes: Uint8Array, type: Placeholder['type']): number[] {
  const { buffer } = Uint8Array.from(bytes);
  return Array.from(
    type === 'int8'
      ? new Int8Array(buffer)
      : type === 'int16'
        ? new Int16Array(buffer)
        : type === 'int32' || type === 'index32'
          ? new Int32Array(buffer)
          : new Float32Array(buffer),
  );
}

/** Real numbers of a quantized value. */
export function dequantizeAll(q: ArrayLike<number>, p: QuantParams): Float32Array {
  return Float32Array.from(q, (v) => dequantize(v, p));
}
