import { LIMITS } from '../../../import/limits.ts';
import type { Bytes } from './bytes.ts';
import { damaged } from './damage.ts';

/** A dataspace of version 2 without any element. */
const NULL_SPACE = 2;

/** The dimensions of a dataset or an attribute; none for one element. */
export function readDataspace(bytes: Bytes, at: number): number[] {
  const version = bytes.u8(at);
  const rank = bytes.u8(at + 1);
  if ((version !== 1 && version !== 2) || rank > LIMITS.rank) throw damaged();
  if (version === 2 && bytes.u8(at + 3) === NULL_SPACE) return [0];
  const from = at + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, k) => bytes.u64(from + 8 * k));
}
