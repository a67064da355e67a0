/**
 * The example network by both compilers, whole firmware on the simulated FRDM-KE16Z: Glow's with the options of AN13438 (per
 * tensor, a profile of the 100 calibration digits), with integers and with floats as inputs and outputs, and the built-in
 * compiler's defaults. Run with the first 200 test digits. Prints Markdown; docs/benchmarks.md holds a run.
 *
 *     GLOWPORT_GLOW=folder npx tsx bench/glow.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../extension/board/catalogue.ts';
import { productRoot } from '../extension/common/resources.ts';
import { findGlow, parseGlowSetting } from '../extension/glow/find.ts';
import { probeGlow } from '../extension/glow/probe.ts';
import { encodePng } from '../extension/image/png.ts';
import { findSamples } from '../extension/data/findSamples.ts';
import { DEFAULT_CHOICES } from '../extension/workflow/choices/choices.ts';
import { measure, testSamples } from '../extension/workflow/compare/compareCompilers.ts';
import { compile } from '../extension/workflow/steps/compile.ts';
import { compileByGlow } from '../extension/workflow/steps/glow/compileByGlow.ts';
import { inspect } from '../extension/workflow/steps/inspect.ts';
import { networkOf } from '../extension/workflow/steps/glow/network.ts';
import { profile } from '../extension/workflow/steps/profile.ts';
import { testDigits } from '../test/support/mnist.ts';

const DIGITS = 200;

const glow = parseGlowSetting(process.env['GLOWPORT_GLOW'] ?? '', process.cwd());
const tools = glow === undefined ? undefined : findGlow(glow);
if (!tools) throw new Error('GLOWPORT_GLOW says where Glow is');

const board = findBoard('frdmke16z');
const { image, normalize, quantization } = DEFAULT_CHOICES;
const example = path.join(productRoot, 'examples/mnist');
const { graph, file } = await inspect({ model: path.join(example, 'mnist.onnx') });
const calibration = [path.join(example, 'calibration')];
const { ranges } = await profile(graph, calibration, DEFAULT_CHOICES);
const samples = await findSamples(calibration);

const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-bench-'));
try {
  const digits = testDigits();
  const test = Array.from({ length: DIGITS }, (_, i) => {
    const data = Uint8Array.from(digits.image(i));
    const place = path.join(folder, `${String(i).padStart(3, '0')}.png`);
    writeFileSync(place, encodePng({ width: 28, height: 28, channels: 1, data }));
    return { path: place, label: String(digits.label(i)) };
  });
  const chosen = await testSamples(graph, test, DEFAULT_CHOICES, []);
  const common = {
    model: file,
    network: networkOf(graph),
    samples,
    image,
    normalize,
    weights: 'flash',
    tools: { glow },
  } as const;
  const byGlow = (floatPlaceholders: boolean) =>
    compileByGlow({
      ...common,
      quantization: { ...quantization, channelwise: false, floatPlaceholders },
      // only what has an FPU is let have floats; here their price is the question
      board: floatPlaceholders ? { ...board, fpu: true } : board,
      extraArguments: [],
      cacheFolder: null,
    });
  const rows = [
    ['the built-in compiler', await compile(graph, ranges, { board, quantization, weights: 'flash' })],
    ['Glow', await byGlow(false)],
    ['Glow, float inputs and outputs', await byGlow(true)],
  ] as const;
  console.log(`Glow ${(await probeGlow(tools)).version}\n`);
  console.log('| code | cycles | ratio | flash | RAM | right |\n| --- | ---: | ---: | ---: | ---: | ---: |');
  let first: number | undefined;
  for (const [name, compiled] of rows) {
    const { figures } = await measure(compiled, board, { task: 'classify' }, chosen, DEFAULT_CHOICES, {
      glow,
    });
    first ??= figures.cycles.mean;
    const cells = [
      ...[figures.cycles.mean, (figures.cycles.mean / first).toFixed(2), figures.flashBytes],
      ...[figures.ramBytes, figures.right],
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
