import { isFloatScale } from '../../../quantize/requantize.ts';
import type { ThumbCode } from '../../assembly/thumb.ts';
import { block, type Code } from '../../c/code.ts';
import type { AddressAs } from '../../c/types.ts';
import type { Target } from '../../target/target.ts';
import { loadCost } from '../border.ts';
import type { AssemblyFunction, LayerContext } from '../kernel.ts';
import { againShare, clampCost, exactCost, isLong, saturate, storeBias } from '../requant.ts';
import { type DotProducts, weightForm } from './products.ts';
import { type DotRequant, dotRequant, type DotTables, dotTables } from './tables.ts';
import {
  DOT_ABOUT,
  DOT_STRUCT,
  EXACT_DOT_STRUCT,
  dotCode,
  dotName,
  dotRegisters,
  type DotOptions,
  THUMB_BLOCK,
} from './thumb.ts';

/** How much slower the assembly may be: layers share its code. */
const SHARED = 1.1;
/** Bytes of a call of the assembly with its tables' pointers, and a share of the routine. */
const THUMB_BYTES = 200;

/** C statements of dot products. */
export interface DotCode {
  /** Once a layer. */
  readonly setup: Code;
  /** Points to the first weights; weights and tables run on from vector to vector. */
  readonly begin: Code;
  /** Multiplies one vector and stores its channels at `q`, which it advances by their number. */
  readonly multiply: Code;
}

/** A way to compute dot products, and what it costs. */
export interface DotPlan {
  readonly isThumb: boolean;
  /** Cycles of a vector, and bytes of code. */
  readonly cycles: number;
  readonly codeBytes: number;
  /** @param vector an expression of the vector's address, the same for every group */
  emit(context: LayerContext, vector: string): DotCode;
}

/** The assembly where the core runs it, it can compute this (bytes in) and it pays; else C. */
export function planDot(d: DotProducts, target: Target): DotPlan {
  const requant = dotRequant(d);
  const portable = portableCycles(d, requant, target);
  const { type } = d.y.layout;
  const possible =
    target.instructions.thumb1Only &&
    d.x.layout.bytesPerElement === 1 &&
    (type === 'uint8_t' || (!d.keepMaximum && (type === 'int8_t' || type === 'int16_t'))) &&
    weightForm(d).bias > 0;
  if (possible) {
    const options = dotOptions(d, requant);
    const code = dotCode(options, d.taps, d.channels, bandShare(requant));
    // and the call, which has pointers to tell
    const cycles = code.cycles + target.costs.dot.call;
    if (cycles < SHARED * portable) {
      return {
        isThumb: true,
        cycles,
        codeBytes: THUMB_BYTES,
        emit: (context, vector) => emitThumb(context, d, requant, { options, code }, vector),
      };
    }
  }
  const size = blockSize(d.channels);
  return {
    isThumb: false,
    cycles: portable,
    codeBytes: size * target.costs.dot.channelBytes,
    emit: (context, vector) => {
      const tables = dotTables(context, d, requant, undefined);
      const weights = addWeights(context, d, size, false);
      return emitPortable(context, d, { block: size, fill: false }, tables, weights, vector);
    },
  };
}

/** Channels per block of C: as many accumulators as fit the registers, without a remainder where possible. */
function blockSize(channels: number): number {
  return [4, 5, 3, 2].find((b) => channels % b === 0) ?? (channels === 1 ? 1 : 4);
}

function portableCycles(d: DotProducts, { exact }: DotRequant, { costs }: Target): number {
  const { dot } = costs;
  const exactly = exact ? exactCost(costs, exact[0]!) : 0;
  const load = loadCost(costs, d.x.layout);
  const output = dot.output + exactly + clampCost(costs, d.node.lo, d.node.hi, d.y.layout);
  const size = blockSize(d.channels);
  const [whole, rest] = [Math.floor(d.channels / size), d.channels % size];
  const blockCycles = (n: number): number =>
    n === 0
      ? 0
      : dot.block +
        d.taps * (dot.input + load + n * dot.mac) +
        n * (output + (d.keepMaximum ? dot.maximum : 0));
  const sum = weightForm(d).bias > 0 ? d.taps * (dot.sum + load) : 0;
  return sum + whole * blockCycles(size) + blockCycles(rest);
}

