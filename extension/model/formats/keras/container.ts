import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { openZip } from '../../../common/zip/zip.ts';
import { LIMITS } from '../../import/limits.ts';
import { splitAtBackslashes } from './hdf5/backslashes.ts';
import { type Hdf5Object, openHdf5 } from './hdf5/file.ts';
import { isHdf5 } from './hdf5/signature.ts';
import { isObject, type JsonObject, text } from './json.ts';
import { isOfKeras1, type Keras1Facts, keras1Facts } from './keras1/facts.ts';
import { weightsOfKeras1 } from './keras1/weights.ts';
import { KERAS_LIMITS } from './limits.ts';
import { namedWeights, numberedWeights, type WeightStore } from './weights.ts';

/** What a Keras file holds, in whichever of its two forms. */
export interface KerasFile {
  /** The model as Keras serializes it: its class and its configuration. */
  readonly model: JsonObject;
  /** The major version of the Keras that saved it. */
  readonly version: number;
  readonly weights: WeightStore;
  /** Of a file of Keras 1, whose layers and weights are others. */
  readonly keras1?: Keras1Facts;
}

/** @throws UserError 'input' when the bytes are no whole file, or hold no whole model */
export async function readKerasFile(bytes: Uint8Array): Promise<KerasFile> {
  return isHdf5(bytes) ? readHdf5(openHdf5(bytes)) : readZip(bytes);
}

/** Keras 1 and 2, and 3 when asked for it: all in one HDF5 file. */
function readHdf5(root: Hdf5Object): KerasFile {
  const config = root.texts('model_config')?.[0];
  if (config === undefined) throw weightsOnly();
  const groups = root.child('model_weights');
  if (!groups) throw damaged();
  if (root.texts('backend')?.[0] === 'theano') {
    throw new UserError(
      'input',
      say`The model was saved with Theano, which turns the kernels of convolutions around.`,
      say`Load it in Keras with TensorFlow and save it again.`,
    );
  }
  const model = parsed(config);
  const told = root.texts('keras_version')?.[0];
  const version = told === undefined && isOfKeras1(model) ? 1 : versionOf(told);
  return version === 1
    ? { model, version, weights: weightsOfKeras1(groups), keras1: keras1Facts(model, groups) }
    : { model, version, weights: namedWeights(groups) };
}

/** Keras 3: a zip file of two JSON files and one HDF5 file. */
async function readZip(bytes: Uint8Array): Promise<KerasFile> {
  const entries = await unzipped(bytes);
  const get = (entry: string): Buffer => {
    const data = entries.get(entry);
    if (!data) throw lacks(entry);
    return data;
  };
  const metadata = entries.get(METADATA);
  return {
    model: parsed(get(CONFIG).toString('utf8')),
    version: versionOf(text(metadata && parsed(metadata.toString('utf8')), 'keras_version')),
    weights: numberedWeights(splitAtBackslashes(openHdf5(get(WEIGHTS)))),
  };
}

const METADATA = 'metadata.json';
const CONFIG = 'config.json';
const WEIGHTS = 'model.weights.h5';

/** Those files of a zip file that make a model; others, such as vocabularies, are left out. */
async function unzipped(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const limits = { ...KERAS_LIMITS.zip, totalBytes: 2 * LIMITS.fileBytes, entryBytes: LIMITS.fileBytes };
  const entries = new Map<string, Buffer>();
  try {
    const zip = await openZip({ bytes, name: 'model.keras' }, limits, { refused: AGAIN, damaged: AGAIN });
    try {
      for (const entry of [METADATA, CONFIG, WEIGHTS]) {
        if (zip.has(entry)) entries.set(entry, await zip.read(entry));
      }
    } finally {
      zip.close();
    }
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    throw damaged(e.message);
  }
  return entries;
}

/** Keras tells what saved a file from 1.2 on; what does not, and is not older, is made by other hands. */
function versionOf(version: string | undefined): number {
  const major = Number((version ?? '2').split('.')[0]);
  if (!Number.isInteger(major) || major < 1) throw damaged();
  return major;
}

function parsed(json: string): JsonObject {
  if (json.length > KERAS_LIMITS.configLength) throw damaged();
  let value;
  try {
    value = JSON.parse(json) as JsonObject;
  } catch {
    throw damaged();
  }
  if (!isObject(value)) throw damaged();
  return value;
}

const AGAIN = say`Save the model again: model.save('model.keras').`;

/** @param detail for the log */
function damaged(detail?: string): UserError {
  const sentence = say`The file is no whole Keras model.`;
  return new UserError(
    'input',
    sentence,
    say`Save the model again; a cut or damaged file is the usual reason.`,
    detail,
  );
}

function weightsOnly(): UserError {
  return new UserError(
    'input',
    say`The HDF5 file holds no model of Keras; files of save_weights have the weights alone.`,
    say`Save the whole model: model.save('model.keras').`,
  );
}

function lacks(entry: string): UserError {
  return new UserError('input', say`The zip file holds no '${entry}', which a Keras model has.`, AGAIN);
}
