import { type Code, plus } from '../../c/code.ts';
import type { Target } from '../../target/target.ts';
import type { Operand, Step } from '../../values/step.ts';
import type { Costs } from '../../target/costs.ts';
import { fillCost, loadCost } from '../border.ts';
import type { Kernel, LayerContext } from '../kernel.ts';
import { broadcastWalk, emitNest, type Nest, nestCycles, type OperandName, type Walk } from './loopNest.ts';

/** Loops over the elements of an output, and what stands in them. */
export interface ElementLoops {
  readonly nest: Nest;
  /** Predicted cycles of the statements, once. */
  readonly cycles: number;
  /** Statements given the element of each walk, in order. */
  readonly statements: (context: LayerContext, elements: readonly string[]) => Code;
}

/** A kernel that visits elements one by one, in whatever layouts its operands have. */
export function elementKernel(
  step: Step,
  target: Target,
  loops: readonly ElementLoops[],
  more: { readonly macs?: number; readonly declare?: (context: LayerContext) => Code } = {},
): Kernel {
  const { layout } = step.output;
  return {
    variant: 'loops',
    macs: more.macs ?? 0,
    cycles:
      target.costs.call +
      fillCost(target.costs, layout) +
      loops.reduce((n, l) => n + nestCycles(l.nest, l.cycles, target.costs), 0),
    codeBytes: 80,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'element by element',
    emit: (context) => [
      ...(more.declare?.(context) ?? []),
      ...loops.flatMap((l) => emitNest(context, l.nest, (elements) => l.statements(context, elements))),
    ],
  };
}

/** A turn for each element of the output, and of all inputs, with broadcasting; constants come through in0 / in1 like values. */
export function elementNest({ inputs, output: { layout } }: Step): Nest {
  const { shape } = layout;
  const walks = inputs.map((x, k) => broadcastWalk(k, x.layout, shape));
  return { extents: shape, walks: [broadcastWalk('output', layout, shape), ...walks] };
}

/** A walk over a part of an output, or over an input, in the strides of its own layout. */
export function ownWalk(
  of: OperandName,
  { layout }: Operand,
  start = layout.origin,
  order?: readonly number[],
): Walk {
  return { of, start, steps: order ? order.map((d) => layout.strides[d]!) : layout.strides };
}

/** Predicted cycles of moving an element: into another storage, or as it is. */
export function moveCycles(costs: Costs, from: Operand, to: Operand): number {
  const asItIs = from.layout.type === to.layout.type;
  const { copy, copyWide, move } = costs.nest;
  if (!asItIs) return loadCost(costs, from.layout) + move;
  return from.layout.bytesPerElement === 1 ? copy : copyWide;
}

/** The same number in the output's storage. */
export function convert(x: string, from: Operand, to: Operand): string {
  const shift = to.layout.bias - from.layout.bias;
  return shift === 0 ? x : `(${to.layout.type})(${plus(x, shift)})`;
}
