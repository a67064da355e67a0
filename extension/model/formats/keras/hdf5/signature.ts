import { latin1 } from '../../bytes.ts';

/** What an HDF5 file begins with. */
export const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';

export function isHdf5(start: Uint8Array): boolean {
  return latin1(start, 0, HDF5_SIGNATURE.length) === HDF5_SIGNATURE;
}
