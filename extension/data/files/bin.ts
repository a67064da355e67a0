import { say } from '../../common/errors/sentence.ts';
import { badData, type DataFile } from '../numbers.ts';

/** Nothing but numbers: float32, little-endian, as NumPy's tofile() and C's fwrite() leave them. @throws UserError 'input' */
export function readBin(bytes: Uint8Array, name: string): DataFile {
  if (bytes.length === 0 || bytes.length % 4 !== 0) {
    throw badData(
      name,
      say`has ${bytes.length} bytes, which are no float32 numbers`,
      say`Save it with array.astype('float32').tofile(file), or give a .npy file, which says what it holds.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = {
    shape: [bytes.length / 4],
    read: (from: number, count: number) =>
      Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * (from + i), true)),
  };
  return { arrays: new Map([['', numbers]]), labels: undefined };
}
