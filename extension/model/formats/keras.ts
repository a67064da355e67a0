import { firstInZip, latin1 } from './bytes.ts';
import type { ReadFormat } from './format.ts';

/** https://keras.io. HDF5 for Keras 1 and 2, a zip file for Keras 3; either may have either's ending. */
export const keras: ReadFormat = {
  id: 'keras',
  name: 'Keras',
  endings: ['.h5', '.keras', '.hdf5'],
  begins: (start) => latin1(start, 0, 8) === '\x89HDF\r\n\x1a\n' || firstInZip(start) === 'metadata.json',
  read: async (bytes, options) => (await import('./keras/import.ts')).importKeras(bytes, options),
};
