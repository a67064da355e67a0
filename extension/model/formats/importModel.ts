import { type ErrorData, errorData, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Graph } from '../graph.ts';
import { finished } from '../import/finish.ts';
import { LIMITS } from '../import/limits.ts';
import { ModelRefusal } from '../import/modelRefusal.ts';
import { type Sketch, sketchOf } from '../import/sketch.ts';
import type { ImportOptions, ReadFormat } from './format.ts';

/**
 * Reads a model of any format into the IR: NHWC, static shapes, constants folded, passes run.
 *
 * @throws UserError as `ReadFormat.read` and `finished` do, a ModelRefusal where the model can be drawn; 'input' when the file is
 *   too large
 */
export async function importModel(
  format: ReadFormat,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<Graph> {
  if (bytes.length > LIMITS.fileBytes) {
    const mb = Math.ceil(bytes.length / 2 ** 20);
    throw new UserError(
      'input',
      say`The model file has ${mb} MB; at most ${LIMITS.fileBytes / 2 ** 20} MB are read.`,
      say`Choose a model made for a microcontroller: its weights must fit the flash.`,
    );
  }
  const graph = await format.read(bytes, options);
  try {
    return finished(graph);
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    throw new ModelRefusal(e, sketchOf(graph));
  }
}

/** A model that was read, or one that cannot be expressed, with why not and what it looks like. */
export type LookedAt = { readonly graph: Graph } | { readonly sketch: Sketch; readonly refusal: ErrorData };

/** As `importModel`, where a model that cannot be expressed can be looked at all the same. @throws UserError of any other file */
export async function lookAtModel(
  format: ReadFormat,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<LookedAt> {
  try {
    return { graph: await importModel(format, bytes, options) };
  } catch (e) {
    if (!(e instanceof ModelRefusal)) throw e;
    return { sketch: e.sketch, refusal: errorData(e) };
  }
}
