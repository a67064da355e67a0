import assert from 'node:assert/strict';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { readHeader } from '../../extension/bundle/header.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { renameValues } from '../../extension/model/passes/rename.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/** Four layers, with names from a hostile file. */
function compiled(
  network: string,
  values: Readonly<Record<string, string>>,
  layers: readonly string[] = [],
): Bundle {
  const random = new Random(1);
  const plain = new NetworkMaker(random, [1, 6, 6, 2])
    .conv(4, { kernel: [3, 3] })
    .pool('maxpool', [3, 3], 2)
    .dense(3)
    .softmax()
    .finish(network);
  const renamed = renameValues(plain, new Map(Object.entries(values)));
  const graph: Graph = {
    ...renamed,
    nodes: renamed.nodes.map((n, i) => ({ ...n, name: layers[i] ?? n.name })),
  };
  const quantized = quantize(graph, profile(graph, [randomInputs(graph, random)]), DEFAULT_QUANTIZE_OPTIONS);
  return compileBundle(quantized, { name: network, target: targetFor('cortex-m0plus', 8000) });
}

const OUTPUT = 'value_3';

describe('names in generated C', () => {
  it('compile without a warning whatever the model calls its tensors and layers', () => {
    const bundles = [
      compiled('sizes', { input: 'MEM_ALIGN', [OUTPUT]: 'CONSTANT_MEM_SIZE' }),
      compiled('levels', { input: 'SPEED', [OUTPUT]: 'THUMB' }),
      compiled('twins', { input: 'a.b', [OUTPUT]: 'a/b' }),
      compiled('comments', { input: '*/ #error', [OUTPUT]: '/*"\\' }, ['*/', 'a\\', '??/', 'é\u2028"']),
      compiled('helpers', {}, ['max', 'clamp_u8', 'fill', 'clamp']),
      compiled('same', {}, ['a.b', 'a/b', 'a_b', 'a_b_2']),
      compiled('assembly', {}, ['a', 'b', 'a_thumb', 'a_thumb']),
      compiled(
        'lengthy',
        {},
        ['a', 'b', 'c', 'd'].map((n) => n.repeat(10_000)),
      ),
      // macros and functions of a network in capitals begin alike
      compiled('LOUD', { input: 'max', [OUTPUT]: 'dense' }, ['THUMB', 'SIZE', 'dense', 'max']),
      compiled('9 été', {}),
      // the network's name and another make one of C's own
      compiled('int8', { input: 'MAX', [OUTPUT]: 'C' }, ['t', 'fast8_t']),
      compiled('glow_mem', { input: 'ALIGN' }),
      compiled('timer', { input: 'H' }),
      compiled('uint8', { input: 'C', [OUTPUT]: 'MAX' }, ['t']),
    ];
    // the tests' gcc takes warnings for errors
    new CompiledModels(bundles);
    for (const b of bundles) {
      const names = readHeader(b.header, `${b.name}.h`).placeholders.map((p) => p.cName);
      assert.deepEqual(
        names,
        b.placeholders.map((p) => p.cName),
      );
      assert.equal(new Set(b.layers.map((l) => l.symbol)).size, b.layers.length);
    }
    assert.deepEqual(
      bundles[2]!.placeholders.map((p) => p.cName),
      ['a_b', 'a_b_'],
    );
  });
});
