import type { Bytes } from './bytes.ts';

/** What the elements of a dataset or an attribute are. Numbers have `size` bytes each. */
export type Datatype =
  | { readonly kind: 'float' | 'signed' | 'unsigned'; readonly size: number; readonly bigEndian: boolean }
  /** Texts of `size` bytes, padded. */
  | { readonly kind: 'text'; readonly size: number }
  /** Texts of any length, in the global heap. */
  | { readonly kind: 'texts'; readonly size: number }
  | { readonly kind: 'other'; readonly size: number };

/** Classes of datatypes (HDF5 File Format Specification, IV.A.2.d). */
const FIXED = 0;
const FLOAT = 1;
const STRING = 3;
const VARIABLE = 9;
/** The type of a variable-length datatype that is a text, no list. */
const VARIABLE_STRING = 1;

/** Bytes of mantissa and exponent of IEEE numbers, by their size: places and sizes as the message has them. */
const IEEE: Readonly<Record<number, readonly number[]>> = {
  2: [10, 5, 0, 10],
  4: [23, 8, 0, 23],
  8: [52, 11, 0, 52],
};

export function readDatatype(bytes: Bytes, at: number): Datatype {
  const kind = bytes.u8(at) & 15;
  const flags = bytes.u8(at + 1);
  const size = bytes.u32(at + 4);
  const bigEndian = (flags & 1) !== 0;
  if (kind === FLOAT && IEEE[size]?.every((value, k) => bytes.u8(at + 12 + k) === value)) {
    return { kind: 'float', size, bigEndian };
  }
  if (kind === FIXED && [1, 2, 4, 8].includes(size)) {
    return { kind: flags & 8 ? 'signed' : 'unsigned', size, bigEndian };
  }
  if (kind === STRING) return { kind: 'text', size };
  if (kind === VARIABLE && (flags & 15) === VARIABLE_STRING) return { kind: 'texts', size };
  return { kind: 'other', size };
}
