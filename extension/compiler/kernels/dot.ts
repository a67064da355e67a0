import type { WeightedNode } from '../../quantize/quantizedGraph.ts';
import type { Layout } from '../layout.ts';
import type { Operand } from '../program.ts';
import type { EmitContext } from './kernel.ts';
import { saturate } from './requant.ts';
import { foldChannels } from './weighted.ts';

/**
 * Dot products of one vector with the weights of several output channels, streamed from the constant memory: the inner
 * part of dense layers and of convolutions over a gathered patch.
 *
 * Channels are computed in blocks that share each activation's load. 8-bit weights are stored as w + 128, because LDRB has an
 * immediate offset and LDRSB has none; 128 * sum(x) is then taken off every accumulator.
 */
export interface DotProducts {
  readonly node: WeightedNode;
  readonly x: Operand;
  readonly y: Operand;
  /** Weights per output channel. */
  readonly taps: number;
  /** Output channels of a vector. */
  readonly channels: number;
  /** Vectors, each with channels of its own, that are multiplied one after the other (groups of a convolution); else 1. */
  readonly groups: number;
  /** Keep the larger of the result and what already stands at `q`: a max pooling over several positions. */
  readonly keepMaximum: boolean;
}

/** Channels per block: as many accumulators as fit the registers, without a remainder where possible. */
export function blockSize(channels: number): number {
  return [4, 5, 3, 2].find((b) => channels % b === 0) ?? (channels === 1 ? 1 : 4);
}

/** How weights are stored: w + 128 in bytes with the sum correction, or as they are in one or two bytes. */
function weightForm(d: DotProducts): { type: 'uint8_t' | 'int8_t' | 'int16_t'; bytes: 1 | 2; bias: number } {
  if (d.node.weights.some((w) => w < -128 || w > 127)) return { type: 'int16_t', bytes: 2, bias: 0 };
  // 128 * sum(x) must fit 32 bits along with the products
  const biased = d.x.layout.bytesPerElement === 1 && d.taps * 255 * 255 < 2 ** 30;
  return biased ? { type: 'uint8_t', bytes: 1, bias: 128 } : { type: 'int8_t', bytes: 1, bias: 0 };
}

/** C statements of dot products. */
export interface DotCode {
  /** Declares the pointers to weights and tables, which run on from vector to vector. */
  readonly declare: readonly string[];
  /** Multiplies one vector and stores its channels at `q`, which it advances by their number. */
  readonly multiply: readonly string[];
}

/** @param vector an expression of the vector's address, the same for every group */
export function emitDot(context: EmitContext, d: DotProducts, vector: string): DotCode {
  const form = weightForm(d);
  const b = blockSize(d.channels);
  const whole = Math.floor(d.channels / b);
  const rest = d.channels % b;
  const tables = addTables(context, d);
  const sum =
    form.bias > 0
      ? [
          'int32_t sum = 0;',
          `const ${d.x.layout.type} *const last = ${vector} + ${d.taps};`,
          `for (const ${d.x.layout.type} *x = ${vector}; x != last; x++) {`,
          'sum += *x;',
          '}',
          'sum *= 128;',
        ]
      : [`const ${d.x.layout.type} *const last = ${vector} + ${d.taps};`];
  const body = (n: number): string[] => blockBody(context, d, vector, tables, n);
  return {
    declare: [
      `const ${form.type} *w = (const ${form.type} *)(constants + ${addWeights(context, d)});`,
      ...tables.declare,
    ],
    multiply: [
      ...sum,
      ...(whole > 1
        ? [`for (uint32_t block = ${whole}; block != 0; block--) {`, ...body(b), '}']
        : whole === 1
          ? ['{', ...body(b), '}']
          : []),
      ...(rest > 0 ? ['{', ...body(rest), '}'] : []),
    ],
  };
}

