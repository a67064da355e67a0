import type { ExactRequant, WideRequant } from '../../../quantize/requantize.ts';
import { type Code, intLiteral, plus } from '../../c/code.ts';
import type { AddressAs, CType } from '../../c/types.ts';
import type { LayerContext } from '../kernel.ts';
import { exactOf, isFullByte, requantCall } from '../requant.ts';
import { foldChannels } from '../weighted.ts';
import type { DotProducts } from './products.ts';

type Name = 'bias' | 'constant' | 'multiplier' | 'exact' | 'shift';

/** How dot products read their channels' requantization: as literals where all are equal, else from tables. */
export interface DotTables {
  readonly declare: Code;
  readonly init: (j: number) => string | undefined;
  readonly value: (acc: string, j: number) => string;
  readonly advance: (n: number) => Code;
  /** Addresses of the tables in the constant memory. */
  readonly tables: Readonly<Partial<Record<Name, AddressAs>>>;
}

/** Requantization of dot products, before it becomes tables or literals. */
export interface DotRequant {
  readonly inits: readonly number[];
  readonly multipliers: readonly number[];
  readonly constants: readonly number[];
  readonly needsInit: boolean;
  readonly multiplierBytes: 1 | 2 | 4;
  readonly pre: number;
  readonly post: number;
  /** Outputs saturate to all of 0..255. */
  readonly full: boolean;
  /** The exact requantization of each channel, where the layer is computed so; the output's offset as it is stored. */
  readonly exact: readonly ExactRequant[] | undefined;
  /** Of sums in 64 bits, each channel's. */
  readonly wide: readonly WideRequant[] | undefined;
  readonly zero: number;
}

export function dotRequant(d: DotProducts): DotRequant {
  const folded = foldChannels(d.node, d.x, d.y, d.taps);
  // one pre-shift and one shift for the layer; quantizeWeights gives all channels the same shifts
  const { pre, post } = folded[0]!;
  const inits = folded.map((f) => f.init);
  const multipliers = folded.map((f) => f.multiplier);
  const widest = multipliers.reduce((a, b) => Math.max(a, b), 0);
  return {
    inits,
    multipliers,
    constants: folded.map((f) => f.constant),
    needsInit: inits.some((n) => n !== 0),
    multiplierBytes: widest < 256 ? 1 : widest < 65536 ? 2 : 4,
    pre,
    post,
    full: isFullByte(d.node.lo, d.node.hi, d.y.layout),
    exact: exactOf(folded),
    wide: folded[0]!.wide && folded.map((f) => f.wide!),
    zero: folded[0]!.zero,
  };
}

/**
 * Adds the tables to the constant memory.
 *
 * @param fillTo for the assembly, which has no literals: tables even where all channels are equal, each group's filled up to
 * whole blocks of so many channels
 */
export function dotTables(
  context: LayerContext,
  d: DotProducts,
  requant: DotRequant,
  fillTo: number | undefined,
): DotTables {
  const { inits, multipliers, constants, needsInit, multiplierBytes, pre, post, exact, wide } = requant;
  const literal = (list: readonly number[]): boolean =>
    fillTo === undefined && list.every((n) => n === list[0]);
  const [sameMultiplier, sameConstant] = [literal(multipliers), literal(constants)];
  const declare: string[] = [];
  const moves: ((n: number) => string)[] = [];
  const unsigned = { 1: 'uint8_t', 2: 'uint16_t', 4: 'int32_t' } as const;
  const table = (
    name: Name,
    data: readonly number[],
    bytes: 1 | 2 | 4,
    type: CType = unsigned[bytes],
  ): AddressAs => {
    const address = context.table(fillGroups(data, d.channels, fillTo ?? 1), bytes);
    declare.push(`const ${type} *${name} = ${address(type)};`);
    moves.push((n) => `${name} += ${n};`);
    return address;
  };
  const called = exact ?? wide;
  if (called) {
    const shifts = called.map((c) => c.shift);
    const sameShift = literal(shifts);
    const name = exact ? 'exact' : 'multiplier';
    const multiplierOf = called.map((c) => c.multiplier);
    const how = { exact: exact?.[0], wide: wide?.[0] };
    const call = (acc: string, j: number): string =>
      requantCall(context, how, acc, `${name}[${j}]`, sameShift ? `${shifts[0]!}` : `shift[${j}]`)!;
    return {
      tables: {
        ...(needsInit ? { bias: table('bias', inits, 4) } : {}),
        [name]: table(name, multiplierOf, exact ? 4 : 2),
        ...(sameShift ? {} : { shift: table('shift', shifts, 1, 'int8_t') }),
        ...(exact && fillTo !== undefined ? formTables(context, d, requant, fillTo) : {}),
      },
      declare,
      init: (j) => (needsInit ? `bias[${j}]` : undefined),
      value: (acc, j) => plus(call(acc, j), requant.zero),
      advance: (n) => moves.map((m) => m(n)),
    };
  }
  return {
    tables: {
      ...(needsInit ? { bias: table('bias', inits, 4) } : {}),
      ...(sameConstant ? {} : { constant: table('constant', constants, 4) }),
      ...(sameMultiplier ? {} : { multiplier: table('multiplier', multipliers, multiplierBytes) }),
    },
    declare,
    init: (j) => (needsInit ? `bias[${j}]` : undefined),
    value: (acc, j) => {
      const shifted = pre > 0 ? `(${acc} >> ${pre})` : acc;
      const m = sameMultiplier ? String(multipliers[0]) : `multiplier[${j}]`;
      const c = sameConstant ? `(${intLiteral(constants[0]!)})` : `constant[${j}]`;
      return `(${shifted} * ${m} + ${c}) >> ${post}`;
    },
    advance: (n) => moves.map((m) => m(n)),
  };
}

/** Of the 32-bit form beside the exact one, for the assembly; what fills up a block is within no band. */
function formTables(
  context: LayerContext,
  { channels }: DotProducts,
  { multipliers, constants, multiplierBytes }: DotRequant,
  fillTo: number,
): Pick<DotTables['tables'], 'multiplier' | 'constant'> {
  return {
    constant: context.table(fillGroups(constants, channels, fillTo, -1), 4),
    multiplier: context.table(fillGroups(multipliers, channels, fillTo), multiplierBytes),
  };
}

/** Fills up each group of `channels` numbers to whole blocks. */
function fillGroups(data: readonly number[], channels: number, block: number, by = 0): number[] {
  const rest = (block - (channels % block)) % block;
  const filled: number[] = [];
  for (let k = 0; k < data.length; k += channels) {
    for (let i = k; i < k + channels; i++) filled.push(data[i]!);
    for (let i = 0; i < rest; i++) filled.push(by);
  }
  return filled;
}
