import type { WeightPlace } from '../../project/options.ts';
import {
  DEFAULT_QUANTIZE_OPTIONS,
  type GivenPart,
  matters,
  type QuantizeOptions,
} from '../../quantize/options.ts';
import { RANGE_CHOICES } from '../../quantize/ranges.ts';
import { type Schema, SCHEMAS } from '../../quantize/schemas.ts';

/** A way to quantize a network, and where its constants are. */
export interface Variant {
  readonly quantization: QuantizeOptions;
  readonly weights: WeightPlace;
}

/** Of all variants, what somebody has decided already. */
export interface FixedChoices {
  readonly quantization: Partial<QuantizeOptions>;
  readonly weights?: WeightPlace | undefined;
}

interface VariantSpace {
  readonly given: GivenPart;
  readonly fixed: FixedChoices;
  /** Float inputs and outputs are an option. */
  readonly fpu: boolean;
  /** What is chosen now; it is among the variants in any case. */
  readonly chosen: Variant;
}

type Options = Partial<QuantizeOptions>;

/** What all combinations of are tried: that changes results or cycles of most networks. */
const COMBINED: readonly Options[] = combinations([
  [
    ...SCHEMAS.flatMap((schema) =>
      RANGE_CHOICES.map((range): Options => ({ precision: 'int8', schema, range })),
    ),
    // 16 bits have steps to spare, so that no range is cut, and no offsets
    { precision: 'int16', schema: 'symmetric' },
    { precision: 'int16', schema: 'symmetric_with_power2_scale' },
  ],
  [{ channelwise: true }, { channelwise: false }],
]);

/** What is tried for itself beside the defaults. */
const SINGLE: readonly Options[] = [
  { weightSchema: 'asymmetric' },
  { weightSchema: 'symmetric_with_power2_scale' },
  { schema: 'symmetric_with_power2_scale', weightSchema: 'symmetric_with_power2_scale' },
  { biasPrecision: 'int16' },
  { biasPrecision: 'int8' },
  { rounding: 'fast' },
  { floatPlaceholders: true },
];

/**
 * The variants that are worth trying, each network once, always in the same order: the defaults, combinations of precision,
 * schema, range and weight scales, each rarer choice for itself, the constants in RAM, and at the end what is chosen now where
 * it is none of them. What is decided already is the same in all but that.
 */
export function variantsFor({ given, fixed, fpu, chosen }: VariantSpace): Variant[] {
  const base = { ...DEFAULT_QUANTIZE_OPTIONS, ...fixed.quantization };
  const isOpen = (key: keyof QuantizeOptions, value: unknown): boolean =>
    value === base[key] || (!Object.hasOwn(fixed.quantization, key) && (key !== 'floatPlaceholders' || fpu));
  const tried = [...COMBINED, ...SINGLE].flatMap((options) => {
    const change = thatMatters(options, given);
    const entries = Object.entries(change) as [keyof QuantizeOptions, unknown][];
    return entries.every(([key, value]) => isOpen(key, value)) ? [{ ...base, ...change }] : [];
  });
  const weights = fixed.weights ?? 'flash';
  const list: Variant[] = [base, ...tried].map((quantization) => ({ quantization, weights }));
  if (fixed.weights === undefined) list.push({ quantization: base, weights: 'ram' });
  // of what does not matter nothing is compared
  list.push({ ...chosen, quantization: { ...base, ...thatMatters(chosen.quantization, given) } });
  const byId = new Map<string, Variant>();
  for (const variant of list) {
    const id = variantId(variant, given);
    if (!byId.has(id)) byId.set(id, variant);
  }
  return [...byId.values()];
}

/** The same for variants that give the same network. */
export function variantId({ quantization, weights }: Variant, given: GivenPart): string {
  return `${quantizationId(quantization, given)} ${weights}`;
}

/** The same for quantizations that give the same network: int16 has no offsets, whatever its schema. */
export function quantizationId(quantization: QuantizeOptions, given: GivenPart): string {
  const { precision, schema, weightSchema } = quantization;
  const withoutOffset = (s: Schema): Schema => (s === 'symmetric_with_power2_scale' ? s : 'symmetric');
  const told =
    precision === 'int16'
      ? { ...quantization, schema: withoutOffset(schema), weightSchema: withoutOffset(weightSchema) }
      : quantization;
  return Object.keys(DEFAULT_QUANTIZE_OPTIONS)
    .map((key) => key as keyof QuantizeOptions)
    .filter((key) => matters(key, given))
    .map((key) => String(told[key]))
    .join(' ');
}

function thatMatters(options: Options, given: GivenPart): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([key]) => matters(key as keyof QuantizeOptions, given)),
  );
}

function combinations(axes: readonly (readonly Options[])[]): Options[] {
  return axes.reduce<Options[]>(
    (all, axis) => all.flatMap((before) => axis.map((one) => ({ ...before, ...one }))),
    [{}],
  );
}
