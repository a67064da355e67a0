import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Graph } from '../graph.ts';
import { finished } from '../import/finish.ts';
import { LIMITS } from '../import/limits.ts';
import type { ImportOptions, ReadFormat } from './format.ts';

/**
 * Reads a model of any format into the IR: NHWC, batch 1, static shapes, constants folded, passes run.
 *
 * @throws UserError as `ReadFormat.read` and `finished` do; 'input' when the file is too large
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
  return finished(await format.read(bytes, options));
}
