import type { ElfFile } from '../../toolchain/elf.ts';
import { CodeReader } from '../../toolchain/stack/code.ts';

/** A call in a function of straight-line code. */
export interface CallSite {
  readonly at: number;
  readonly target: number;
  readonly returnsTo: number;
}

/** The entry function of a network: its layers' calls in the order in which they are made, and where it returns. */
export interface EntryFunction {
  readonly address: number;
  readonly calls: readonly CallSite[];
  readonly returnsAt: number;
}

/** Far more than the calls of the largest network take. */
const MOST_INSTRUCTIONS = 100_000;

/** Reads a function's machine code; undefined where there is none of that name, or it is not straight-line code. */
export function readEntry(elf: ElfFile, name: string): EntryFunction | undefined {
  const code = new CodeReader(elf);
  const address = code.functionAt(name);
  if (address === undefined) return undefined;
  const calls: CallSite[] = [];
  let at = address;
  for (let n = 0; n < MOST_INSTRUCTIONS; n++) {
    const effect = code.effectAt(at);
    if (!effect) return undefined;
    switch (effect.kind) {
      case 'call':
        calls.push({ at, target: effect.target, returnsTo: at + effect.size });
        break;
      case 'return':
      case 'jumpTo':
        return { address, calls, returnsAt: at };
      case 'branch':
        // compilers that do not optimize jump to the function's end
        if (!effect.always || effect.target <= at) return undefined;
        at = effect.target;
        continue;
      case 'unknown':
        // how far the stack moves does not matter
        if (effect.why !== 'stack') return undefined;
    }
    at += effect.size;
  }
  return undefined;
}
