import { UserError } from '../../../../common/error.ts';
import { say, type Sentence } from '../../../../common/errors/sentence.ts';

/** Of a file whose HDF5 structures contradict themselves or end early. */
export function damaged(): UserError {
  return new UserError(
    'input',
    say`The file is no whole HDF5 file.`,
    say`Save the model again; a cut or damaged file is the usual reason.`,
  );
}

/** Of HDF5 that Keras does not write. @param what "The file …", without its full stop */
export function unread(what: Sentence): UserError {
  return new UserError(
    'input',
    say`The file ${what}, which is not read.`,
    say`Save the model again with model.save(…) of Keras, which writes plain HDF5.`,
  );
}
