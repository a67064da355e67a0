import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../../extension/bundle/bundle.ts';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import type { Target } from '../../../extension/compiler/target/target.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { portableTarget } from '../../support/targets.ts';
import {
  BETWEEN_CONVERSIONS,
  FAR,
  LARGE,
  LAYERS,
  NEAR,
  ON_HALVES,
  randomLayer,
  randomSample,
} from './layers.ts';
import { givenTo, quantizedOnnx } from './runtime.ts';

/** Layers of each operator that are compiled: some with weights of power-of-two scales, which hit halves all the time. */
const SEEDS = [1, 2, 3, 4];

describe('code of quantized ONNX layers', () => {
  const layers = Object.entries({
    ...LAYERS,
    ...ON_HALVES,
    ...FAR,
    ...BETWEEN_CONVERSIONS,
    ...NEAR,
    ...LARGE,
  }).flatMap(([name, make]) =>
    SEEDS.map((seed) => ({ label: `${name}_${seed}`, seed, layer: randomLayer(make, 'qdq', seed) })),
  );
  const cases = layers.map(({ label, seed, layer }, i) => {
    const found = quantizedOnnx(onnxModel(layer.spec));
    const network = i % 4 < 2 ? lookingAgain(found) : found;
    const runs = [1, 2, 3].map((k) => {
      const given = givenTo(network, randomSample(layer, 100 * seed + k));
      const values = interpret(network, given);
      return {
        inputs: new Map([...given].map(([input, q]) => [input, toBytes(q, 'int8')])),
        expected: network.outputs.map((output) => [output, [...values.get(output)!]] as const),
      };
    });
    return { label, network, runs, unrollBytes: i % 2 === 0 ? 20000 : 0 };
  });
  type Case = (typeof cases)[number];

  const compiled = (prefix: string, targetOf: (unrollBytes: number) => Target): Map<Case, Bundle> =>
    new Map(
      cases.map((c) => [
        c,
        compileBundle(c.network, { name: `${prefix}_${c.label}`, target: targetOf(c.unrollBytes) }),
      ]),
    );
  const assertComputed = (run: (c: Case, inputs: Case['runs'][number]['inputs']) => ByName): void => {
    for (const c of cases) {
      for (const { inputs, expected } of c.runs) {
        const outputs = run(c, inputs);
        for (const [output, q] of expected)
          assert.deepEqual(fromBytes(outputs.get(output)!, 'int8'), q, `${c.label}: ${output}`);
      }
    }
  };

  it('computes what the interpreter does, on the PC under sanitizers', () => {
    const bundles = compiled('host', portableTarget);
    const host = new HostModels([...bundles.values()]);
    try {
      assertComputed((c, inputs) => host.run([{ bundle: bundles.get(c)!, inputs }])[0]!);
    } finally {
      host.remove();
    }
  });

  const bundles = compiled('core', (unrollBytes) => targetFor('cortex-m0plus', unrollBytes));

  it('and on the simulated Cortex-M0+', () => {
    const core = new CompiledModels([...bundles.values()]);
    assertComputed((c, inputs) => core.run(bundles.get(c)!, inputs).outputs);
  });

  it('there also where the library loses every register that a function may lose', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-losing-'));
    try {
      const file = path.join(folder, 'losing.s');
      writeFileSync(file, LOSING.map(losing).join('\n'));
      const wraps = LOSING.map((name) => `-Wl,--wrap=${name}`);
      const core = new CompiledModels([...bundles.values()], [file, ...wraps]);
      assertComputed((c, inputs) => core.run(bundles.get(c)!, inputs).outputs);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

type ByName = ReadonlyMap<string, Uint8Array>;

/** What generated assembly calls of gcc's library. */
const LOSING = ['__aeabi_i2f', '__aeabi_fmul'];

/** A function that returns in r0 what the library's does; of r1 to r3, r12 and the flags nothing is left (AAPCS, IHI 0042). */
function losing(name: string): string {
  return `
  .syntax unified
  .thumb
  .global __wrap_${name}
  .thumb_func
__wrap_${name}:
  push {r4, lr}
  bl __real_${name}
  ldr r1, =0xdeadbeef
  movs r2, r1
  mvns r3, r1
  mov r12, r3
  cmp r3, r1
  pop {r4, pc}
  .pool
`;
}

/** The same network, in whose layers every other result is computed exactly: the band in which the form leaves it open is as wide. */
function lookingAgain(network: QuantizedGraph): QuantizedGraph {
  const nodes = network.nodes.map((node) =>
    node.kind === 'conv2d' || node.kind === 'dense'
      ? {
          ...node,
          requant: node.requant.map((r) =>
            r.exact ? { ...r, exact: { ...r.exact, band: 2 ** (r.post - 1) } } : r,
          ),
        }
      : node,
  );
  return { ...network, nodes };
}
