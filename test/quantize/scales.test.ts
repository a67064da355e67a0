import assert from 'node:assert/strict';
import type { Graph, Node } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { PRECISIONS, SCHEMAS } from '../../extension/quantize/schemas.ts';
import { NetworkMaker } from '../support/network.ts';
import { quantizeInputs } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';

/** The network that computes factor * y of factor * x: biases are that much larger, weights as they are. */
function scaled(graph: Graph, factor: number): Graph {
  const nodes = graph.nodes.map((n): Node =>
    'bias' in n ? { ...n, bias: n.bias.map((b) => b * factor) } : n,
  );
  return { ...graph, nodes };
}

describe('scales', () => {
  it('of any size that float32 has: a network computes the same integers when all its numbers are 2^k times as large', () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(seed);
      const graph = new NetworkMaker(random, [1, 6, 6, 2])
        .conv(4, { kernel: [3, 3] })
        .pool('avgpool', [2, 2])
        .dense(5)
        .finish('net');
      const samples = Array.from({ length: 3 }, () => randomInputs(graph, random));
      const options = {
        ...DEFAULT_QUANTIZE_OPTIONS,
        schema: random.pick(SCHEMAS),
        precision: random.pick(PRECISIONS),
      };
      const integers = (power: number): unknown => {
        const larger = samples.map(
          (s) => new Map([...s].map(([name, data]) => [name, data.map((x) => x * 2 ** power)])),
        );
        const net = scaled(graph, 2 ** power);
        const quantized = quantize(net, profile(net, larger), options);
        return interpret(quantized, quantizeInputs(quantized, larger[0]!)).get(graph.outputs[0]!);
      };
      const expected = integers(0);
      for (const power of [-100, -70, -61, -30, 30, 100])
        assert.deepEqual(integers(power), expected, `2^${power}`);
    }
  });
});
