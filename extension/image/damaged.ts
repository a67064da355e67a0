import { english, say, type Sentence } from '../common/errors/sentence.ts';

/** Thrown by a decoder; `why` ends the sentence "NAME is a damaged or unsupported BMP image: ". */
export class Damaged extends Error {
  readonly why: Sentence;

  constructor(why: Sentence) {
    super(english(why));
    this.why = why;
  }
}

/** For a file that is cut off before its picture is complete. */
export function endsEarly(): Damaged {
  return new Damaged(say`its data ends early`);
}

/** For data that no encoder writes. */
export function corrupt(): Damaged {
  return new Damaged(say`its data is corrupt`);
}
