import type { ConstantPool } from '../constantPool.ts';

/** Small C functions that kernels share; each is emitted once, when some kernel asks for it. */
export type Helper = 'clampU8' | 'clamp' | 'max' | 'fill';

/** A function of Thumb assembly that layers share: the vector in r0, `struct NAME_dot` in r1, AAPCS. */
export interface Routine {
  /** Behind the network's name. */
  readonly name: string;
  readonly lines: readonly string[];
}

export interface EmitContext {
  /** The network's name. */
  readonly network: string;
  /** Macro of the generated file that is 1 where assembly is compiled. */
  readonly thumb: string;
  readonly constants: ConstantPool;
  /** Name of a routine in the generated file; asking for it has it emitted. */
  routine(routine: Routine): string;
  /** Name of a helper in the generated file; asking for it has it emitted. */
  helper(name: Helper): string;
}

/** A kernel's inner part as Thumb assembly: a function of two or three pointers. */
export interface Assembly {
  /** C expressions of the pointers it is called with. */
  readonly input: string;
  readonly output: string;
  /** The third, when it reads the constant memory. */
  readonly constants?: string;
  /** Instructions and labels, unified syntax; r0 is the input, r1 the output, r2 the constants, AAPCS. */
  readonly lines: readonly string[];
}

/**
 * One way to compute a step. Several kernels of a family stand side by side, and the cheapest that fits the target's code
 * budget is emitted (choose.ts).
 */
export interface Kernel {
  readonly variant: string;
  /** Multiply-accumulates executed, padding and skipped rows accounted for. */
  readonly macs: number;
  /** Predicted cycles on Cortex-M0+ at zero wait states (cost.ts says how the terms were measured). */
  readonly cycles: number;
  /** Predicted bytes of Thumb code. */
  readonly codeBytes: number;
  /** Bytes of scratch memory needed while the step runs. */
  readonly scratchBytes: number;
  /** Which of gcc's levels the code is written for: straight-line code is better at -Os, loops at -O2. */
  readonly optimize: 'size' | 'speed';
  /** What a reader should know about this variant, in a line of the comment above the function. */
  readonly note: string;
  /**
   * The C statements. They may use `in` (or `in0`, `in1`, ..), `out`, `scratch` and `constants`; whatever they do not name is
   * left out of the function's parameters.
   */
  emit(context: EmitContext): string[];
  /** The same as assembly for ARMv6-M; what `emit` gives then is its twin for every other core and compiler. */
  assembly?(context: EmitContext): Assembly;
}
