import { say } from '../../common/errors/sentence.ts';
import { firstInZip, latin1 } from './bytes.ts';
import type { KnownFormat } from './format.ts';
import { byTf2onnx } from './toOnnx.ts';

/** HDF5 for Keras 1 and 2, a zip file for Keras 3; either may have either's ending. */
export const keras: KnownFormat = {
  id: 'keras',
  name: 'Keras',
  model: say`a Keras model`,
  endings: ['.h5', '.keras', '.hdf5'],
  begins: (start) => latin1(start, 0, 8) === '\x89HDF\r\n\x1a\n' || firstInZip(start) === 'metadata.json',
  advise: byTf2onnx('keras'),
};
