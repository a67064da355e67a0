import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { throwIfCancelled } from '../error.ts';
import { crc32 } from './crc32.ts';
import { checkedEntries, type ZipLimits } from './entries.ts';
import { type ZipAdvice, ZipFailures } from './failures.ts';

/** A file in a zip file. */
export interface ZipEntry {
  /** Relative, with `/`. */
  readonly path: string;
  /** Unpacked. */
  readonly bytes: number;
}

/** An open zip file whose every entry has been checked. Close it. */
export interface Zip {
  /** Files, in the order of the archive; folders are not listed. */
  readonly entries: readonly ZipEntry[];
  has(entryPath: string): boolean;
  /** @throws UserError `input` when there is no such file, or it is damaged */
  read(entryPath: string): Promise<Buffer>;
  /**
   * Unpacks a file into a stream.
   * @throws UserError as `read` does, `cancelled`; an error of the system when the stream has one
   */
  pipe(entryPath: string, to: NodeJS.WritableStream, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** Where a zip file is: in the file system with its size, or in memory; with its name for sentences. */
export type ZipSource = { readonly name: string } & (
  { readonly file: string; readonly size: number } | { readonly bytes: Uint8Array }
);

/**
 * Opens a zip file from somewhere and checks its directory before anything is unpacked: paths that leave the folder or that
 * some file system reads as another one, symbolic links, devices, two entries of one name, encryption, entries that share
 * their data, and sizes that a packed file of this size does not have unless it is made to fill a disk.
 *
 * @throws UserError `input`, one sentence, naming the file and the entry
 */
export async function openZip(source: ZipSource, limits: ZipLimits, advice: ZipAdvice): Promise<Zip> {
  const failures = new ZipFailures(source.name, advice);
  let zip: yauzl.ZipFile;
  try {
    zip = await opened(source);
  } catch (e) {
    throw failures.damaged(e);
  }
  try {
    const size = 'file' in source ? source.size : source.bytes.length;
    return asZip(zip, await checkedEntries(zip, size, limits, failures), failures);
  } catch (e) {
    zip.close();
    throw e;
  }
}

function opened(source: ZipSource): Promise<yauzl.ZipFile> {
  const options = {
    lazyEntries: true,
    decodeStrings: true,
    strictFileNames: true,
    validateEntrySizes: true,
  } as const;
  return 'file' in source
    ? yauzl.openPromise(source.file, { ...options, autoClose: false })
    : yauzl.fromBufferPromise(
        Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.length),
        options,
      );
}

function asZip(zip: yauzl.ZipFile, files: ReadonlyMap<string, yauzl.Entry>, failures: ZipFailures): Zip {
  async function pipe(entryPath: string, to: NodeJS.WritableStream, signal?: AbortSignal): Promise<void> {
    const entry = files.get(entryPath);
    if (!entry) throw failures.lacks(entryPath);
    try {
      const packed = await zip.openReadStreamPromise(entry);
      await pipeline(packed, checksum(entry), to, { signal });
    } catch (e) {
      throwIfCancelled(signal);
      const code = (e as NodeJS.ErrnoException).code;
      throw code !== undefined && /^E[A-Z]+$/.test(code) ? e : failures.damaged(e, entryPath);
    }
  }

  return {
    entries: [...files].map(([entryPath, e]) => ({ path: entryPath, bytes: e.uncompressedSize })),
    has: (entryPath) => files.has(entryPath),
    pipe,
    async read(entryPath) {
      const chunks: Buffer[] = [];
      const sink = new Transform({
        transform(chunk: Buffer, _, done) {
          chunks.push(chunk);
          done();
        },
      });
      sink.resume();
      await pipe(entryPath, sink);
      return Buffer.concat(chunks);
    },
    close: () => zip.close(),
  };
}

/** Passes bytes on and fails at the end when their CRC is not the entry's. */
function checksum(entry: yauzl.Entry): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(crc === entry.crc32 ? null : new Error('its checksum is wrong'));
    },
  });
}
