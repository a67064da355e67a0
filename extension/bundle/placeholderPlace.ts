import type { ElementType, Placeholder } from './bundle.ts';
import type { StoredType, TensorPlace } from './tensorPlace.ts';

const STORED: Readonly<Record<ElementType, StoredType>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  index32: 'int32',
  float32: 'float32',
};

/** Where a placeholder lies: its elements stand one behind the other. */
export function placeholderPlace({ name, type, shape, byteOffset }: Placeholder): TensorPlace {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((n, d) => n * d, 1));
  return { value: name, memory: 'mutable', byteOffset, type: STORED[type], bias: 0, shape, strides };
}
