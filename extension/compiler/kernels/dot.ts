import type { WeightedNode } from '../../quantize/quantizedGraph.ts';
import {
  KEEP_MAXIMUM,
  REQUANT,
  streamedMac,
  THUMB_DOT_BLOCK,
  THUMB_DOT_BYTES,
  THUMB_DOT_CALL,
  THUMB_DOT_SUM,
  THUMB_DOT_TAP,
} from '../cost.ts';
import type { Layout } from '../layout.ts';
import type { Operand } from '../program.ts';
import { type DotTables, dotTables } from './dotTables.ts';
import { dotRoutine, THUMB_BLOCK } from './dotThumb.ts';
import type { EmitContext } from './kernel.ts';
import { saturate, storeBias } from './requant.ts';
import { tableAt } from './text.ts';

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
  /** Compiled for a Cortex-M0+: assembly beside the C. */
  readonly thumb: boolean;
}

/** How much slower the assembly may be: layers share its code. */
const SHARED = 1.1;

/** True where the assembly of dotThumb.ts can compute this (bytes in, bytes out) and pays. */
export function usesThumb(d: DotProducts): boolean {
  const { type } = d.y.layout;
  return (
    d.thumb &&
    d.x.layout.bytesPerElement === 1 &&
    (type === 'uint8_t' || (type === 'int8_t' && !d.keepMaximum)) &&
    weightForm(d).bias > 0 &&
    thumbCycles(d) < SHARED * portableCycles(d)
  );
}

/** Channels per block of C: as many accumulators as fit the registers, without a remainder where possible. */
function blockSize(channels: number): number {
  return [4, 5, 3, 2].find((b) => channels % b === 0) ?? (channels === 1 ? 1 : 4);
}

/** Cycles of a vector on Cortex-M0+, and bytes of code. */
export function dotCost(d: DotProducts): { cycles: number; codeBytes: number } {
  return usesThumb(d)
    ? { cycles: thumbCycles(d), codeBytes: THUMB_DOT_BYTES }
    : { cycles: portableCycles(d), codeBytes: blockSize(d.channels) * 30 };
}

function portableCycles(d: DotProducts): number {
  const output = REQUANT + 6 + (d.keepMaximum ? KEEP_MAXIMUM : 0);
  return d.taps * 5 + d.channels * (d.taps * streamedMac(blockSize(d.channels)) + output);
}

function thumbCycles(d: DotProducts): number {
  const blocks = Math.ceil(d.channels / THUMB_BLOCK);
  return THUMB_DOT_CALL + d.taps * (THUMB_DOT_SUM + blocks * THUMB_DOT_TAP) + blocks * THUMB_DOT_BLOCK;
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
  /** Once a layer. */
  readonly setup: readonly string[];
  /** Points to the first weights; weights and tables run on from vector to vector. */
  readonly begin: readonly string[];
  /** Multiplies one vector and stores its channels at `q`, which it advances by their number. */
  readonly multiply: readonly string[];
}

/** @param vector an expression of the vector's address, the same for every group */
export function emitDot(context: EmitContext, d: DotProducts, vector: string): DotCode {
  const thumb = usesThumb(d);
  const block = thumb ? THUMB_BLOCK : blockSize(d.channels);
  const tables = dotTables(context, d, thumb ? block : undefined);
  const weights = addWeights(context, d, block, thumb);
  const portable = emitPortable(context, d, vector, { block, fill: thumb }, tables, weights);
  return thumb ? emitThumb(context, d, vector, tables, weights, portable) : portable;
}

