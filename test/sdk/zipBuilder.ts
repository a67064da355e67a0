import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../extension/common/zip/crc32.ts';

/** An entry as it stands in the file; what is not given is what an honest tool would write. */
export interface BuiltEntry {
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** Upper half of the external attributes, as Unix writes them. */
  readonly mode?: number;
  readonly store?: boolean;
  readonly method?: number;
  readonly flags?: number;
  /** Lies. */
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
  /** Shares the data of the first entry. */
  readonly sharesFirst?: boolean;
}

/** A zip file, byte by byte after PKWARE's APPNOTE, so that tests can lie in every field. */
export function buildZip(entries: readonly BuiltEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = Buffer.from(entry.data ?? '');
    const packed = entry.store ? data : deflateRawSync(data);
    const name = Buffer.from(entry.name, 'utf8');
    const method = entry.method ?? (entry.store ? 0 : 8);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((entry.flags ?? 0) | 0x800, 2); // UTF-8 names
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.claimedCrc ?? crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.claimedSize ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
    const at = entry.sharesFirst ? 0 : offset;
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(at, 10);
    const madeBy = Buffer.from([20, 3]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, tail, name]));
    if (!entry.sharesFirst) {
      parts.push(local);
      offset += local.length;
    }
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
