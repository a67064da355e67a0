import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import type { Node } from '../../extension/model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { graphHash, readProfile, writeProfile } from '../../extension/quantize/profileYaml.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { chooseRange, RangeCollector } from '../../extension/quantize/ranges.ts';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, randomInputs } from '../support/randomGraph.ts';

function example() {
  const maker = new GraphMaker(new Random(5));
  const graph = maker.finish([maker.append('dense', maker.append('conv2d', maker.image()))]);
  const r = new Random(6);
  return { graph, samples: Array.from({ length: 5 }, () => randomInputs(graph, r)) };
}

describe('a layer that computes infinities', () => {
  it('is named, and what follows it is not', () => {
    const net = new NetworkMaker(new Random(1), [1, 4]).dense(3).dense(3).dense(2).finish('net');
    const [first, second, third] = net.nodes;
    const graph = {
      ...net,
      nodes: [first!, { ...second!, weights: new Float32Array(9).fill(3e38) } as Node, third!],
    };
    const x = new Map([['input', Float32Array.of(1, 2, 3, 4)]]);
    assert.throws(
      () => quantize(graph, profile(graph, [x]), DEFAULT_QUANTIZE_OPTIONS),
      (e: unknown) =>
        e instanceof UserError &&
        e.code === 'model' &&
        /^The dense layer 'layer_1' computes numbers that are not finite: 'value_1' ranges from .*Infinity/.test(
          e.message,
        ),
    );
    const infinite = new Map([['input', Float32Array.of(1, 2, 3, Infinity)]]);
    assert.throws(
      () => quantize(net, profile(net, [infinite]), DEFAULT_QUANTIZE_OPTIONS),
      /^UserError: The input 'input' is given numbers that are not finite: from 1 to Infinity\.$/,
    );
  });

  it('or what is no number, is named too', () => {
    for (const [type, told] of [
      ['log', '-Infinity to 0.69.*'],
      ['sqrt', 'NaN to NaN'],
    ] as const) {
      const maker = new GraphMaker(new Random(1));
      const x = maker.input([1, 3]);
      const graph = maker.finish([maker.function({ type }, x)]);
      const samples = [new Map([[x.name, Float32Array.of(type === 'sqrt' ? -1 : 0, 1, 2)]])];
      assert.throws(
        () => quantize(graph, profile(graph, samples), DEFAULT_QUANTIZE_OPTIONS),
        new RegExp(
          `The activation layer '.*' computes numbers that are not finite: '.*' ranges from ${told}`,
        ),
      );
    }
  });
});

describe('profile', () => {
  it('collects min, max and a histogram of every value over all samples', () => {
    const { graph, samples } = example();
    const ranges = profile(graph, samples);
    assert.deepEqual([...ranges.keys()], [...graph.values.keys()]);
    const input = ranges.get(graph.inputs[0]!.name)!;
    const all = samples.flatMap((s) => [...s.get(graph.inputs[0]!.name)!]);
    assert.equal(input.min, Math.min(...all));
    assert.equal(input.max, Math.max(...all));
    assert.equal(
      input.histogram.reduce((a, b) => a + b),
      all.length,
    );
  });

  it('refuses to work without samples, saying what to give', () => {
    const { graph } = example();
    assert.throws(
      () => profile(graph, []),
      (e: unknown) => e instanceof UserError && e.code === 'usage' && e.remedies[0]?.do === 'giveSamples',
    );
  });

  it('stops between samples when cancelled', () => {
    const { graph, samples } = example();
    const stop = new AbortController();
    const onSample = (): void => stop.abort();
    assert.throws(
      () => profile(graph, samples, { signal: stop.signal, onSample }),
      (e: unknown) => e instanceof UserError && e.code === 'cancelled',
    );
  });

  it('counts every number once, however the range grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), {
          minLength: 1,
        }),
        (batches) => {
          const c = new RangeCollector();
          for (const b of batches) c.add(b);
          const { min, max, histogram } = c.result();
          const all = batches.flat();
          assert.equal(min, Math.min(...all));
          assert.equal(max, Math.max(...all));
          assert.equal(
            histogram.reduce((a, b) => a + b),
            all.length,
          );
        },
      ),
    );
  });

  it('counts numbers as close together as numbers can be', () => {
    const c = new RangeCollector();
    c.add([0]);
    c.add([5e-324]);
    assert.equal(
      c.result().histogram.reduce((a, b) => a + b),
      2,
    );
  });

  it('percentile and least error leave an outlier out, min/max keeps it', () => {
    const c = new RangeCollector();
    const r = new Random(1);
    c.add(Float32Array.from({ length: 100_000 }, () => r.real(-1, 1)));
    c.add([100]);
    const range = c.result();
    assert.equal(chooseRange(range, 'minmax', 255).max, 100);
    assert.ok(chooseRange(range, 'percentile', 255).max < 2);
    assert.ok(chooseRange(range, 'mse', 255).max < 100);
  });
});

