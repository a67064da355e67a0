import type { Random } from '../../support/random.ts';

/** Numbers at the edges of types and limits. */
const EDGES = [
  ...[
    0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 100, 127, 128, 255, 256, 257, 1023, 1024, 4095, 4096,
  ],
  ...[
    4097,
    32767,
    32768,
    65535,
    65536,
    65537,
    2 ** 24 - 1,
    2 ** 24,
    2 ** 24 + 1,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 1,
  ],
];

/** Longest text that repeating makes: what takes quadratic time shows, what takes linear time does not. */
const LONGEST = 1 << 20;
/** How often a part is repeated that far. */
const BLOW_UP = 0.004;

/** What mutations of one format know of it. */
export interface Material {
  /** Other valid inputs, to take parts from. */
  readonly corpus: readonly Uint8Array[];
  /** Words of the format. */
  readonly tokens?: readonly string[];
}

/** An edge of the number types, or one beside it. */
export function edge(random: Random): number {
  return random.pick(EDGES) + (random.bool(0.2) ? random.int(-1, 1) : 0);
}

/** One of the valid inputs, changed in a few places; now and then not at all. */
export function mutated(random: Random, material: Material): Uint8Array {
  let bytes = random.pick(material.corpus);
  if (random.bool(0.01)) return bytes;
  if (random.bool(BLOW_UP)) bytes = blownUp(random, bytes);
  for (let n = random.pick([1, 1, 1, 2, 2, 3, 5, 8]); n > 0; n--) bytes = changed(random, bytes, material);
  return bytes;
}

/** A short part, repeated up to a megabyte. */
function blownUp(random: Random, bytes: Uint8Array): Uint8Array {
  const [from, to] = part(random, bytes, 24);
  if (to === from) return bytes;
  const times = Math.floor(random.int(1 << 14, LONGEST) / (to - from));
  const long = new Uint8Array((to - from) * times);
  for (let i = 0; i < times; i++) long.set(bytes.subarray(from, to), i * (to - from));
  return joined(bytes.subarray(0, to), long, bytes.subarray(to));
}

/** Bytes with one change. */
function changed(random: Random, bytes: Uint8Array, { corpus, tokens }: Material): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.int(0, 255));
  const [from, to] = part(random, bytes, 64);
  const before = bytes.subarray(0, from);
  const after = bytes.subarray(to);
  const kind = random.int(0, tokens ? 14 : 11);
  switch (kind) {
    case 0: // a bit
      return joined(
        bytes.subarray(0, from),
        Uint8Array.of(bytes[from]! ^ (1 << random.int(0, 7))),
        bytes.subarray(from + 1),
      );
    case 1: // a byte
      return joined(
        before,
        Uint8Array.of(random.pick([0, 1, 10, 13, 27, 34, 127, 128, 255, random.int(0, 255)])),
        bytes.subarray(from + 1),
      );
    case 2:
      return joined(before, after);
    case 3: // inserted
      return joined(
        before,
        Uint8Array.from({ length: random.int(1, 16) }, () => random.int(0, 255)),
        bytes.subarray(from),
      );
    case 4: // doubled, or many times
      return joined(
        bytes.subarray(0, to),
        ...new Array<Uint8Array>(random.pick([1, 1, 1, 2, 50])).fill(bytes.subarray(from, to)),
        after,
      );
    case 5: {
      const other = random.pick(corpus);
      const [start, end] = part(random, other, 256);
      return joined(before, other.subarray(start, end), random.bool() ? after : bytes.subarray(from));
    }
    case 6:
      return bytes.subarray(0, from);
    case 7:
    case 8:
      return withNumber(random, bytes, from);
    case 9: // moved
      return joined(before, after.subarray(0, 16), bytes.subarray(from, to), after.subarray(16));
    case 10: // filled
      return joined(before, new Uint8Array(to - from).fill(random.pick([0, 32, 255])), after);
    case 11:
      return withDecimal(random, bytes);
    case 12:
    case 13:
      return joined(before, Buffer.from(random.pick(tokens!)), bytes.subarray(random.bool() ? from : to));
    default:
      return withLinesMoved(random, bytes);
  }
}

function part(random: Random, bytes: Uint8Array, most: number): [from: number, to: number] {
  const from = random.int(0, Math.max(0, bytes.length - 1));
  return [from, Math.min(bytes.length, from + random.int(1, random.bool() ? 4 : most))];
}

/** Two or four bytes overwritten by an edge, in either order. */
function withNumber(random: Random, bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const value = edge(random);
  const size = random.pick([2, 4]);
  if (at + size > copy.length) return copy;
  const clipped = size === 2 ? value & 0xffff : value >>> 0;
  if (random.bool()) copy.writeUIntLE(clipped, at, size);
  else copy.writeUIntBE(clipped, at, size);
  return copy;
}

/** A number in digits replaced by another. */
function withDecimal(random: Random, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const numbers = [...text.slice(0, 1 << 16).matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: digits } = random.pick(numbers);
  const other = random.pick([
    String(edge(random)),
    `-${edge(random)}`,
    `${random.int(0, 99)}.5e${random.pick([-400, -46, -30, 30, 39, 400])}`,
    '9'.repeat(random.pick([1, 10, 16, 20, 400])),
    'nan',
    '',
  ]);
  return Buffer.from(text.slice(0, index) + other + text.slice(index + digits.length), 'latin1');
}

/** A few lines in another order, or with other endings. */
function withLinesMoved(random: Random, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.split('\n');
  const [i, j] = [random.int(0, lines.length - 1), random.int(0, lines.length - 1)];
  [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  return Buffer.from(lines.join(random.pick(['\n', '\n', '\r\n', '\r'])), 'latin1');
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
