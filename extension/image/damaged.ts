import { english, type Sentence } from '../common/errors/sentence.ts';

/** Thrown by a decoder; `why` ends the sentence "NAME is a damaged or unsupported BMP image: ". */
export class Damaged extends Error {
  readonly why: Sentence;

  constructor(why: Sentence) {
    super(english(why));
    this.why = why;
  }
}
