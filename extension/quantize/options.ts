import type { RangeChoice } from './ranges.ts';
import type { BiasPrecision, Precision, Schema } from './schemas.ts';

export interface QuantizeOptions {
  /** Schema of activations. */
  readonly schema: Schema;
  /** Schema of weights. Glow uses one schema for both; symmetric weights save the zero-point correction. */
  readonly weightSchema: Schema;
  readonly precision: Precision;
  readonly biasPrecision: BiasPrecision;
  /** One weight scale per output channel (Glow's -enable-channelwise) instead of one per tensor. */
  readonly channelwise: boolean;
  readonly range: RangeChoice;
  /** Leave inputs and outputs float32 (without Glow's -convert-placeholders); needs an FPU to be sensible. */
  readonly floatPlaceholders: boolean;
}

export const DEFAULT_QUANTIZE_OPTIONS: QuantizeOptions = {
  schema: 'asymmetric',
  weightSchema: 'symmetric',
  precision: 'int8',
  biasPrecision: 'int32',
  channelwise: true,
  range: 'minmax',
  floatPlaceholders: false,
};
