/** A number of at most 32 bits as packets have it: hexadecimal, most significant digit first; undefined for anything else. */
export function hexNumber(text: string): number | undefined {
  return /^[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) : undefined;
}

/** Two such numbers with a comma between them. */
export function hexPair(text: string): readonly [number, number] | undefined {
  const [first, second, ...more] = text.split(',').map(hexNumber);
  return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
}

/** Bytes, two digits each; undefined for anything else. */
export function hexBytes(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A register's value as packets have it: four bytes, the least significant first. */
export function registerHex(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return toHex(bytes);
}

/** The value of such four bytes; undefined for anything else. */
export function registerValue(text: string): number | undefined {
  const bytes = text.length === 8 ? hexBytes(text) : undefined;
  return bytes && Buffer.from(bytes).readUInt32LE();
}
