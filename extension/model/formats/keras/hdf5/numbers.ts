import { float16 } from '../../../../common/float16.ts';
import { say } from '../../../../common/errors/sentence.ts';
import { unread } from './damage.ts';
import type { Datatype } from './datatype.ts';

type Read = (view: DataView, at: number, little: boolean) => number;

/** How numbers are read, by their kind and their bytes. */
const READERS: Readonly<Record<string, Read>> = {
  float2: (view, at, little) => float16(view.getUint16(at, little)),
  float4: (view, at, little) => view.getFloat32(at, little),
  float8: (view, at, little) => view.getFloat64(at, little),
  signed1: (view, at) => view.getInt8(at),
  signed2: (view, at, little) => view.getInt16(at, little),
  signed4: (view, at, little) => view.getInt32(at, little),
  signed8: (view, at, little) => Number(view.getBigInt64(at, little)),
  unsigned1: (view, at) => view.getUint8(at),
  unsigned2: (view, at, little) => view.getUint16(at, little),
  unsigned4: (view, at, little) => view.getUint32(at, little),
  unsigned8: (view, at, little) => Number(view.getBigUint64(at, little)),
};

/** Elements of a dataset as float32, whatever type of numbers they are. */
export function toFloats(raw: Uint8Array, count: number, type: Datatype): Float32Array {
  const read = READERS[`${type.kind}${type.size}`];
  if (!read || !('bigEndian' in type))
    throw unread(say`has weights of a type that is no number of 8 to 64 bits`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = read(view, i * type.size, !type.bigEndian);
  return out;
}
