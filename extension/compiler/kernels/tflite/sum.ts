import { elements } from '../../../model/graph.ts';
import type { QTfliteAdd, SumForm } from '../../../quantize/quantizedGraph.ts';
import type { Multiplier } from '../../../quantize/tflite/fixedPoint.ts';
import { type Code, plus, times } from '../../c/code.ts';
import type { Layout } from '../../values/layout.ts';
import type { Operand, Step } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { centred, extra } from '../elementwise/binary.ts';
import { elementKernel, elementNest } from '../elementwise/nests.ts';
import { lookAgain, saturate, storeBias } from '../requant.ts';

/** What `requantizeRaised` moves its number up by. */
const RAISED = 15;

/**
 * Sums and differences that TensorFlow Lite's three requantizations define: as one 32-bit form, whose result is looked at again only
 * where it may be 1 too high.
 */
export const sumOfTflite: KernelMaker<'tfliteAdd'> = {
  computes: ['tfliteAdd'],
  make(step, target): Kernel {
    const loops = {
      nest: elementNest(step),
      cycles: target.costs.nest.add + extra(step, target),
      statements: (context, [o, p, q]) => statements(context, step, o!, p!, q!),
    } satisfies Parameters<typeof elementKernel>[2][number];
    return elementKernel(step, target, [loops], { macs: elements(step.output.layout.shape) });
  },
};

function statements(
  context: LayerContext,
  { node, inputs, output }: Step<QTfliteAdd>,
  o: string,
  p: string,
  q: string,
): Code {
  const [a, b] = inputs as [Operand, Operand];
  const y = output.layout;
  const exact = (): string => exactSum(context, node, output, centred(p, a), centred(q, b));
  const store = (v: string): Code => [`${o} = ${saturate(context, v, node.lo, node.hi, y)};`];
  const { form } = node;
  if (!form) return store(exact());
  const sum = `${times(p, form.ma)} + ${times(q, form.mb)}`;
  const linear = plus(sum, formConstant(form, a.layout, b.layout, y));
  if (form.band === 0) return store(`(${linear}) >> ${form.post}`);
  return [...lookAgain(linear, form, `v = ${exact()};`), ...store('v')];
}

function formConstant({ constant, ma, mb, post }: SumForm, a: Layout, b: Layout, y: Layout): number {
  return constant - a.bias * ma - b.bias * mb + storeBias(y) * 2 ** post;
}

/** The sum as it is defined, in stored units. */
function exactSum(context: LayerContext, node: QTfliteAdd, y: Operand, p: string, q: string): string {
  const requantize = context.helper('requantize');
  const scaled = (x: string, { multiplier, shift }: Multiplier): string =>
    `${requantize}(${x}, ${multiplier}, ${shift})`;
  const unit = `(1 << ${node.left})`;
  const moved = (x: string, m: Multiplier): string =>
    node.left === RAISED
      ? `${context.helper('requantizeRaised')}(${x}, ${m.multiplier}, ${-m.shift})`
      : scaled(`(${x}) * ${unit}`, m);
  const [first, second] = [moved(p, node.a), moved(q, node.b)];
  const sum = scaled(`${first} ${node.subtracts ? '-' : '+'} ${second}`, node.out);
  return plus(sum, y.value.offset + storeBias(y.layout));
}
