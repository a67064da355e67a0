import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { damaged } from './damage.ts';
import { readDataspace } from './dataspace.ts';
import { type Datatype, readDatatype } from './datatype.ts';
import { heapObject } from './globalHeap.ts';
import { HDF5_LIMITS } from './limits.ts';

/** An attribute of an object; its values lie in the file from `at` on. */
export interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  readonly count: number;
  readonly at: number;
}

/** The parts of an attribute message of version 1 are padded to 8 bytes. */
function padded(size: number): number {
  return (size + 7) & ~7;
}

export function readAttribute(bytes: Bytes, at: number): Attribute {
  const version = bytes.u8(at);
  if (version < 1 || version > 3) throw damaged();
  const fit = version === 1 ? padded : (size: number) => size;
  const [nameSize, typeSize, spaceSize] = [2, 4, 6].map((k) => bytes.u16(at + k)) as [number, number, number];
  const nameAt = at + (version === 3 ? 9 : 8);
  const typeAt = nameAt + fit(nameSize);
  const spaceAt = typeAt + fit(typeSize);
  return {
    name: bytes.text(nameAt, nameSize),
    type: readDatatype(bytes, typeAt),
    count: readDataspace(bytes, spaceAt).reduce((n, d) => n * d, 1),
    at: spaceAt + fit(spaceSize),
  };
}

/** The texts of an attribute; undefined when it holds something else. */
export function textsOf(bytes: Bytes, budget: Budget, { type, count, at }: Attribute): string[] | undefined {
  if (type.kind !== 'text' && type.kind !== 'texts') return undefined;
  if (count > HDF5_LIMITS.strings) throw damaged();
  return Array.from({ length: count }, (_, k) => {
    budget.step();
    const place = at + k * type.size;
    const text = type.kind === 'text' ? bytes.part(place, type.size) : heapText(bytes, budget, place);
    budget.text(text.length);
    return untilZero(text);
  });
}

/** A text of variable length: its length, the address of a heap, its number in it. */
function heapText(bytes: Bytes, budget: Budget, at: number): Uint8Array {
  const length = bytes.u32(at);
  if (length === 0) return new Uint8Array();
  const object = heapObject(bytes, budget, bytes.u64(at + 4), bytes.u32(at + 12));
  if (length > object.length) throw damaged();
  return object.subarray(0, length);
}

function untilZero(text: Uint8Array): string {
  const end = text.indexOf(0);
  return Buffer.from(end < 0 ? text : text.subarray(0, end)).toString('utf8');
}
