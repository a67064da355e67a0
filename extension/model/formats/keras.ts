import { firstInZip } from './bytes.ts';
import type { ReadFormat } from './format.ts';
import { isHdf5 } from './keras/hdf5/signature.ts';

/** https://keras.io. HDF5 for Keras 1 and 2, a zip file for Keras 3; either may have either's ending. */
export const keras: ReadFormat = {
  id: 'keras',
  name: 'Keras',
  endings: ['.h5', '.keras', '.hdf5'],
  sharedEndings: ['.h5', '.hdf5'], // any data are kept in HDF5
  begins: (start) => isHdf5(start) || firstInZip(start) === 'metadata.json',
  operators: async () => (await import('./keras/notes.ts')).kerasOperators,
  read: async (bytes, options) => (await import('./keras/import.ts')).importKeras(bytes, options),
};
