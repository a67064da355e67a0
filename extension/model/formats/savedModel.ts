import { say } from '../../common/errors/sentence.ts';
import type { KnownFormat } from './format.ts';
import { onnxBeside } from './onnxBeside.ts';

/** TensorFlow's own: a folder. */
export const savedModel: KnownFormat = {
  id: 'savedModel',
  name: 'TensorFlow SavedModel',
  model: say`a TensorFlow SavedModel`,
  endings: [],
  folderWith: 'saved_model.pb',
  advise: (model) => ({
    do: 'convertModel',
    by: {
      command: [
        ...['python', '-m', 'tf2onnx.convert', '--saved-model', model],
        ...['--output', onnxBeside(model), '--opset', '13'],
      ],
      packages: ['tf2onnx', 'tensorflow'],
    },
  }),
};
