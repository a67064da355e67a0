import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import type { Conversion } from '../common/errors/conversion.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';

/** A kind of model file that is not ONNX: its name, and what makes ONNX of it. */
interface Format {
  readonly name: Sentence;
  readonly convert: (model: string, onnx: string) => Conversion;
}

const tf2onnx =
  (option: string) =>
  (model: string, onnx: string): Conversion => ({
    command: ['python', '-m', 'tf2onnx.convert', `--${option}`, model, '--output', onnx, '--opset', '13'],
    packages: ['tf2onnx', 'tensorflow'],
  });
const tflite: Format = { name: say`a TensorFlow Lite model`, convert: tf2onnx('tflite') };
const keras: Format = { name: say`a Keras model`, convert: tf2onnx('keras') };
const savedModel: Format = { name: say`a TensorFlow SavedModel`, convert: tf2onnx('saved-model') };
const pytorch: Format = {
  name: say`a PyTorch file`,
  convert: (_, onnx) => ({
    // a JSON string is a string of Python
    python: `torch.onnx.export(model, example_input, ${JSON.stringify(onnx)}, opset_version=13)`,
  }),
};

const endings: Readonly<Record<string, Format>> = {
  '.tflite': tflite,
  '.lite': tflite,
  '.h5': keras,
  '.hdf5': keras,
  '.keras': keras,
  '.pt': pytorch,
  '.pth': pytorch,
};

/**
 * What a file is that is no ONNX model: by its first bytes, else by its ending.
 * @returns an error that says how it becomes ONNX; undefined when it is nothing that is known
 */
export function otherFormat(file: string, bytes: Uint8Array = new Uint8Array()): UserError | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const format =
    start.slice(4) === 'TFL3'
      ? tflite
      : start.startsWith('\x89HDF\r\n')
        ? keras
        : endings[path.extname(file).toLowerCase()];
  return format && refusal(file, format);
}

/** The same for a folder: TensorFlow saves models as folders. */
export async function otherFormatOfFolder(folder: string): Promise<UserError | undefined> {
  const file = await stat(path.join(folder, 'saved_model.pb')).catch(() => undefined);
  return file?.isFile() ? refusal(folder, savedModel) : undefined;
}

function refusal(file: string, { name, convert }: Format): UserError {
  const { dir, name: stem, ext } = path.parse(file.replace(/[\\/]+$/, ''));
  const onnx = path.join(dir, `${stem}${ext === '.onnx' ? '-converted' : ''}.onnx`);
  return new UserError('input', say`${path.basename(file)} is ${name}, and GlowPort reads ONNX.`, {
    do: 'convertModel',
    by: convert(file, onnx),
  });
}
