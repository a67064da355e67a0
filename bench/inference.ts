/**
 * What the example network costs: cycles by layer, flash, RAM and stack of the bundle, for each kind of code the compiler has.
 * Compiled by arm-none-eabi-gcc at -Os, run on the simulated Cortex-M0+ (cycle table of the Arm TRM, zero flash wait states,
 * one-cycle multiplier), averaged over the first 100 test digits. Prints Markdown; docs/benchmarks.md holds a run.
 *
 *     npx tsx bench/inference.ts
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Bundle } from '../extension/bundle/bundle.ts';
import { compileBundle } from '../extension/compiler/compile.ts';
import type { Target } from '../extension/compiler/target/target.ts';
import { targetFor } from '../extension/compiler/target/targets.ts';
import { portableTarget } from '../test/support/targets.ts';
import { decodeImage } from '../extension/image/decode.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../extension/quantize/options.ts';
import { profile } from '../extension/quantize/profile.ts';
import { quantize } from '../extension/quantize/quantize.ts';
import { productRoot } from '../extension/common/resources.ts';
import { compileObject } from '../extension/toolchain/compile.ts';
import { objectSize } from '../extension/toolchain/size.ts';
import { readElf } from '../extension/toolchain/elf.ts';
import { CompiledModels } from '../test/support/compiledModel.ts';
import { importedOnnx } from '../test/support/importedOnnx.ts';
import { testDigits } from '../test/support/mnist.ts';

const DIGITS = 100;
const CPU = ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'];

const example = path.join(productRoot, 'examples/mnist');
const graph = importedOnnx(readFileSync(path.join(example, 'mnist.onnx')), {
  name: 'mnist',
  defines: { N: 1 },
});
const input = graph.inputs[0]!.name;
const samples = readdirSync(path.join(example, 'calibration'))
  .filter((f) => f.endsWith('.png'))
  .map((f) => decodeImage(readFileSync(path.join(example, 'calibration', f)), f))
  .map((image) => new Map([[input, Float32Array.from(image.data, (v) => v / 255)]]));
const ranges = profile(graph, samples);

const VARIANTS: readonly { name: string; target: Target; options?: Partial<QuantizeOptions> }[] = [
  { name: 'Thumb assembly (default)', target: targetFor('cortex-m0plus', 8192) },
  { name: 'portable C, unrolled', target: portableTarget(8192) },
  { name: 'portable C, im2col', target: portableTarget(0) },
  {
    name: 'int16, portable C',
    target: targetFor('cortex-m0plus', 8192),
    options: { precision: 'int16' },
  },
];

async function measure(bundle: Bundle, bytes: 1 | 2) {
  const models = new CompiledModels([bundle]);
  const digits = testDigits();
  let cycles = 0;
  let stack = 0;
  const layers = new Map<string, number>();
  for (let i = 0; i < DIGITS; i++) {
    const pixels = digits.image(i);
    const q =
      bytes === 1
        ? Int8Array.from(pixels, (v) => v - 128)
        : Int16Array.from(pixels, (v) => Math.round((v / 255) * 32767));
    const profiled = i === 0 ? models.profile() : undefined;
    const { cost } = models.run(bundle, new Map([[input, new Uint8Array(q.buffer)]]));
    for (const [symbol, c] of profiled?.() ?? []) layers.set(symbol, c.inclusive);
    cycles += cost.cycles;
    stack = Math.max(stack, cost.stackBytes);
  }
  const object = await compileObject(
    { name: bundle.name, source: bundle.source!, header: bundle.header },
    { cpuFlags: CPU },
  );
  const { codeBytes, constantBytes } = objectSize(readElf(object));
  return {
    cycles: Math.round(cycles / DIGITS),
    layers,
    flash: codeBytes + constantBytes + bundle.constantBytes,
    ram: bundle.mutableBytes + bundle.activationBytes,
    stack,
  };
}

const rows: string[] = [];
let first: Awaited<ReturnType<typeof measure>> | undefined;
let layerRows: string[] = [];
for (const { name, target, options } of VARIANTS) {
  const quantized = quantize(graph, ranges, { ...DEFAULT_QUANTIZE_OPTIONS, ...options });
  const bundle = compileBundle(quantized, { name: 'mnist', target });
  const m = await measure(bundle, options?.precision === 'int16' ? 2 : 1);
  first ??= m;
  const macs = bundle.layers.reduce((n, l) => n + l.macs, 0);
  rows.push(
    `| ${name} | ${m.cycles} | ${(m.cycles / first.cycles).toFixed(2)} | ${(m.cycles / macs).toFixed(2)} | ${m.flash} | ${m.ram} + ${m.stack} |`,
  );
  if (layerRows.length === 0) {
    layerRows = bundle.layers.map(
      (l) =>
        `| ${l.name} | ${l.operator} | ${l.variant} | ${l.macs} | ${m.layers.get(l.symbol) ?? '?'} | ${l.predictedCycles} |`,
    );
  }
}
console.log(`| code | cycles | ratio | cycles per MAC | flash (code + constants) | RAM + stack |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

| layer | operator | kernel | MACs | cycles | predicted |
| --- | --- | --- | ---: | ---: | ---: |
${layerRows.join('\n')}`);
