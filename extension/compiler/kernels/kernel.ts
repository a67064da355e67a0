import type { ThumbCode } from '../assembly/thumb.ts';
import type { Code } from '../c/code.ts';
import type { AddressAs, CType } from '../c/types.ts';
import type { Target } from '../target/target.ts';
import type { StepKind, StepOf } from '../values/step.ts';

/** Small C functions that kernels share; each is emitted once, when some kernel asks for it. */
export type Helper =
  | 'clampU8'
  | 'clamp'
  | 'max'
  | 'fill'
  | 'highMul'
  | 'shiftRight'
  | 'requantize'
  | 'scale'
  | 'average'
  | 'divide'
  | 'interpolate'
  | 'requantizeShort'
  | 'requantizeRaised'
  | 'requantizeWide'
  | 'requantizeLong'
  | 'sigmoid'
  | 'tanh';

/** A function of assembly, called as a C function is (AAPCS): parameters in r0 to r3. */
export interface AssemblyFunction {
  /** Behind the network's name when layers share it, else behind the layer's. Functions of one name are the same. */
  readonly name: string;
  readonly shared: boolean;
  /** What it does, for the comment above it: lines of prose. */
  readonly about: readonly string[];
  /** What registers and stack hold. */
  readonly registers: readonly (readonly [where: string, what: string])[];
  /** C declarations of its parameters. */
  readonly parameters: readonly string[];
  readonly code: ThumbCode;
}

/**
 * What a kernel writes its layer's function with. Whatever it asks for here is emitted, declared or passed to the function; what
 * it does not ask for is not.
 */
export interface LayerContext {
  /** Pointers to the inputs, named as the function's parameters, in the step's order. */
  readonly inputs: readonly string[];
  /** Pointer to the output. */
  readonly output: string;
  /** Puts a table into the constant memory; the result gives the address of the table as a pointer to a C type. */
  table(data: ArrayLike<number>, bytesPerElement: 1 | 2 | 4): AddressAs;
  /** The step's scratch memory as a pointer to a C type; Kernel.scratchBytes says how much there is. */
  scratch(type: CType): string;
  /** Name of a helper in the generated file. */
  helper(name: Helper): string;
  /** Name of a struct in the generated file, declared once where assembly is compiled. */
  struct(name: string, about: string, members: readonly string[]): string;
  /** Name of a function of assembly in the generated file. */
  assembly(routine: AssemblyFunction): string;
  /** Statements for cores that run the assembly, and their twin in C for every other core and compiler. */
  twin(assembly: Code, portable: Code): Code;
}

/**
 * One way to compute a step. Several kernels stand side by side, and the cheapest that fits the target's code budget is
 * emitted (choose.ts).
 */
export interface Kernel {
  readonly variant: string;
  /** Multiply-accumulates executed, padding and skipped rows accounted for. */
  readonly macs: number;
  /** Predicted cycles of one call on the target at zero wait states. */
  readonly cycles: number;
  /** Predicted bytes of code. */
  readonly codeBytes: number;
  /** Bytes of scratch memory needed while the step runs. */
  readonly scratchBytes: number;
  /** Which of gcc's levels the code is written for: straight-line code is better at -Os, loops at -O2. */
  readonly optimize: 'size' | 'speed';
  /** What a reader should know about this variant, in a line of the comment above the function. */
  readonly note: string;
  /** The statements of the layer's function. The border of an output that is not written in place is filled before. */
  emit(context: LayerContext): Code;
}

/** A kind of kernel: which operators it computes, and the kernel for a step, if it can compute it on the target. */
export interface KernelMaker<K extends StepKind = StepKind> {
  readonly computes: readonly K[];
  make(step: StepOf<K>, target: Target): Kernel | undefined;
}
