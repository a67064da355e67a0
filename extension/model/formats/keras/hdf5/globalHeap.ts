import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { damaged } from './damage.ts';

/** Bytes before the first object of a heap, and before the data of each. */
const HEAD = 16;

/** The object of a number in the global heap at an address. */
export function heapObject(bytes: Bytes, budget: Budget, address: number, index: number): Uint8Array {
  bytes.expect(address, 'GCOL\x01');
  const end = address + bytes.u64(address + 8);
  for (let at = address + HEAD; at + HEAD <= end;) {
    budget.step();
    const found = bytes.u16(at);
    const size = bytes.u64(at + 8);
    if (found === 0) break; // the free space at the end
    if (found === index) return bytes.part(at + HEAD, size);
    at += HEAD + 8 * Math.ceil(size / 8);
  }
  throw damaged();
}
