import { say, type Sentence } from '../../common/errors/sentence.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type GivenPart, matters } from '../../quantize/options.ts';
import type { Variant } from './variants.ts';

/**
 * A variant in a few words: what most variants differ in, such as `int8 asymmetric, per channel, minmax`, and behind it what is
 * not as usual, such as `weights asymmetric`.
 */
export function variantWords({ quantization, weights }: Variant, given: GivenPart): Sentence {
  const { precision, schema, weightSchema, biasPrecision, channelwise, range } = quantization;
  const { rounding, floatPlaceholders } = quantization;
  const usual = DEFAULT_QUANTIZE_OPTIONS;
  const words: (Sentence | undefined)[] =
    given === 'all'
      ? []
      : [
          matters('precision', given) ? say`${precision} ${schemaOf(schema, precision)}` : say`${schema}`,
          channelwise ? say`per channel` : say`per tensor`,
          say`${range}`,
          weightSchema === usual.weightSchema ? undefined : say`weights ${weightSchema}`,
          biasPrecision === usual.biasPrecision ? undefined : say`biases ${biasPrecision}`,
        ];
  if (matters('rounding', given)) words.push(say`${rounding} rounding`);
  if (floatPlaceholders) words.push(say`float inputs and outputs`);
  if (weights === 'ram') words.push(say`constants in RAM`);
  return say`${words.filter((w) => w !== undefined)}`;
}

/** int16 has no offsets, whatever is asked for. */
function schemaOf(schema: string, precision: string): string {
  return precision === 'int16' && schema !== 'symmetric_with_power2_scale' ? 'symmetric' : schema;
}
