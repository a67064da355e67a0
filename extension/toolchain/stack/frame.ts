import type { CodeReader } from './code.ts';
import { ones, type Unknown } from './thumb.ts';

/** A call and how deep the stack is where it is made. */
export interface Call {
  readonly target: number;
  readonly depth: number;
}

/** How deep one function brings the stack by itself, and what it calls. */
export interface Frame {
  readonly bytes: number;
  readonly calls: readonly Call[];
}

/** Instructions followed in one function at most. */
const MAX_STEPS = 1_000_000;
/** More than any board has: a loop that deepens the stack gets here. */
const MAX_BYTES = 1 << 24;

/**
 * Follows every way through a function until it returns; what it jumps to at its end belongs to it.
 * @returns why nothing can be said, where that is so
 */
export function frameOf(code: CodeReader, entry: number): Frame | Unknown {
  const deepestAt = new Map<number, number>();
  const calls = new Map<number, number>();
  const ways = [{ at: entry, depth: 0 }];
  let bytes = 0;
  let steps = 0;
  for (let way = ways.pop(); way; way = ways.pop()) {
    let { at, depth } = way;
    // what registers hold, as far as it is known: a number, or what was on the stack
    const registers = new Map<number, number | 'saved'>();
    // instructions to come that an IT may skip
    let skippable = 0;
    for (;;) {
      const before = deepestAt.get(at);
      if (before !== undefined && before >= depth) break;
      deepestAt.set(at, depth);
      if (++steps > MAX_STEPS || depth > MAX_BYTES) return 'stack';
      const effect = code.effectAt(at);
      if (!effect) return 'jump'; // out of the code
      const isSkippable = skippable > 0;
      if (isSkippable) skippable--;
      let ends = false;
      switch (effect.kind) {
        case 'move':
          // where it may be skipped the deeper way goes on
          if (!isSkippable || effect.bytes > 0) depth += effect.bytes;
          break;
        case 'pop':
          if (!isSkippable) depth -= 4 * ones(effect.registers);
          for (let r = 0; r < 16; r++) if (effect.registers & (1 << r)) registers.set(r, 'saved');
          break;
        case 'moveBy': {
          const by = registers.get(effect.register);
          if (typeof by !== 'number') return 'stack';
          depth -= by | 0;
          break;
        }
        case 'constant':
          registers.set(effect.register, effect.value);
          break;
        case 'literal': {
          const word = code.wordAt(effect.address);
          if (word === undefined) registers.delete(effect.register);
          else registers.set(effect.register, word);
          break;
        }
        case 'shift': {
          const from = registers.get(effect.from);
          if (typeof from !== 'number') registers.delete(effect.register);
          else registers.set(effect.register, from << effect.by);
          break;
        }
        case 'none':
          for (const register of registers.keys()) {
            if (effect.writes & (1 << register)) registers.delete(register);
          }
          break;
        case 'call':
          if (code.isInside(effect.target, at)) {
            // how ARMv6-M jumps further than a B reaches
            ways.push({ at: effect.target, depth });
            ends = true;
          } else {
            calls.set(effect.target, Math.max(depth, calls.get(effect.target) ?? 0));
            registers.clear();
          }
          break;
        case 'branch':
          ways.push({ at: effect.target, depth });
          ends = effect.always && !isSkippable;
          break;
        case 'jumpTo':
          if (registers.get(effect.register) !== 'saved') return 'jump';
          ends = !isSkippable;
          break;
        case 'return':
          ends = !isSkippable;
          break;
        case 'it':
          skippable = effect.length;
          break;
        case 'unknown':
          return effect.why;
      }
      bytes = Math.max(bytes, depth);
      if (ends) break;
      at += effect.size;
    }
  }
  return { bytes, calls: [...calls].map(([target, depth]) => ({ target, depth })) };
}
