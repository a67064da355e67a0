import { type Branch, CYCLES, type Item, type Label } from './item.ts';

/** How a branch is written: B or Bcc; the opposite Bcc over a B; the same with BL, which reaches everywhere. */
export type BranchForm = 'short' | 'far' | 'farthest';

/** Literals, in the order the assembler gives them. */
export interface Pool {
  readonly values: readonly number[];
  /** Control would run into it: a branch leads around. */
  readonly jumpedOver: boolean;
}

/** Items with all that depends on where they lie. */
export interface Layout {
  readonly items: readonly Item[];
  /** Of each branch, by its index in `items`. */
  readonly forms: ReadonlyMap<number, BranchForm>;
  /** Literal pools, by the index of the item they stand before. */
  readonly pools: ReadonlyMap<number, Pool>;
  readonly bytes: number;
  readonly cycles: number;
  readonly hasLiterals: boolean;
}

/** A literal lies at most this far behind its load's address + 4, rounded down to a word (LDR literal, imm8 * 4). */
const LITERAL_REACH = 1020;
/** Bytes that a conditional and an unconditional branch reach from their own address + 4 (imm8 * 2, imm11 * 2, signed). */
const SHORT_REACH = { least: -256, most: 254 };
const FAR_REACH = { least: -2048, most: 2046 };

/**
 * Lays code out: puts literal pools where they cost least and makes the branches longer that do not reach. Longer branches move
 * the code behind them, so it begins anew until all reach; a branch never becomes shorter again, hence it ends.
 */
export function layOut(items: readonly Item[]): Layout {
  const forms = new Map<number, BranchForm>();
  items.forEach((item, i) => {
    if (item.kind === 'branch') forms.set(i, 'short');
  });
  for (;;) {
    const pools = placePools(items, forms);
    const { addresses, bytes } = addressesOf(items, forms, pools);
    if (lengthen(items, forms, addresses)) continue;
    const cycles =
      items.reduce((n, item, i) => n + item.times * cyclesOf(item, forms.get(i)), 0) +
      [...pools].reduce((n, [i, p]) => n + (p.jumpedOver ? CYCLES.branchTaken * items[i]!.times : 0), 0);
    return { items, forms, pools, bytes, cycles, hasLiterals: pools.size > 0 };
  }
}

function bytesOf(item: Item, form: BranchForm | undefined): number {
  switch (item.kind) {
    case 'instruction':
      return item.bytes;
    case 'literal':
      return 2;
    case 'call':
      return 4;
    case 'branch': {
      const around = item.condition !== undefined && form !== 'short' ? 2 : 0;
      return around + (form === 'farthest' ? 4 : 2);
    }
    default:
      return 0;
  }
}

/** Cycles of one execution. */
function cyclesOf(item: Item, form: BranchForm | undefined): number {
  switch (item.kind) {
    case 'instruction':
      return item.cycles;
    case 'literal':
      return CYCLES.memory;
    case 'call':
      return CYCLES.branchLink;
    case 'branch': {
      const jump = form === 'farthest' ? CYCLES.branchLink : CYCLES.branchTaken;
      if (item.condition === undefined) return jump;
      const [taken, not] =
        form === 'short'
          ? [CYCLES.branchTaken, CYCLES.branchNotTaken]
          : [CYCLES.branchNotTaken + jump, CYCLES.branchTaken];
      return item.taken * taken + (1 - item.taken) * not;
    }
    default:
      return 0;
  }
}

/** Control never comes to what follows this item. */
function stops(item: Item | undefined): boolean {
  return item?.kind === 'instruction' ? item.stops : item?.kind === 'branch' && item.condition === undefined;
}

/** Where a pool could stand: before which item, what it would cost, and how the walk stood there. */
interface Candidate {
  readonly index: number;
  readonly pool: Pool;
  /** It would part a conditional branch from what sets its flags, or from its target. */
  readonly closed: boolean;
  /** Executions of the branch around it. */
  readonly price: number;
}

/** True when a later place is as good as an earlier one, or better. */
function isBetter(later: Candidate, earlier: Candidate | undefined): boolean {
  if (!earlier) return true;
  return later.closed === earlier.closed ? later.price <= earlier.price : earlier.closed;
}

/**
 * One walk through the code. A pool is put down only when a literal would come out of reach, at the cheapest of the places
 * since the pool's first load: best behind a branch or a return, where control never comes; the latest of equals.
 */
