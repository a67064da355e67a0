import { UserError } from '../error.ts';
import { say, type Sentence } from '../errors/sentence.ts';

/** What helps where a zip file is refused or damaged: where it comes from. */
export interface ZipAdvice {
  /** Of one that was made to do harm, or looks like it. */
  readonly refused: Sentence;
  readonly damaged: Sentence;
}

/** What is said of one zip file. */
export class ZipFailures {
  readonly #name: string;
  readonly #advice: ZipAdvice;

  constructor(name: string, advice: ZipAdvice) {
    this.#name = name;
    this.#advice = advice;
  }

  refused(why: Sentence): UserError {
    return new UserError(
      'input',
      say`The zip file ${this.#name} ${why}; it was not unpacked.`,
      this.#advice.refused,
    );
  }

  /** @param e of the library */
  damaged(e: unknown, entryPath?: string): UserError {
    if (e instanceof UserError) return e;
    const why = e instanceof Error ? e.message : String(e);
    if (/relative path|absolute path|characters in fileName|invalid characters/i.test(why)) {
      return this.refused(say`has an entry that leaves the folder (${why.slice(0, 200)})`);
    }
    return new UserError(
      'input',
      entryPath === undefined
        ? say`The zip file ${this.#name} is damaged.`
        : say`The zip file ${this.#name} is damaged at ${JSON.stringify(entryPath.slice(0, 120))}.`,
      this.#advice.damaged,
      why.slice(0, 500),
    );
  }

  lacks(entryPath: string): UserError {
    return new UserError('input', say`There is no ${entryPath} in ${this.#name}.`, say`Check the zip file.`);
  }
}
