import type { Bundle } from '../../bundle/bundle.ts';

/** Numbers of values by name: integers, or real numbers of float placeholders. */
export type Numbers = ReadonlyMap<string, ArrayLike<number>>;

/** Computes on the PC what the board computes, bit for bit. @param states as the inference finds them @returns every value */
export type PcNetwork = (inputs: Numbers, states: Numbers) => Promise<Numbers>;

/** What a debugger knows of the network in a firmware. */
export interface DebuggedNetwork extends Pick<Bundle, 'name' | 'placeholders' | 'layers' | 'states'> {
  /**
   * The network on the PC; asked for when it is needed, for it may take long to make.
   * @throws UserError `input` when the model is not there any more, or is another
   */
  readonly pc: () => Promise<PcNetwork>;
}
