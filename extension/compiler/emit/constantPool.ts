/** The constant memory of a bundle (NAME.weights.bin), filled layer by layer; equal data is stored once. */
export class ConstantPool {
  readonly #chunks: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #size = 0;

  /** Appends numbers as little-endian integers and returns their byte offset. */
  add(data: ArrayLike<number>, bytesPerElement: 1 | 2 | 4): number {
    const bytes = new Uint8Array(data.length * bytesPerElement);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < data.length; i++) {
      const v = data[i]!;
      if (bytesPerElement === 1) bytes[i] = v;
      else if (bytesPerElement === 2) view.setUint16(2 * i, v & 0xffff, true);
      else view.setInt32(4 * i, v, true);
    }
    const same = this.#chunks.find(
      (c) =>
        c.offset % bytesPerElement === 0 &&
        c.bytes.length === bytes.length &&
        c.bytes.every((b, i) => b === bytes[i]),
    );
    if (same) return same.offset;
    const offset = Math.ceil(this.#size / bytesPerElement) * bytesPerElement;
    this.#chunks.push({ offset, bytes });
    this.#size = offset + bytes.length;
    return offset;
  }

  /** Bytes used so far. */
  get length(): number {
    return this.#size;
  }

  /** The whole constant memory. */
  bytes(): Uint8Array {
    const all = new Uint8Array(this.#size);
    for (const c of this.#chunks) all.set(c.bytes, c.offset);
    return all;
  }
}
