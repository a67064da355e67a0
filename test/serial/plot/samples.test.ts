import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NamedValue } from '../../../extension/serial/plot/lineValues.ts';
import { plotCsv } from '../../../extension/serial/plot/plotCsv.ts';
import { plotWindow } from '../../../extension/serial/plot/plotWindow.ts';
import { PlotSamples } from '../../../extension/serial/plot/samples.ts';

const CAPACITY = 20;
const named = (values: Readonly<Record<string, number>>): NamedValue[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

describe('plot samples', () => {
  it('are the last ones, in windows that lose no peak, whatever the columns', () => {
    const sample = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -99, max: 99 }), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 15 }),
        fc.option(fc.integer({ min: -5, max: 70 }), { nil: undefined }),
        (all, length, columns, end) => {
          const samples = new PlotSamples(CAPACITY);
          all.forEach((values, i) => samples.add(named(values), i));
          const first = Math.max(0, all.length - CAPACITY);
          assert.deepEqual([samples.first, samples.count], [first, all.length]);
          const to = Math.max(first, Math.min(all.length, end ?? Infinity));
          const from = Math.max(first, to - length);
          const window = plotWindow(samples, { unit: 'samples', length }, columns, end);
          assert.deepEqual([window.from, window.to], [from, to]);
          assert.equal(window.samples.length, Math.min(columns, to - from));
          for (const { name, low, high } of window.series) {
            window.samples.forEach((begin, i) => {
              const inside = all.slice(begin, window.samples[i + 1] ?? to).flatMap((s) => s[name] ?? []);
              const expected = inside.length === 0 ? [NaN, NaN] : [Math.min(...inside), Math.max(...inside)];
              assert.deepEqual([low[i], high[i]], expected);
            });
          }
          if (to > from) assert.equal(window.samples[0], from);
        },
      ),
    );
  });

  it('of the last seconds are those that came in them', () => {
    const samples = new PlotSamples();
    for (let i = 0; i < 100; i++) samples.add(named({ a: i }), 500 * i);
    const window = plotWindow(samples, { unit: 'seconds', length: 10 }, 1000, undefined);
    assert.deepEqual([window.from, window.to], [79, 100]);
    assert.equal(window.times[0], 39_500);
    const earlier = plotWindow(samples, { unit: 'seconds', length: 10 }, 1000, 30);
    assert.deepEqual([earlier.from, earlier.to], [9, 30]);
  });

  it('go on in time, also when the clock is put back', () => {
    const samples = new PlotSamples();
    for (const time of [1000, 2000, 500, 600]) samples.add(named({ a: 1 }), time);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => samples.timeOf(i)),
      [1000, 2000, 2000, 2000],
    );
  });

  it('have at most sixteen names; what comes for others is no sample', () => {
    const samples = new PlotSamples();
    for (let i = 0; i < 1000; i++) samples.add(named({ [`n${i}`]: i }), i);
    assert.equal(samples.series.length, 16);
    assert.equal(samples.count, 16);
    assert.equal(samples.hasMoreNames, true);
    samples.clear();
    assert.deepEqual([samples.series.length, samples.count, samples.hasMoreNames], [0, 0, false]);
  });

  it('are exported as rows, empty where there is no number', () => {
    const samples = new PlotSamples(2);
    samples.add(named({ a: 1 }), 0);
    samples.add(named({ a: 2, b: -0.5 }), 1);
    samples.add(named({ b: 3 }), 2);
    assert.equal(
      plotCsv(samples),
      'sample,time,a,b\n1,1970-01-01T00:00:00.001Z,2,-0.5\n2,1970-01-01T00:00:00.002Z,,3\n',
    );
    assert.equal(plotCsv(new PlotSamples()), 'sample,time\n');
  });
});
