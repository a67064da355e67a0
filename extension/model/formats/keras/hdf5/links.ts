import { say } from '../../../../common/errors/sentence.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { damaged, unread } from './damage.ts';
import { HDF5_LIMITS } from './limits.ts';
import { MESSAGE, type Message } from './objectHeader.ts';

/** Addresses of the objects in a group, by their names. Links to other files and other names are left out. */
export type Links = ReadonlyMap<string, number>;

/** What a group holds, of its header's messages; empty for an object that is no group. */
export function readLinks(bytes: Bytes, budget: Budget, messages: readonly Message[]): Links {
  const links = new Map<string, number>();
  for (const { type, at } of messages) {
    if (type === MESSAGE.symbolTable) readSymbols(bytes, budget, bytes.u64(at), bytes.u64(at + 8), links);
    else if (type === MESSAGE.link) readLink(bytes, budget, at, links);
    else if (type === MESSAGE.linkInfo) refuseDense(bytes, at);
  }
  return links;
}

/** Bytes of an entry of a symbol table. */
const ENTRY = 40;

/** A group of the old kind: a tree of symbol tables, with the names in a heap of its own. */
function readSymbols(
  bytes: Bytes,
  budget: Budget,
  tree: number,
  heap: number,
  into: Map<string, number>,
): void {
  bytes.expect(heap, 'HEAP\0');
  const names = bytes.u64(heap + 24);
  for (const leaf of treeLeaves(bytes, budget, tree)) {
    bytes.expect(leaf, 'SNOD\x01');
    const count = bytes.u16(leaf + 6);
    for (let k = 0; k < count; k++) {
      budget.step();
      const at = leaf + 8 + k * ENTRY;
      const address = bytes.address(at + 8);
      const name = bytes.text(names + bytes.u64(at), HDF5_LIMITS.nameBytes);
      budget.text(name.length);
      if (address !== undefined) into.set(name, address);
    }
  }
}

/** The addresses below the lowest nodes of a group's tree. */
function treeLeaves(bytes: Bytes, budget: Budget, root: number): number[] {
  const leaves: number[] = [];
  const nodes = [root];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    bytes.expect(node, 'TREE\0');
    const level = bytes.u8(node + 5);
    const count = bytes.u16(node + 6);
    for (let k = 0; k < count; k++) {
      budget.step();
      (level === 0 ? leaves : nodes).push(bytes.u64(node + 32 + 16 * k));
    }
  }
  return leaves;
}

/** A group of the new kind has a message for each link. */
function readLink(bytes: Bytes, budget: Budget, at: number, into: Map<string, number>): void {
  if (bytes.u8(at) !== 1) throw damaged();
  const flags = bytes.u8(at + 1);
  let next = at + 2;
  const kind = flags & 8 ? bytes.u8(next++) : 0;
  if (flags & 4) next += 8; // the order it was made in
  if (flags & 16) next += 1; // its name's character set
  const sizeBytes = 1 << (flags & 3);
  const size = bytes.unsigned(next, sizeBytes);
  next += sizeBytes;
  if (size > HDF5_LIMITS.nameBytes) throw damaged();
  budget.text(size);
  const name = Buffer.from(bytes.part(next, size)).toString('utf8');
  if (kind === 0) into.set(name, bytes.u64(next + size));
}

/** A group of the new kind with many links keeps them in a heap and a tree of other kinds. */
function refuseDense(bytes: Bytes, at: number): void {
  const heap = bytes.address(at + (bytes.u8(at + 1) & 1 ? 10 : 2));
  if (heap !== undefined) throw unread(say`keeps its groups in the way of libver='latest'`);
}
