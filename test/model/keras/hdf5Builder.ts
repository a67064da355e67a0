/** Builds HDF5 files as the library writes them by default: superblock 0, groups of symbol tables, datasets in one piece. */

/** Numbers of a dataset, little-endian. */
export interface DatasetSpec {
  readonly shape: readonly number[];
  readonly data: readonly number[] | Float32Array;
  readonly type?: 'float16' | 'float32' | 'float64' | 'int32';
}

export interface GroupSpec {
  /** One text, which lies in the global heap as Keras has it, or a list of texts of one size. */
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly children?: Readonly<Record<string, GroupSpec | DatasetSpec>>;
}

const UNDEFINED = 0xffff_ffff_ffff_ffffn;

/** The file of a root group. */
export function hdf5File(root: GroupSpec): Buffer {
  const file = new Writer(96);
  const address = group(file, root);
  const superblock = Buffer.concat([
    Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'),
    Buffer.from([0, 0, 0, 0, 0, 8, 8, 0]),
    u16(512),
    u16(16),
    u32(0),
    u64(0),
    u64(UNDEFINED),
    u64(file.length),
    u64(UNDEFINED),
    u64(0),
    u64(address),
    Buffer.alloc(24),
  ]);
  return Buffer.concat([superblock, ...file.parts]);
}

/** Parts of a file one behind the other, each at a multiple of 8. */
class Writer {
  readonly parts: Buffer[] = [];
  length: number;

  constructor(start: number) {
    this.length = start;
  }

  add(part: Buffer): number {
    const address = this.length;
    const padded = pad8(part);
    this.parts.push(padded);
    this.length += padded.length;
    return address;
  }
}

function group(file: Writer, spec: GroupSpec): number {
  const children = Object.entries(spec.children ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = [Buffer.alloc(8), ...children.map(([name]) => pad8(Buffer.from(`${name}\0`)))];
  const entries = children.map(([, child]) => ('shape' in child ? dataset(file, child) : group(file, child)));
  let offset = 8;
  const symbols = entries.map((address, k) => {
    const entry = Buffer.concat([u64(offset), u64(address), Buffer.alloc(24)]);
    offset += names[k + 1]!.length;
    return entry;
  });
  const data = file.add(Buffer.concat(names));
  const heap = file.add(Buffer.concat([Buffer.from('HEAP\0\0\0\0'), u64(offset), u64(UNDEFINED), u64(data)]));
  const leaf = file.add(Buffer.concat([Buffer.from('SNOD\x01\0'), u16(symbols.length), ...symbols]));
  const tree = file.add(
    Buffer.concat([
      Buffer.from('TREE\0\0'),
      u16(1),
      u64(UNDEFINED),
      u64(UNDEFINED),
      u64(0),
      u64(leaf),
      u64(0),
    ]),
  );
  return file.add(
    header([
      [0x11, Buffer.concat([u64(tree), u64(heap)])],
      ...Object.entries(spec.attributes ?? {}).map(
        ([name, value]) => [0x0c, attribute(file, name, value)] as const,
      ),
    ]),
  );
}

function dataset(file: Writer, { shape, data, type = 'float32' }: DatasetSpec): number {
  const { size, message, write } = TYPES[type];
  const raw = Buffer.alloc(data.length * size);
  for (const [i, value] of data.entries()) write(raw, value, i * size);
  const address = file.add(raw);
  return file.add(
    header([
      [0x01, dataspace(shape)],
      [0x03, message],
      [0x08, Buffer.concat([Buffer.from([3, 1]), u64(address), u64(raw.length)])],
    ]),
  );
}

function float(size: number, places: readonly number[], bias: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x11, 0x20, size * 8 - 1, 0]),
    u32(size),
    u16(0),
    u16(size * 8),
    Buffer.from(places),
    u32(bias),
  ]);
}

const TYPES = {
  float16: {
    size: 2,
    message: float(2, [10, 5, 0, 10], 15),
    write: (to: Buffer, v: number, at: number) => to.writeUInt16LE(half(v), at),
  },
  float32: {
    size: 4,
    message: float(4, [23, 8, 0, 23], 127),
    write: (to: Buffer, v: number, at: number) => to.writeFloatLE(v, at),
  },
  float64: {
    size: 8,
    message: float(8, [52, 11, 0, 52], 1023),
    write: (to: Buffer, v: number, at: number) => to.writeDoubleLE(v, at),
  },
  int32: {
    size: 4,
    message: Buffer.concat([Buffer.from([0x10, 0x08, 0, 0]), u32(4), u16(0), u16(32)]),
    write: (to: Buffer, v: number, at: number) => to.writeInt32LE(v, at),
  },
} as const;

/** The bits of a binary16 that is exact and normal. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round(fraction);
}

function header(messages: readonly (readonly [type: number, data: Buffer])[]): Buffer {
  const blocks = messages.map(([type, data]) => {
    const padded = pad8(data);
    return Buffer.concat([u16(type), u16(padded.length), Buffer.alloc(4), padded]);
  });
  const all = Buffer.concat(blocks);
  return Buffer.concat([Buffer.from([1, 0]), u16(messages.length), u32(1), u32(all.length), u32(0), all]);
}

function dataspace(shape: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from([1, shape.length, 0, 0, 0, 0, 0, 0]), ...shape.map(u64)]);
}

function attribute(file: Writer, name: string, value: string | readonly string[]): Buffer {
  const { type, data } = typeof value === 'string' ? variable(file, value) : fixed(value);
  const label = Buffer.from(`${name}\0`);
  const space = dataspace(typeof value === 'string' ? [] : [value.length]);
  const sizes = [label, type, space].map((part) => u16(part.length));
  return Buffer.concat([Buffer.from([1, 0]), ...sizes, pad8(label), pad8(type), pad8(space), data]);
}

function fixed(list: readonly string[]): { type: Buffer; data: Buffer } {
  const texts = list.map((text) => Buffer.from(text));
  const size = texts.reduce((most, text) => Math.max(most, text.length), 1);
  return {
    type: Buffer.concat([Buffer.from([0x13, 1, 0, 0]), u32(size)]),
    data: Buffer.concat(texts.map((t) => Buffer.concat([t, Buffer.alloc(size - t.length)]))),
  };
}

function variable(file: Writer, value: string): { type: Buffer; data: Buffer } {
  const text = Buffer.from(value);
  const object = Buffer.concat([u16(1), u16(1), u32(0), u64(text.length), pad8(text)]);
  const heap = file.add(Buffer.concat([Buffer.from('GCOL\x01\0\0\0'), u64(16 + object.length), object]));
  return {
    type: Buffer.concat([Buffer.from([0x19, 1, 1, 0]), u32(16), Buffer.from([0x13, 0, 0, 0]), u32(1)]),
    data: Buffer.concat([u32(text.length), u64(heap), u32(1)]),
  };
}

function pad8(part: Buffer): Buffer {
  return Buffer.concat([part, Buffer.alloc((8 - (part.length % 8)) % 8)]);
}

function u16(value: number): Buffer {
  const to = Buffer.alloc(2);
  to.writeUInt16LE(value);
  return to;
}

function u32(value: number): Buffer {
  const to = Buffer.alloc(4);
  to.writeUInt32LE(value);
  return to;
}

function u64(value: number | bigint): Buffer {
  const to = Buffer.alloc(8);
  to.writeBigUInt64LE(BigInt(value));
  return to;
}
