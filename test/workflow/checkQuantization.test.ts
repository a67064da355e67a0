import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { encodePng } from '../../extension/image/png.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { dataOptions } from '../../extension/data/options.ts';
import type { Sample } from '../../extension/data/sample.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import type { Graph, Node } from '../../extension/model/graph.ts';
import {
  DEFAULT_QUANTIZE_OPTIONS,
  type GivenPart,
  type QuantizeOptions,
} from '../../extension/quantize/options.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { alternatives } from '../../extension/workflow/compare/closeness.ts';
import type { QuantizationCheck } from '../../extension/workflow/numbers/checkNetwork.ts';
import { checkQuantization } from '../../extension/workflow/steps/checkQuantization.ts';
import { profile } from '../../extension/workflow/steps/profile.ts';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';

describe('whether a quantized network stays near the float one', () => {
  let folder = '';
  let samples: Sample[] = [];
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-check-'));
    const random = new Random(5);
    for (let i = 0; i < 12; i++) {
      const data = Uint8Array.from({ length: 64 }, () => random.int(0, 255));
      await writeFile(path.join(folder, `${i}.png`), encodePng({ width: 8, height: 8, channels: 1, data }));
    }
    samples = await findSamples([folder]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function check(graph: Graph, change: Partial<QuantizeOptions> = {}): Promise<QuantizationCheck> {
    const quantization = { ...DEFAULT_QUANTIZE_OPTIONS, ...change };
    const { ranges } = await profile(graph, [folder], DEFAULT_CHOICES);
    const quantized = quantize(graph, ranges, quantization);
    const answer = { task: 'classify' } as const;
    return checkQuantization({
      graph,
      ranges,
      quantized,
      quantization,
      answer,
      samples,
      ...dataOptions(DEFAULT_CHOICES),
      labels: [],
    });
  }

  /** Layers as they are trained, and a dense one of ten classes at the end. */
  const network = (seed: number): Graph =>
    new NetworkMaker(new Random(seed), [1, 8, 8, 1])
      .conv(6, { kernel: [3, 3] })
      .conv(8, { kernel: [3, 3], stride: 2 })
      .dense(10)
      .finish('net');

  /** The same with one channel of the first layer so many times as large, which the next layer does not look at. */
  function withOutlier(seed: number, times: number): Graph {
    const graph = network(seed);
    const [first, second, ...others] = graph.nodes as [Node, Node, ...Node[]];
    assert.ok(first.kind === 'conv2d' && second.kind === 'conv2d');
    const taps = first.weights.length / first.bias.length;
    const channels = first.bias.length;
    const bias = first.bias.map((b, c) => (c === 0 ? times : b));
    const weights = first.weights.map((w, i) => (i < taps ? Math.abs(w) * times : w));
    // weights lie as output channel, row, column, input channel
    const blind = second.weights.map((w, i) => (i % channels === 0 ? 0 : w));
    return { ...graph, nodes: [{ ...first, weights, bias }, { ...second, weights: blind }, ...others] };
  }

  it('it does, as networks are trained', async () => {
    for (let seed = 0; seed < 4; seed++) {
      const { closeness, loss, trials, accuracy } = await check(network(seed));
      assert.ok(closeness.isClose, `${seed}: ${JSON.stringify(closeness)}`);
      assert.equal(closeness.samples, 12);
      assert.equal(closeness.sameTop1, accuracy.sameTop1);
      assert.ok(closeness.sqnrDb! > 20 && closeness.sqnrDb! < 60, String(closeness.sqnrDb));
      assert.deepEqual([loss, trials], [undefined, []]);
    }
  });

  it('it does not where one channel takes the whole range: the layer that reads it is named, int16 keeps it near', async () => {
    for (let seed = 0; seed < 4; seed++) {
      const graph = withOutlier(seed, 100);
      const { closeness, loss, trials } = await check(graph);
      const label = `${seed}: ${JSON.stringify({ closeness, loss, trials })}`;
      assert.equal(closeness.isClose, false, label);
      assert.equal(loss?.node, graph.nodes[1]!.name, label);
      assert.ok(loss.fromDb > 20 && loss.toDb < 10, label);
      const wide = trials.find((t) => t.change.precision === 'int16');
      assert.ok(wide, label);
      // what is said of a trial is what a port with it would find
      const with16 = await check(graph, wide.change);
      assert.deepEqual(with16.closeness, wide.closeness, label);
      assert.ok(trials.every((t) => t.closeness.isClose) || trials.length === 1, label);
    }
  });

  it('and where no choice helps none is offered', async () => {
    for (let seed = 0; seed < 3; seed++) {
      const graph = withOutlier(seed, 1e5);
      const { closeness, loss, trials } = await check(graph);
      assert.equal(closeness.isClose, false);
      assert.equal(loss?.node, graph.nodes[1]!.name);
      assert.deepEqual(trials, []);
    }
  });

  it('it does not where Top1 is another one, however little noise there is', async () => {
    const graph = network(1);
    const last = graph.nodes.at(-1)!;
    assert.equal(last.kind, 'dense');
    if (last.kind !== 'dense') return;
    // a class without a chance is large, all others nearly the same: the noise is small beside it
    const bias = last.bias.map((_, i) => (i === 0 ? -1000 : 0));
    const weights = last.weights.map((w, i) => (i < last.weights.length / 10 ? 0 : w * 0.001));
    const { closeness } = await check({
      ...graph,
      nodes: [...graph.nodes.slice(0, -1), { ...last, bias, weights }],
    });
    assert.ok(closeness.sqnrDb! > 20, String(closeness.sqnrDb));
    assert.ok(closeness.sameTop1 < 10, String(closeness.sameTop1));
    assert.equal(closeness.isClose, false);
  });

  it('is asked of the whole output where it is no list of classes', async () => {
    const graph = new NetworkMaker(new Random(3), [1, 8, 8, 1]).conv(3, { kernel: [3, 3] }).finish('net');
    const { closeness } = await check(graph);
    assert.ok(closeness.isClose, JSON.stringify(closeness));
  });

  it('choices are tried that change something: those of the rest where the file has the parameters of a part', () => {
    const chosen: QuantizeOptions = { ...DEFAULT_QUANTIZE_OPTIONS, channelwise: false };
    const tried = (given: GivenPart): string[] => alternatives(chosen, given).flatMap((c) => Object.keys(c));
    assert.deepEqual(tried('none'), ['channelwise', 'range', 'range', 'precision']);
    assert.deepEqual(tried('some'), ['channelwise', 'range', 'range']);
    assert.deepEqual(tried('all'), []);
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const graph = network(0);
    const { ranges } = await profile(graph, [folder], DEFAULT_CHOICES);
    const quantization = DEFAULT_QUANTIZE_OPTIONS;
    const quantized = quantize(graph, ranges, quantization);
    abort.abort();
    await assert.rejects(
      checkQuantization(
        {
          ...DEFAULT_CHOICES,
          graph,
          ranges,
          quantized,
          quantization,
          answer: { task: 'classify' },
          samples,
          labels: [],
        },
        { signal: abort.signal },
      ),
      { code: 'cancelled' },
    );
  });
});
