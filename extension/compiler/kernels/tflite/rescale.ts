import type { QRescale, SignedMultiplier } from '../../../quantize/quantizedGraph.ts';
import type { Multiplier } from '../../../quantize/tflite/fixedPoint.ts';
import { plus } from '../../c/code.ts';
import type { Operand } from '../../values/step.ts';
import { centred } from '../elementwise/binary.ts';
import { elementKernel, elementNest } from '../elementwise/nests.ts';
import type { Helper, Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { saturate, storeBias } from '../requant.ts';

/** What `requantizeShort` takes. */
const SHORT = { size: 32768, shift: 14 } as const;

/** Number by number, requantized as TensorFlow Lite Micro does. */
export const rescale: KernelMaker<'rescale'> = {
  computes: ['rescale'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const x = step.inputs[0]!;
    return elementKernel(step, target, [
      {
        nest: elementNest(step),
        cycles: target.costs.nest.requant,
        statements: (context, [o, i]) => {
          const stored = plus('v', y.value.offset + storeBias(y.layout));
          return [
            `const int32_t n = ${centred(i!, x)};`,
            `const int32_t v = ${rescaled(context, node, x)};`,
            // results of int32 are known to fit
            `${o} = ${y.value.type === 'int32' ? stored : saturate(context, stored, node.lo, node.hi, y.layout)};`,
          ];
        },
      },
    ]);
  },
};

/** n requantized, one way or, by its sign, the other. */
function rescaled(context: LayerContext, { above, below }: QRescale, { value }: Operand): string {
  const most = Math.max(value.hi - value.offset, value.offset - value.lo);
  const by = (n: string, { multiplier, shift }: Multiplier): string => {
    if (multiplier === 2 ** 30 && shift === 1) return n;
    const helper: Helper = most <= SHORT.size && shift <= SHORT.shift ? 'requantizeShort' : 'requantize';
    return `${context.helper(helper)}(${n}, ${multiplier}, ${shift})`;
  };
  const first = by('n', above);
  const second = signed(below, (n) => by(n, below));
  return first === second ? first : `n < 0 ? ${second} : ${first}`;
}

function signed({ negates }: SignedMultiplier, of: (n: string) => string): string {
  if (negates === 'number') return of('-n');
  return negates === 'result' ? `-${of('n')}` : of('n');
}
