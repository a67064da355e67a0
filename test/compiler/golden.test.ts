import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFiles } from '../../extension/bundle/files.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, type Kind, randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/** Set to write what is generated over the golden files; read the difference before committing it. */
const UPDATE = process.env['GLOWPORT_UPDATE_GOLDEN'] !== undefined;
const folder = path.join(productRoot, 'test/compiler/golden');

/** A small network of each kind of generated code: unrolled and gathered convolution, pooling, dense, elementwise. */
const NETWORKS: readonly { name: string; layers: readonly Kind[]; unrollBytes: number }[] = [
  { name: 'unrolled', layers: ['conv2d + maxpool', 'dense', 'softmax'], unrollBytes: 20000 },
  { name: 'assembly', layers: ['maxpool', 'conv2d', 'conv2d pointwise'], unrollBytes: 20000 },
  { name: 'streamed', layers: ['conv2d', 'conv2d depthwise', 'avgpool', 'dense'], unrollBytes: 0 },
  { name: 'elementwise', layers: ['add constant', 'leakyRelu', 'concat', 'transpose'], unrollBytes: 0 },
];

describe('generated bundles', () => {
  for (const { name, layers, unrollBytes } of NETWORKS) {
    it(`${name}: the same text as the golden file`, () => {
      const r = new Random(name.length);
      const maker = new GraphMaker(r);
      let value = maker.input([1, 7, 8, 2]);
      for (const kind of layers) value = maker.append(kind, value);
      const graph = maker.finish([value]);
      const quantized = quantize(graph, profile(graph, [randomInputs(graph, r)]), DEFAULT_QUANTIZE_OPTIONS);
      const bundle = compileBundle(quantized, { name, target: targetFor('cortex-m0plus', unrollBytes) });
      const again = compileBundle(quantized, { name, target: targetFor('cortex-m0plus', unrollBytes) });
      assert.deepEqual(again, bundle);
      for (const [file, content] of bundleFiles(bundle)) {
        if (!/\.(c|h|txt)$/.test(file)) continue;
        const golden = path.join(folder, file);
        if (UPDATE || !existsSync(golden)) {
          assert.ok(UPDATE, `${golden} is missing; set GLOWPORT_UPDATE_GOLDEN=1 to write it`);
          mkdirSync(folder, { recursive: true });
          writeFileSync(golden, content);
        }
        assert.equal(content, readFileSync(golden, 'utf8'), file);
      }
    });
  }
});