function placePools(items: readonly Item[], forms: ReadonlyMap<number, BranchForm>): Map<number, Pool> {
  const pools = new Map<number, Pool>();
  let address = 0;
  /** Literals without a pool, with the address of their first load. */
  let pending = new Map<number, number>();
  let best: Candidate | undefined;
  for (let i = 0; i <= items.length; i++) {
    const dead = i === items.length || stops(items[i - 1]);
    const [from] = poolAt(address, dead, pending.size);
    const reaches = [...pending.values()].every(
      (load, k) => from + 4 * k - wordBehind(load) <= LITERAL_REACH,
    );
    if (pending.size > 0 && !reaches) {
      if (!best) throw new Error('no place for a literal pool within reach of its loads');
      pools.set(best.index, best.pool);
      // go back to the pool: what was loaded behind it needs another one
      address = addressesOf(items, forms, pools, best.index).bytes;
      i = best.index;
      pending = new Map();
      best = undefined;
    } else if (pending.size > 0) {
      const pool = { values: [...pending.keys()], jumpedOver: !dead };
      const place = { index: i, pool, price: dead ? 0 : items[i]!.times, closed: items[i]?.closed === true };
      if (isBetter(place, best)) best = place;
    }
    const item = items[i];
    if (!item) break;
    if (item.kind === 'literal' && !pending.has(item.value)) pending.set(item.value, address);
    address += bytesOf(item, forms.get(i));
  }
  if (pending.size > 0) {
    if (!stops(items.at(-1))) throw new Error('code that ends has to return');
    pools.set(items.length, { values: [...pending.keys()], jumpedOver: false });
  }
  return pools;
}

/** Where a pool of n literals begins and ends that stands at an address: behind a branch around it, at a word. */
function poolAt(address: number, dead: boolean, n: number): [from: number, to: number] {
  const from = Math.ceil((address + (dead ? 0 : 2)) / 4) * 4;
  return [from, from + 4 * n];
}

/** What LDR literal counts from. */
function wordBehind(load: number): number {
  return Math.floor((load + 4) / 4) * 4;
}

/** Address of each item up to, but without, index `end`, and the end of them all with the pool before `end`. */
function addressesOf(
  items: readonly Item[],
  forms: ReadonlyMap<number, BranchForm>,
  pools: ReadonlyMap<number, Pool>,
  end = items.length,
): { addresses: number[]; bytes: number } {
  const addresses: number[] = [];
  let address = 0;
  for (let i = 0; i <= end; i++) {
    const pool = pools.get(i);
    if (pool) [, address] = poolAt(address, !pool.jumpedOver, pool.values.length);
    if (i === end) break;
    addresses.push(address);
    address += bytesOf(items[i]!, forms.get(i));
  }
  return { addresses, bytes: address };
}

/** Gives branches that do not reach their next longer form; true when there was one. */
function lengthen(
  items: readonly Item[],
  forms: Map<number, BranchForm>,
  addresses: readonly number[],
): boolean {
  const places = new Map<Label, number>();
  items.forEach((item, i) => {
    if (item.kind !== 'label') return;
    if (places.has(item.label)) throw new Error(`label '${item.label.name}' is placed twice`);
    places.set(item.label, addresses[i]!);
  });
  let changed = false;
  items.forEach((item, i) => {
    if (item.kind !== 'branch' && item.kind !== 'call') return;
    const to = places.get(item.target);
    if (to === undefined) throw new Error(`label '${item.target.name}' is placed nowhere`);
    if (item.kind === 'call') return;
    const form = forms.get(i)!;
    const longer = longerForm(item, form, addresses[i]!, to);
    if (longer === form) return;
    forms.set(i, longer);
    changed = true;
  });
  return changed;
}

function longerForm(branch: Branch, form: BranchForm, from: number, to: number): BranchForm {
  if (form === 'farthest') return form;
  const conditional = branch.condition !== undefined;
  // the B of the far form of a conditional branch stands behind the opposite branch
  const distance = to - (from + 4 + (conditional && form === 'far' ? 2 : 0));
  const { least, most } = conditional && form === 'short' ? SHORT_REACH : FAR_REACH;
  if (distance >= least && distance <= most) return form;
  if (conditional && form === 'short') return 'far';
  if (branch.mayLink) return 'farthest';
  throw new Error(`branch to '${branch.target.name}' does not reach, and the link register is in use`);
}
