import type { SizeBasis, TimeBasis } from '../firmwareText.ts';
import type { Ready } from './protocol.ts';

/** What the page shows of one board. */
export interface BoardRow {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** Such as `Cortex-M0+`. */
  readonly core: string;
  readonly clockHz: number;
  /** Without an FPU a board takes fully quantized models only. */
  readonly fpu: boolean;
  readonly simulated: boolean;
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** What the current model makes of this board; undefined without a model. */
  readonly fit: BoardFitRow | undefined;
  /** A connected probe that looks like this board's, such as `MCU-Link on /dev/ttyACM0`. */
  readonly probe: string | undefined;
}

export interface BoardFitRow {
  readonly fits: boolean;
  /** Plain reasons when it does not fit, such as `needs 1.6 KB RAM, has 1 KB`. */
  readonly reasons: readonly string[];
  /** What the bytes used rest on. */
  readonly basis: SizeBasis;
  readonly flashUsed: number;
  readonly ramUsed: number;
  /** Time of one inference; undefined when it does not fit. */
  readonly timeUs: number | undefined;
  readonly timeBasis: TimeBasis;
}

/** `glow`: Glow's, which has compiled for one core; `insteadOfGlow`: the built-in compiler's, though Glow was chosen. */
export type FitsAbout = 'glow' | 'insteadOfGlow';

/** The model the bars are about. */
export type ModelState =
  | { readonly kind: 'none' }
  | { readonly kind: 'measuring'; readonly name: string }
  | {
      readonly kind: 'ready';
      readonly name: string;
      /** Whose network the bars show, when it is not plainly the chosen compiler's on every board. */
      readonly about?: FitsAbout | undefined;
    }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

export interface BoardsState {
  readonly type: 'state';
  readonly boards: readonly BoardRow[];
  readonly selected: string | undefined;
  readonly model: ModelState;
  /** False in a restricted window: nothing is compiled, built or run. */
  readonly trusted: boolean;
}

export type BoardsToPage = BoardsState;

export type BoardsToHost =
  | Ready
  | { readonly type: 'select'; readonly id: string }
  /** Take the example model, or another file. */
  | { readonly type: 'useExample' }
  | { readonly type: 'chooseModel' }
  | { readonly type: 'port' }
  | { readonly type: 'manageTrust' };
