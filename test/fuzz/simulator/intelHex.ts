import type { Image } from '../../../extension/simulator/firmware/image.ts';

/** Bytes of a data record. */
const RECORD = 16;

/** An image as an Intel HEX file. */
export function intelHex({ blocks }: Image): Uint8Array {
  const lines = blocks.flatMap(({ address, bytes }) => {
    const records: string[] = [];
    for (let at = 0; at < bytes.length; at += RECORD) {
      const place = address + at;
      records.push(record(0, 4, [(place >>> 24) & 255, (place >>> 16) & 255]));
      records.push(record(place & 0xffff, 0, [...bytes.subarray(at, at + RECORD)]));
    }
    return records;
  });
  return Buffer.from([...lines, record(0, 1, []), ''].join('\n'));
}

function record(offset: number, type: number, data: readonly number[]): string {
  const bytes = [data.length, offset >>> 8, offset & 255, type, ...data];
  const sum = bytes.reduce((a, b) => a + b, 0);
  return `:${Buffer.from([...bytes, -sum & 255])
    .toString('hex')
    .toUpperCase()}`;
}
