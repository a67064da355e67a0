import type { TensorPlanes } from '../tensorPlanes.ts';
import type { Ready } from './protocol.ts';

/** A layer of the network that is debugged. */
export interface LayerRow {
  /** Counted from 0. */
  readonly layer: number;
  readonly name: string;
  readonly operator: string;
  readonly shape: readonly number[];
  /** Core cycles it took; undefined before it has run. */
  readonly cycles: number | undefined;
  /** Of its tensor; `gone`: another layer has written over it. */
  readonly state: 'unwritten' | 'running' | 'there' | 'gone';
  /** Undefined where it has not been compared with the PC. */
  readonly verdict: 'equal' | 'differs' | undefined;
}

export interface NetworkState {
  readonly type: 'state';
  /** The network's name; undefined when nothing is debugged whose network is known. */
  readonly network: string | undefined;
  readonly board: 'runs' | 'stands' | 'none';
  /** Why it stands or why nothing is known, in words; empty where there is nothing to say. */
  readonly words: string;
  readonly layers: readonly LayerRow[];
  readonly stopsAtDifference: boolean;
  /** What the PC has is being computed. */
  readonly isPreparing: boolean;
}

/** A layer's tensor, as many of its planes as are shown. */
export interface TensorMessage {
  readonly type: 'tensor';
  readonly layer: number;
  /** Of the whole tensor. */
  readonly planes: TensorPlanes;
  /** How many planes, and of the first how many rows, `board` and `pc` have the elements of. */
  readonly shownPlanes: number;
  readonly shownRows: number;
  /** Plane by plane, row by row. */
  readonly board: readonly number[];
  /** Undefined where they are the board's, or the PC has none. */
  readonly pc: readonly number[] | undefined;
  /** real = scale * (q - offset); undefined for real numbers. */
  readonly quantization: { readonly scale: number; readonly offset: number } | undefined;
  readonly verdict: LayerRow['verdict'];
  readonly difference: TensorDifference | undefined;
  /** Why the PC has none; empty where it has. */
  readonly noPc: string;
}

/** Where it first differs. */
export interface TensorDifference {
  readonly index: readonly number[];
  readonly board: number;
  readonly pc: number;
  readonly differing: number;
  readonly elements: number;
}

/** A tensor that cannot be shown, and why. */
export interface NoTensor {
  readonly type: 'noTensor';
  readonly layer: number;
  readonly why: string;
}

export type NetworkToPage = NetworkState | TensorMessage | NoTensor;

export type NetworkToHost =
  | Ready
  /** Show this layer's tensor, now and at each stop. */
  | { readonly type: 'select'; readonly layer: number }
  | { readonly type: 'stopAtDifference'; readonly on: boolean }
  /** Look again at the board as it stands. */
  | { readonly type: 'refresh' };
