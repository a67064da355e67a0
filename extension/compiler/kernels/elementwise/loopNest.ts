import { block, type Code, times } from '../../c/code.ts';
import type { Costs } from '../../target/costs.ts';
import type { LayerContext } from '../kernel.ts';
import type { Layout } from '../../values/layout.ts';

/** Which operand of a step: its output, or an input by its place. */
export type OperandName = 'output' | number;

/** How far a step of a loop leads: elements, or the name of a table that says for each turn how far from the start. */
export type Stride = number | string;

/** One array walked by a loop nest: whose it is, where it starts and how far a step of each loop moves it. */
export interface Walk {
  readonly of: OperandName;
  readonly start: number;
  readonly steps: readonly Stride[];
}

/** Loops (extents, outermost first) over several arrays at once. */
export interface Nest {
  readonly extents: readonly number[];
  readonly walks: readonly Walk[];
}

/** A walk over a layout in the order of an output shape: numpy broadcasting where the layout is smaller. */
export function broadcastWalk(of: OperandName, l: Layout, shape: readonly number[]): Walk {
  const lead = shape.length - l.shape.length;
  const steps = shape.map((_, k) => (k < lead || l.shape[k - lead] === 1 ? 0 : l.strides[k - lead]!));
  return { of, start: l.origin, steps };
}

/** Joins neighbouring loops that every array walks as one, and drops loops of one step. */
export function simplify(nest: Nest): Nest {
  const keep = nest.extents.map((_, k) => k).filter((k) => nest.extents[k] !== 1);
  let extents = keep.map((k) => nest.extents[k]!);
  let walks = nest.walks.map((w) => ({ ...w, steps: keep.map((k) => w.steps[k]!) }));
  for (let k = extents.length - 2; k >= 0; k--) {
    if (!walks.every((w) => isOne(w.steps[k]!, w.steps[k + 1]!, extents[k + 1]!))) continue;
    const joined = extents[k]! * extents[k + 1]!;
    extents = [...extents.slice(0, k), joined, ...extents.slice(k + 2)];
    walks = walks.map((w) => ({ ...w, steps: [...w.steps.slice(0, k), ...w.steps.slice(k + 1)] }));
  }
  return { extents, walks };
}

/** Whether a walk goes on from one loop to the next around it as it goes in the inner one. */
function isOne(outer: Stride, inner: Stride, extent: number): boolean {
  return typeof inner === 'number' && outer === inner * extent;
}

/** Two for each dimension that a model's tensor may have; not the names that statements use themselves (n, t, u, v, f). */
const INDEX = ['i', 'j', 'k', 'l', 'm', 'o', 'p', 'q', 'r', 's', 'w', 'x', 'y', 'z', 'a', 'b'];

/** C loops around statements that are given the element expression of each walk, in order. */
export function emitNest(
  pointers: Pick<LayerContext, 'inputs' | 'output'>,
  nest: Nest,
  statements: (elements: readonly string[]) => Code,
): Code {
  const { extents, walks } = simplify(nest);
  const access = walks.map((w) => {
    const terms = w.steps.flatMap((s, d) => (s === 0 || isBackward(s) ? [] : [termOf(s, INDEX[d]!)]));
    if (w.start !== 0 || terms.length === 0) terms.push(String(w.start));
    const less = w.steps.flatMap((s, d) => (isBackward(s) ? [` - ${termOf(-s, INDEX[d]!)}`] : []));
    const pointer = w.of === 'output' ? pointers.output : pointers.inputs[w.of]!;
    return `${pointer}[${terms.join(' + ')}${less.join('')}]`;
  });
  return extents.reduceRight<Code>((body, n, d) => {
    const i = INDEX[d]!;
    return [block(`for (uint32_t ${i} = 0; ${i} < ${n}; ${i}++)`, body)];
  }, statements(access));
}

function isBackward(step: Stride): step is number {
  return typeof step === 'number' && step < 0;
}

function termOf(step: Stride, index: string): string {
  // what a short table holds would become an int beside the other terms
  return typeof step === 'string' ? `(uint32_t)${step}[${index}]` : times(index, step);
}

/** Predicted cycles of the loops around statements of `perElement` cycles each. */
export function nestCycles(nest: Nest, perElement: number, { nest: costs }: Costs): number {
  const { extents, walks } = simplify(nest);
  const strided = walks.filter(({ steps }) => {
    const inner = steps.at(-1) ?? 0;
    return typeof inner === 'string' || Math.abs(inner) > 1;
  }).length;
  let iterations = 1;
  let cycles = 0;
  extents.forEach((n, d) => {
    iterations *= n;
    cycles += iterations * (d === extents.length - 1 ? costs.innerLoop : costs.outerLoop);
  });
  return cycles + iterations * (perElement + strided * costs.strided);
}
