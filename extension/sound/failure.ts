import { UserError } from '../common/error.ts';
import type { Remedy } from '../common/errors/remedy.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';

/** @param why goes on behind the file's name: `is cut off` */
export function badSound(name: string, why: Sentence, ...help: (Sentence | Remedy)[]): UserError {
  const again = say`Write it as PCM of 16 bits, such as with "sox in.wav -b 16 -e signed-integer out.wav".`;
  return new UserError('input', say`${name} ${why}.`, help.length > 0 ? help : [again]);
}
