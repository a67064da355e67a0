import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';

/** The sizes that a user gives to a model's symbolic dimensions, such as N = 1, while the shapes of its inputs are read. */
export class Dimensions {
  readonly #defines: Readonly<Record<string, number>>;
  readonly #symbols = new Set<string>();

  /** @throws UserError 'usage' when one of them is no size */
  constructor(defines: Readonly<Record<string, number>> = {}) {
    for (const [symbol, size] of Object.entries(defines)) {
      if (Number.isSafeInteger(size) && size >= 1) continue;
      throw new UserError(
        'usage',
        say`The define ${symbol}=${size} is no size.`,
        say`Give a whole number from 1 on.`,
      );
    }
    this.#defines = defines;
  }

  /** The size given to a symbol of the model; undefined when none is. */
  sizeOf(symbol: string): number | undefined {
    this.#symbols.add(symbol);
    return Object.hasOwn(this.#defines, symbol) ? this.#defines[symbol] : undefined;
  }

  /**
   * To be called when all inputs have been read.
   * @throws UserError 'usage' when a size was given to a symbol that the model has not
   */
  checkAllUsed(): void {
    const unknown = Object.keys(this.#defines).find((symbol) => !this.#symbols.has(symbol));
    if (unknown === undefined) return;
    const known = [...this.#symbols].map((s) => say`'${s}'`);
    throw new UserError(
      'usage',
      say`The model has no symbolic dimension '${unknown}'.`,
      known.length > 0 ? say`It has ${known}.` : say`All its dimensions are fixed: leave the define out.`,
    );
  }
}