function dotOptions(d: DotProducts, requant: DotRequant): DotOptions {
  return {
    signed: d.x.layout.type === 'int8_t',
    start: requant.needsInit,
    multiplierBytes: requant.multiplierBytes,
    full: requant.full,
    maximum: d.keepMaximum,
    exact: requant.exact && (requant.exact.some(isFloatScale) ? 'float' : 'fixed'),
    wide: d.y.layout.type === 'int16_t',
  };
}

/** The share of all channels' results that the assembly computes exactly. */
function bandShare({ exact = [], post, multipliers }: DotRequant): number {
  const shares = exact.map((e, k) => againShare({ exact: e, multiplier: multipliers[k]!, post }));
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** The assembly, with the C beside it for every other core and compiler. */
function emitThumb(
  context: LayerContext,
  d: DotProducts,
  requant: DotRequant,
  { options, code }: { options: DotOptions; code: ThumbCode },
  vector: string,
): DotCode {
  const { pre, post, full, exact, zero } = requant;
  const tables = dotTables(context, d, requant, THUMB_BLOCK);
  const weights = addWeights(context, d, THUMB_BLOCK, true);
  const portable = emitPortable(context, d, { block: THUMB_BLOCK, fill: true }, tables, weights, vector);
  const { name: structName, about, members } = exact ? EXACT_DOT_STRUCT : DOT_STRUCT;
  const struct = context.struct(structName, about, members);
  const name = context.assembly(routine(options, code, struct));
  const bias = storeBias(d.y.layout);
  const { bias: start, multiplier, constant, exact: exactMultiplier, shift } = tables.tables;
  const blocks = Math.ceil(d.channels / THUMB_BLOCK) * THUMB_BLOCK;
  // exact tables are told by their ends: the channels that are left count back from there
  const exactEnds = (n: number): Code => (exact ? [`dot.exact += ${n};`, `dot.shift += ${n};`] : []);
  return {
    setup: context.twin(
      [
        `struct ${struct} dot;`,
        `dot.taps = ${d.taps};`,
        `dot.pre = ${pre};`,
        `dot.post = ${post};`,
        ...(exact
          ? [
              `dot.bits = ${32 - post};`,
              `dot.band = ${Math.min(exact[0]!.band, 2 ** post - 1)}u << ${32 - post};`,
              `dot.zero = ${zero};`,
            ]
          : []),
        ...(d.keepMaximum || options.wide ? [] : [`dot.bias = ${d.y.layout.type === 'int8_t' ? 128 : 0};`]),
        ...(full ? [] : [`dot.low = ${d.node.lo + bias};`, `dot.high = ${d.node.hi + bias};`]),
      ],
      portable.setup,
    ),
    begin: context.twin(
      [
        `dot.weights = ${weights('uint8_t')};`,
        ...(start ? [`dot.start = ${start('int32_t')};`] : []),
        `dot.multiplier = ${multiplier!('uint8_t')};`,
        `dot.constant = ${constant!('int32_t')};`,
        ...(exact ? [`dot.exact = ${exactMultiplier!('int32_t')};`, `dot.shift = ${shift!('int8_t')};`] : []),
      ],
      portable.begin,
    ),
    multiply: context.twin(
      [
        'dot.out = q;',
        `dot.channels = ${d.channels};`,
        ...exactEnds(d.channels),
        `${name}(${d.x.layout.type === 'int8_t' ? `(const uint8_t *)${vector}` : vector}, &dot);`,
        `q += ${d.channels};`,
        ...(blocks > d.channels ? exactEnds(blocks - d.channels) : []),
      ],
      portable.multiply,
    ),
  };
}

/** The routine as layers share it. */
function routine(options: DotOptions, code: ThumbCode, struct: string): AssemblyFunction {
  return {
    name: dotName(options),
    shared: true,
    about: DOT_ABOUT,
    registers: dotRegisters(options),
    parameters: ['const uint8_t *x', `struct ${struct} *dot`],
    code,
  };
}

/** @param blocks channels per block; fill: the last block of a group is filled up in weights and tables */
function emitPortable(
  context: LayerContext,
  d: DotProducts,
  blocks: { block: number; fill: boolean },
  tables: DotTables,
  weights: AddressAs,
  vector: string,
): DotCode {
  const { type } = d.x.layout;
  const whole = Math.floor(d.channels / blocks.block);
  const rest = d.channels % blocks.block;
  const form = weightForm(d);
  const last = `const ${type} *const last = ${vector} + ${d.taps};`;
  const sum: Code =
    form.bias > 0
      ? [
          'int32_t sum = 0;',
          last,
          block(`for (const ${type} *x = ${vector}; x != last; x++)`, ['sum += *x;']),
          'sum *= 128;',
        ]
      : [last];
  const body = (n: number): Code => blockBody(context, d, vector, tables, n, blocks.fill ? blocks.block : n);
  return {
    setup: [],
    begin: [`const ${form.type} *w = ${weights(form.type)};`, ...tables.declare],
    multiply: [
      ...sum,
      ...(whole > 1
        ? [block(`for (uint32_t block = ${whole}; block != 0; block--)`, body(blocks.block))]
        : whole === 1
          ? [block('', body(blocks.block))]
          : []),
      ...(rest > 0 ? [block('', body(rest))] : []),
    ],
  };
}

/**
 * Weights by block: for each input, the weights of the block's channels side by side.
 *
 * @param fill fill the last block of a group with zeros
 */
function addWeights(context: LayerContext, d: DotProducts, size: number, fill: boolean): AddressAs {
  const form = weightForm(d);
  const data: number[] = [];
  for (let g = 0; g < d.groups; g++) {
    for (let k = 0; k < d.channels; k += size) {
      const first = g * d.channels + k;
      const n = Math.min(size, d.channels - k);
      for (let i = 0; i < d.taps; i++) {
        for (let j = 0; j < n; j++) data.push(d.node.weights[(first + j) * d.taps + i]! + form.bias);
        for (let j = n; j < size && fill; j++) data.push(form.bias);
      }
    }
  }
  return context.table(data, form.bytes);
}

/** @param stride channels that weights and tables hold of this block, n or more */
function blockBody(
  context: LayerContext,
  d: DotProducts,
  vector: string,
  tables: DotTables,
  n: number,
  stride: number,
): Code {
  const { bias } = weightForm(d);
  const channels = Array.from({ length: n }, (_, j) => j);
  const start = (j: number): string => {
    const init = tables.init(j);
    if (bias === 0) return init ?? '0';
    return init === undefined ? '-sum' : `${init} - sum`;
  };
  const out = d.y.layout;
  const sum = isLong(d.node.requant) ? 'int64_t' : 'int32_t';
  return [
    `${sum} ${channels.map((j) => `a${j} = ${start(j)}`).join(', ')};`,
    `const ${d.x.layout.type} *x = ${vector};`,
    block(
      'do',
      ['const int32_t v = *x++;', ...channels.map((j) => `a${j} += v * w[${j}];`), `w += ${stride};`],
      ' while (x != last);',
    ),
    ...channels.flatMap((j): Code => {
      const value = saturate(context, tables.value(`a${j}`, j), d.node.lo, d.node.hi, out);
      if (!d.keepMaximum) return [`q[${j}] = ${value};`];
      return [block('', [`const ${out.type} y = ${value};`, block(`if (y > q[${j}])`, [`q[${j}] = y;`])])];
    }),
    `q += ${n};`,
    ...tables.advance(stride),
  ];
}