/** The assembly of dotThumb.ts, with the C beside it for every other core and compiler. */
function emitThumb(
  context: EmitContext,
  d: DotProducts,
  vector: string,
  tables: DotTables,
  weights: number,
  portable: DotCode,
): DotCode {
  const { offsets, full } = tables;
  const routine = context.routine(
    dotRoutine({
      signed: d.x.layout.type === 'int8_t',
      start: offsets.bias !== undefined,
      multiplierBytes: tables.multiplierBytes,
      full,
      maximum: d.keepMaximum,
    }),
  );
  const bias = storeBias(d.y.layout);
  const table = (member: string, offset: number | undefined): string[] =>
    offset === undefined ? [] : [`dot.${member} = ${tableAt('int32_t', offset)};`];
  const either = (assembly: readonly string[], otherwise: readonly string[]): string[] => [
    `#if ${context.thumb}`,
    ...assembly,
    ...(otherwise.length > 0 ? ['#else', ...otherwise] : []),
    '#endif',
  ];
  return {
    setup: either(
      [
        `struct ${context.network}_dot dot;`,
        `dot.taps = ${d.taps};`,
        `dot.pre = ${tables.pre};`,
        `dot.post = ${tables.post};`,
        ...(d.keepMaximum ? [] : [`dot.bias = ${d.y.layout.type === 'int8_t' ? 128 : 0};`]),
        ...(full ? [] : [`dot.low = ${d.node.lo + bias};`, `dot.high = ${d.node.hi + bias};`]),
      ],
      portable.setup,
    ),
    begin: either(
      [
        `dot.weights = constants + ${weights};`,
        ...table('start', offsets.bias),
        `dot.multiplier = constants + ${offsets.multiplier!};`,
        ...table('constant', offsets.constant),
      ],
      portable.begin,
    ),
    multiply: either(
      [
        'dot.out = q;',
        `dot.channels = ${d.channels};`,
        `${routine}(${d.x.layout.type === 'int8_t' ? `(const uint8_t *)${vector}` : vector}, &dot);`,
        `q += ${d.channels};`,
      ],
      portable.multiply,
    ),
  };
}

/** @param blocks channels per block; fill: the last block of a group is filled up in weights and tables */
function emitPortable(
  context: EmitContext,
  d: DotProducts,
  vector: string,
  blocks: { block: number; fill: boolean },
  tables: DotTables,
  weights: number,
): DotCode {
  const { block, fill } = blocks;
  const whole = Math.floor(d.channels / block);
  const rest = d.channels % block;
  const form = weightForm(d);
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
  const body = (n: number): string[] => blockBody(context, d, vector, tables, n, fill ? block : n);
  return {
    setup: [],
    begin: [`const ${form.type} *w = ${tableAt(form.type, weights)};`, ...tables.declare],
    multiply: [
      ...sum,
      ...(whole > 1
        ? [`for (uint32_t block = ${whole}; block != 0; block--) {`, ...body(block), '}']
        : whole === 1
          ? ['{', ...body(block), '}']
          : []),
      ...(rest > 0 ? ['{', ...body(rest), '}'] : []),
    ],
  };
}

/**
 * Weights by block: for each input, the weights of the block's channels side by side.
 *
 * @param fill fill the last block of a group with zeros
 */
function addWeights(context: EmitContext, d: DotProducts, block: number, fill: boolean): number {
  const form = weightForm(d);
  const data: number[] = [];
  for (let g = 0; g < d.groups; g++) {
    for (let k = 0; k < d.channels; k += block) {
      const first = g * d.channels + k;
      const n = Math.min(block, d.channels - k);
      for (let i = 0; i < d.taps; i++) {
        for (let j = 0; j < n; j++) data.push(d.node.weights[(first + j) * d.taps + i]! + form.bias);
        for (let j = n; j < block && fill; j++) data.push(form.bias);
      }
    }
  }
  return context.constants.add(data, form.bytes);
}

/** @param stride channels that weights and tables hold of this block, n or more */
function blockBody(
  context: EmitContext,
  d: DotProducts,
  vector: string,
  tables: DotTables,
  n: number,
  stride: number,
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
    `w += ${stride};`,
    '} while (x != last);',
    ...channels.flatMap((j) => {
      const value = saturate(context, tables.value(`a${j}`, j), d.node.lo, d.node.hi, out);
      if (!d.keepMaximum) return [`q[${j}] = ${value};`];
      return ['{', `const ${out.type} y = ${value};`, `if (y > q[${j}]) {`, `q[${j}] = y;`, '}', '}'];
    }),
    `q += ${n};`,
    ...tables.advance(stride),
  ];
}
