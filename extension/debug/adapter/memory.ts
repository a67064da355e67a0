import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Gdb, GdbError } from './mi/gdb.ts';
import { textOf, tuplesOf } from './mi/value.ts';

/** The most bytes at once. */
const MOST = 1024 * 1024;

/** A place in memory as clients name it: in hexadecimal, or decimal. @throws Error when it is none */
export function addressOf(reference: string, offset = 0): number {
  const address = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(reference) ? Number(reference) + offset : NaN;
  if (!Number.isSafeInteger(address)) throw new Error(`${reference} is no address.`);
  return address;
}

/** Reads memory; what cannot be read is counted, not an error. */
export async function readMemory(
  gdb: Gdb,
  { memoryReference, offset, count }: DebugProtocol.ReadMemoryArguments,
): Promise<DebugProtocol.ReadMemoryResponse['body']> {
  const begin = addressOf(memoryReference, offset);
  const address = `0x${Math.max(0, begin).toString(16)}`;
  const bytes = begin < 0 ? Buffer.alloc(0) : await bytesAt(gdb, address, Math.min(count, MOST));
  return {
    address,
    data: bytes.toString('base64'),
    ...(bytes.length < count ? { unreadableBytes: count - bytes.length } : {}),
  };
}

/** As many bytes from an address on as can be read in one piece. */
async function bytesAt(gdb: Gdb, address: string, count: number): Promise<Buffer> {
  if (count <= 0) return Buffer.alloc(0);
  try {
    const results = await gdb.ask('-data-read-memory-bytes', address, count);
    const [first] = tuplesOf(results, 'memory');
    const isBegin = first && Number(textOf(first, 'begin')) === Number(address);
    return Buffer.from(isBegin ? (textOf(first, 'contents') ?? '') : '', 'hex');
  } catch (error) {
    if (error instanceof GdbError) return Buffer.alloc(0);
    throw error;
  }
}

/** Writes memory. @throws GdbError when nothing can be written there */
export async function writeMemory(
  gdb: Gdb,
  { memoryReference, offset, data }: DebugProtocol.WriteMemoryArguments,
): Promise<number> {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > MOST) throw new Error(`More than ${MOST} bytes are not written at once.`);
  const address = `0x${addressOf(memoryReference, offset).toString(16)}`;
  if (bytes.length > 0) await gdb.ask('-data-write-memory-bytes', address, bytes.toString('hex'));
  return bytes.length;
}
