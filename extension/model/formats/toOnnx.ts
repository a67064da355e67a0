import path from 'node:path';
import type { Remedy } from '../../common/errors/remedy.ts';
import { trimEndOf } from '../../common/trimEnd.ts';

/** The file that a conversion to ONNX writes: beside the model, under its name. */
export function onnxBeside(model: string): string {
  const { dir, name, ext } = path.parse(trimEndOf(model, '\\/'));
  return path.join(dir, `${name}${ext.toLowerCase() === '.onnx' ? '-converted' : ''}.onnx`);
}

/** The command of tf2onnx that converts a model. @param option says what the model is */
export function byTf2onnx(option: 'keras' | 'saved-model'): (model: string) => Remedy {
  return (model) => ({
    do: 'convertModel',
    by: {
      command: [
        ...['python', '-m', 'tf2onnx.convert', `--${option}`, model],
        ...['--output', onnxBeside(model), '--opset', '13'],
      ],
      packages: ['tf2onnx', 'tensorflow'],
    },
  });
}
