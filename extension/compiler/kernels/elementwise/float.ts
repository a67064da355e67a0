import { floatLiteral, plus } from '../../c/code.ts';
import type { Kernel, KernelMaker } from '../kernel.ts';
import { saturate, storeBias } from '../requant.ts';
import { elementKernel, elementNest } from './nests.ts';

/**
 * float32 placeholder to q. floor(x + 1/2) = (floor(2x) + 1) >> 1 needs no libm (the cast truncates, a negative remainder takes one
 * off) and no addition in float, which an FPU would fuse with the product and round otherwise than the interpreter.
 */
export const quantizeFloats: KernelMaker<'quantize'> = {
  computes: ['quantize'],
  make(step, target): Kernel {
    const y = step.output;
    const twice = 2 * Math.fround(1 / y.value.scale);
    const limit = y.layout.bytesPerElement === 1 ? 2048 : 262144;
    return elementKernel(step, target, [
      {
        nest: elementNest(step),
        cycles: target.costs.nest.quantize,
        statements: (context, [o, i]) => {
          const rounded = plus('((n + 1) >> 1)', y.value.offset + storeBias(y.layout));
          return [
            `float v = ${i} * ${floatLiteral(twice)};`,
            `v = v >= -${limit}.0f ? (v > ${limit}.0f ? ${limit}.0f : v) : -${limit}.0f; /* NaN is the lowest */`,
            'int32_t n = (int32_t)v;',
            'n -= (float)n > v;',
            `${o} = ${saturate(context, rounded, y.value.lo, y.value.hi, y.layout)};`,
          ];
        },
      },
    ]);
  },
};

export const dequantizeFloats: KernelMaker<'dequantize'> = {
  computes: ['dequantize'],
  make(step, target): Kernel {
    const x = step.inputs[0]!;
    const scale = floatLiteral(Math.fround(x.value.scale));
    const zero = x.value.offset + x.layout.bias;
    return elementKernel(step, target, [
      {
        nest: elementNest(step),
        cycles: target.costs.nest.dequantize,
        statements: (_, [o, i]) => [`${o} = (float)(${plus(i!, -zero)}) * ${scale};`],
      },
    ]);
  },
};
