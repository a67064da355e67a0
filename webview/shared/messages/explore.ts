import type { VariantFigures } from '../exploration.ts';
import type { Ready } from './protocol.ts';

/** A variant as the page shows it. */
export interface VariantRow {
  readonly number: number;
  /** Such as `int8 asymmetric, per channel, minmax`. */
  readonly words: string;
  /** What a port would be made with now. */
  readonly isChosen: boolean;
  readonly fits: boolean;
  /** Why it does not fit the board, or cannot be; empty when nothing is in the way. */
  readonly why: string;
  /** Undefined where it cannot be. */
  readonly figures: VariantFigures | undefined;
}

export interface ExploreState {
  readonly type: 'state';
  /** The model file's name. */
  readonly model: string;
  readonly board: string;
  /** From the best to the worst. */
  readonly rows: readonly VariantRow[];
  /** Whether variants can be run on the simulated board. */
  readonly canRun: boolean;
}

export type ExploreToPage = ExploreState;

export type ExploreToHost =
  | Ready
  /** Make this variant the choice of a port. */
  | { readonly type: 'take'; readonly number: number }
  /** Count the cycles of all on the simulated board. */
  | { readonly type: 'run' };
