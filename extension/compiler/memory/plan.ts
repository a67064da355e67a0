/** A buffer of the activations arena: bytes, and the first and last step that use it. */
export interface BufferRequest {
  readonly name: string;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Byte offset of each buffer. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly bytes: number;
}

/** Random orders tried beyond the two good ones, fewer where one takes long; the plan is the same every time. */
const TRIES = 200;
/** Pairs of buffers looked at in all tries together: about a second. */
const MOST_PAIRS = 2e7;

/**
 * Places buffers in one arena so that buffers alive at the same time never overlap.
 *
 * Places one buffer after the other at the lowest gap that fits, in several orders (by size, by area, then seeded shuffles),
 * and keeps the smallest arena.
 *
 * @param alignment of every offset, in bytes
 * @param fixed byte offsets of buffers that are placed already (and may overlap one another, on purpose)
 */
export function planMemory(
  requests: readonly BufferRequest[],
  alignment: number,
  fixed: ReadonlyMap<string, number> = new Map(),
): MemoryPlan {
  const aligned = requests.map((r) => ({ ...r, bytes: alignUp(r.bytes, alignment) }));
  const free = aligned.filter((r) => !fixed.has(r.name));
  const pinned = aligned
    .filter((r) => fixed.has(r.name))
    .map((r) => ({ from: fixed.get(r.name)!, to: fixed.get(r.name)! + r.bytes, r }));
  return plan(free, pinned);
}

/** The next multiple of an alignment. */
export function alignUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

interface Placed {
  readonly from: number;
  readonly to: number;
  readonly r: BufferRequest;
}

function plan(requests: readonly BufferRequest[], pinned: readonly Placed[]): MemoryPlan {
  const bound = lowerBound(requests, 1); // aligned already
  const bySize = [...requests].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  const byTime = [...requests].sort((a, b) => a.first - b.first || b.bytes - a.bytes);
  let best = place(bySize, pinned);
  const other = place(byTime, pinned);
  if (other.bytes < best.bytes) best = other;
  const random = generator(1);
  const tries = Math.min(TRIES, Math.floor(MOST_PAIRS / requests.length ** 2));
  for (let i = 0; i < tries && best.bytes > bound; i++) {
    const order = [...requests];
    for (let k = order.length - 1; k > 0; k--) {
      const j = Math.floor(random() * (k + 1));
      [order[k], order[j]] = [order[j]!, order[k]!];
    }
    const next = place(order, pinned);
    if (next.bytes < best.bytes) best = next;
  }
  return best;
}

/** No plan can be smaller than what is alive at once in the busiest step. */
export function lowerBound(requests: readonly BufferRequest[], alignment: number): number {
  const changes = new Map<number, number>(); // of the bytes alive, by step
  const change = (step: number, bytes: number): void => {
    changes.set(step, (changes.get(step) ?? 0) + bytes);
  };
  for (const r of requests) {
    const bytes = alignUp(r.bytes, alignment);
    change(r.first, bytes);
    change(r.last + 1, -bytes);
  }
  let alive = 0;
  let most = 0;
  for (const [, bytes] of [...changes].sort(([a], [b]) => a - b)) {
    alive += bytes;
    most = Math.max(most, alive);
  }
  return most;
}

function place(order: readonly BufferRequest[], pinned: readonly Placed[]): MemoryPlan {
  const offsets = new Map(pinned.map((p) => [p.r.name, p.from]));
  const placed = [...pinned];
  let bytes = pinned.reduce((n, p) => Math.max(n, p.to), 0);
  for (const r of order) {
    const busy = placed
      .filter((p) => p.r.first <= r.last && r.first <= p.r.last)
      .sort((a, b) => a.from - b.from);
    let at = 0;
    for (const b of busy) {
      if (b.from - at >= r.bytes) break;
      at = Math.max(at, b.to);
    }
    const to = at + r.bytes;
    placed.push({ from: at, to, r });
    offsets.set(r.name, at);
    bytes = Math.max(bytes, to);
  }
  return { offsets, bytes };
}

/** A small deterministic random generator (mulberry32), so that two runs give the same plan. */
function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