/** Weights by block: for each input, the weights of the block's channels side by side. */
function addWeights(context: EmitContext, d: DotProducts): number {
  const form = weightForm(d);
  const b = blockSize(d.channels);
  const data: number[] = [];
  for (let g = 0; g < d.groups; g++) {
    for (let k = 0; k < d.channels; k += b) {
      const first = g * d.channels + k;
      const n = Math.min(b, d.channels - k);
      for (let i = 0; i < d.taps; i++) {
        for (let j = 0; j < n; j++) data.push(d.node.weights[(first + j) * d.taps + i]! + form.bias);
      }
    }
  }
  return context.constants.add(data, form.bytes);
}

/** How a block reads its channels' requantization: as literals where all are equal, else from tables. */
interface Tables {
  readonly declare: readonly string[];
  readonly init: (j: number) => string;
  readonly value: (acc: string, j: number) => string;
  readonly advance: (n: number) => string[];
}

function addTables(context: EmitContext, d: DotProducts): Tables {
  const folded = foldChannels(d.node, d.x, d.y, d.taps);
  // one init, one pre-shift and one shift for the layer; quantizeWeights gives all channels the same shifts
  const { pre, post } = folded[0]!;
  const allFold = folded.every((f) => f.init === 0);
  const inits = folded.map((f) => f.init);
  const sameMultiplier = folded.every((f) => f.multiplier === folded[0]!.multiplier);
  const needsInit = !allFold;
  const constants = folded.map((f) => f.constant);
  const sameConstant = constants.every((c) => c === constants[0]);
  const declare: string[] = [];
  const moves: ((n: number) => string)[] = [];
  const table = (name: string, data: readonly number[], bytes: 1 | 2 | 4): void => {
    const type = bytes === 4 ? 'int32_t' : bytes === 2 ? 'uint16_t' : 'uint8_t';
    const offset = context.constants.add(data, bytes);
    const pointer = bytes === 1 ? `constants + ${offset}` : `(const ${type} *)(constants + ${offset})`;
    declare.push(`const ${type} *${name} = ${pointer};`);
    moves.push((n) => `${name} += ${n};`);
  };
  if (needsInit) table('bias', inits, 4);
  if (!sameConstant) table('constant', constants, 4);
  const widest = Math.max(...folded.map((f) => f.multiplier));
  if (!sameMultiplier)
    table(
      'multiplier',
      folded.map((f) => f.multiplier),
      widest < 256 ? 1 : widest < 65536 ? 2 : 4,
    );
  return {
    declare,
    init: (j) => (needsInit ? `bias[${j}]` : ''),
    value: (acc, j) => {
      const shifted = pre > 0 ? `(${acc} >> ${pre})` : acc;
      const m = sameMultiplier ? String(folded[0]!.multiplier) : `multiplier[${j}]`;
      const c = sameConstant ? `(${constants[0]!})` : `constant[${j}]`;
      return `(${shifted} * ${m} + ${c}) >> ${post}`;
    },
    advance: (n) => moves.map((m) => m(n)),
  };
}

function blockBody(
  context: EmitContext,
  d: DotProducts,
  vector: string,
  tables: Tables,
  n: number,
): string[] {
  const { bias } = weightForm(d);
  const channels = Array.from({ length: n }, (_, j) => j);
  const start = (j: number): string => {
    const init = tables.init(j);
    if (bias === 0) return init || '0';
    return init ? `${init} - sum` : '-sum';
  };
  const out: Layout = d.y.layout;
  return [
    `int32_t ${channels.map((j) => `a${j} = ${start(j)}`).join(', ')};`,
    `const ${d.x.layout.type} *x = ${vector};`,
    'do {',
    'const int32_t v = *x++;',
    ...channels.map((j) => `a${j} += v * w[${j}];`),
    `w += ${n};`,
    '} while (x != last);',
    ...channels.flatMap((j) => {
      const value = saturate(context, tables.value(`a${j}`, j), d.node.lo, d.node.hi, out);
      if (!d.keepMaximum) return [`q[${j}] = ${value};`];
      return ['{', `const ${out.type} y = ${value};`, `if (y > q[${j}]) {`, `q[${j}] = y;`, '}', '}'];
    }),
    `q += ${n};`,
    ...tables.advance(n),
  ];
}
