import path from 'node:path';
import { trimEndOf } from '../../common/trimEnd.ts';

/** The file that a conversion to ONNX writes: beside the model, under its name. */
export function onnxBeside(model: string): string {
  const { dir, name, ext } = path.parse(trimEndOf(model, '\\/'));
  return path.join(dir, `${name}${ext.toLowerCase() === '.onnx' ? '-converted' : ''}.onnx`);
}
