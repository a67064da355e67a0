import { say } from '../../common/errors/sentence.ts';
import type { KnownFormat } from './format.ts';
import { byTf2onnx } from './toOnnx.ts';

/** TensorFlow's own: a folder. */
export const savedModel: KnownFormat = {
  id: 'savedModel',
  name: 'TensorFlow SavedModel',
  model: say`a TensorFlow SavedModel`,
  endings: [],
  folderWith: 'saved_model.pb',
  advise: byTf2onnx('saved-model'),
};