describe('profile as YAML', () => {
  it('is read back as it was written, in three documents', () => {
    const { graph, samples } = example();
    const ranges = profile(graph, samples);
    const text = writeProfile(graph, ranges);
    assert.equal(text.match(/^---$/gm)!.length, 3);
    assert.match(text, /^GlowToolsVersion:/m);
    assert.match(text, new RegExp(`^GraphPreLowerHash: ${graphHash(graph)}$`, 'm'));
    assert.deepEqual(readProfile(text, graph, 'p.yaml'), ranges);
  });

  it('holds what recurrent layers keep inside, and is refused without it', () => {
    const maker = new GraphMaker(new Random(7));
    const graph = maker.finish([maker.append('lstm', maker.input([1, 6, 3]))]);
    const ranges = profile(graph, [randomInputs(graph, new Random(8))]);
    const inner = [...ranges.keys()].filter((name) => !graph.values.has(name));
    assert.equal(inner.length, 3);
    const text = writeProfile(graph, ranges);
    const read = readProfile(text, graph, 'p.yaml');
    assert.deepEqual(
      quantize(graph, read, DEFAULT_QUANTIZE_OPTIONS),
      quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS),
    );
    for (const name of inner) {
      assert.throws(() => readProfile(text.replace(name, 'other'), graph, 'p.yaml'), UserError);
    }
  });

  it('is refused for another model, cut short, or garbage: one sentence, never another error', () => {
    const { graph, samples } = example();
    const text = writeProfile(graph, profile(graph, samples));
    const refused = (t: string): UserError => {
      try {
        readProfile(t, graph, 'p.yaml');
      } catch (e) {
        assert.ok(e instanceof UserError, String(e));
        return e;
      }
      assert.fail('accepted');
    };
    assert.match(refused(text.replace(/Hash: \d/, 'Hash: 9')).message, /another model/);
    const lines = text.split('\n');
    for (let n = 0; n < lines.length - 3; n++) refused(lines.slice(0, n).join('\n'));
    const whole = lines.findLastIndex((l) => l.includes('NodeOutputName'));
    assert.match(refused(lines.slice(0, whole).join('\n')).message, /no entry for/);
    // each is another error, or another key: looking each up in all before it would take minutes
    refused(text.replace('Histogram:       [', `Histogram:       [${','.repeat(30_000)}`));
    refused(`${text}---\n${Array.from({ length: 15_000 }, (_, i) => `k${i}: 1\n`).join('')}...\n---\n: :\n`);
    fc.assert(
      fc.property(fc.string(), fc.nat(text.length), (junk, at) => {
        try {
          readProfile(text.slice(0, at) + junk + text.slice(at), graph, 'p.yaml');
        } catch (e) {
          assert.ok(e instanceof UserError, String(e));
        }
      }),
    );
  });
});
