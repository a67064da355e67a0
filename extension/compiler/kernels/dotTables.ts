import type { DotProducts } from './dot.ts';
import type { EmitContext } from './kernel.ts';
import { storeBias } from './requant.ts';
import { foldChannels } from './weighted.ts';
import { tableAt } from './text.ts';

/** How dot products read their channels' requantization: as literals where all are equal, else from tables. */
export interface DotTables {
  readonly declare: readonly string[];
  readonly init: (j: number) => string;
  readonly value: (acc: string, j: number) => string;
  readonly advance: (n: number) => string[];
  /** Where the tables lie in the constant memory. */
  readonly offsets: Readonly<Partial<Record<'bias' | 'constant' | 'multiplier', number>>>;
  readonly multiplierBytes: 1 | 2 | 4;
  readonly pre: number;
  readonly post: number;
  /** Outputs saturate to all of 0..255. */
  readonly full: boolean;
}

/**
 * Adds the tables to the constant memory.
 *
 * @param fillTo for the assembly, which has no literals: tables even where all channels are equal, each group's filled up to
 * whole blocks of so many channels
 */
export function dotTables(context: EmitContext, d: DotProducts, fillTo: number | undefined): DotTables {
  const folded = foldChannels(d.node, d.x, d.y, d.taps);
  // one init, one pre-shift and one shift for the layer; quantizeWeights gives all channels the same shifts
  const { pre, post, multiplier: firstMultiplier, constant: firstConstant } = folded[0]!;
  const inits = folded.map((f) => f.init);
  const multipliers = folded.map((f) => f.multiplier);
  const constants = folded.map((f) => f.constant);
  const literal = (list: readonly number[]): boolean =>
    fillTo === undefined && list.every((n) => n === list[0]);
  const [needsInit, sameMultiplier, sameConstant] = [
    inits.some((n) => n !== 0),
    literal(multipliers),
    literal(constants),
  ];
  const declare: string[] = [];
  const moves: ((n: number) => string)[] = [];
  const table = (name: string, data: readonly number[], bytes: 1 | 2 | 4): number => {
    const type = bytes === 4 ? 'int32_t' : bytes === 2 ? 'uint16_t' : 'uint8_t';
    const offset = context.constants.add(fillGroups(data, d.channels, fillTo ?? 1), bytes);
    declare.push(`const ${type} *${name} = ${tableAt(type, offset)};`);
    moves.push((n) => `${name} += ${n};`);
    return offset;
  };
  const widest = Math.max(...multipliers);
  const multiplierBytes = widest < 256 ? 1 : widest < 65536 ? 2 : 4;
  const bias = storeBias(d.y.layout);
  return {
    offsets: {
      ...(needsInit ? { bias: table('bias', inits, 4) } : {}),
      ...(sameConstant ? {} : { constant: table('constant', constants, 4) }),
      ...(sameMultiplier ? {} : { multiplier: table('multiplier', multipliers, multiplierBytes) }),
    },
    multiplierBytes,
    pre,
    post,
    full: d.node.lo + bias <= 0 && d.node.hi + bias >= 255,
    declare,
    init: (j) => (needsInit ? `bias[${j}]` : ''),
    value: (acc, j) => {
      const shifted = pre > 0 ? `(${acc} >> ${pre})` : acc;
      const m = sameMultiplier ? String(firstMultiplier) : `multiplier[${j}]`;
      const c = sameConstant ? `(${firstConstant})` : `constant[${j}]`;
      return `(${shifted} * ${m} + ${c}) >> ${post}`;
    },
    advance: (n) => moves.map((m) => m(n)),
  };
}

/** Zeros behind each group of `channels` numbers, up to whole blocks. */
function fillGroups(data: readonly number[], channels: number, block: number): number[] {
  const rest = (block - (channels % block)) % block;
  const filled: number[] = [];
  for (let k = 0; k < data.length; k += channels) {
    filled.push(...data.slice(k, k + channels), ...new Array<number>(rest).fill(0));
  }
  return filled;
}
