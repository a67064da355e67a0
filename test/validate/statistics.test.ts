import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SampleOutcome } from '../../extension/validate/outcome.ts';
import { confusionOf } from '../../extension/validate/statistics/confusion.ts';
import { errorsOf } from '../../extension/validate/statistics/regression.ts';
import { rocOf, type Scored, splitAt } from '../../extension/validate/statistics/roc.ts';
import { scoreOf } from '../../extension/validate/statistics/score.ts';
import { spreadOf } from '../../extension/validate/statistics/spread.ts';
import { MOST_LISTED } from '../../webview/shared/validation.ts';

const near = (a: number | undefined, b: number): void => assert.ok(Math.abs(a! - b) < 1e-9, `${a} ${b}`);
const sample = (number: number, label?: string) => ({ number, name: `s${number}`, label });

const scored = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 12 }), isAnomaly: fc.boolean() }), { maxLength: 40 })
  .map((list): Scored[] => list.map((s, i) => ({ ...s, sample: sample(i) })));

describe('validate: statistics', () => {
  it('AUC is the probability that an anomaly has the higher score, a tie half (Mann and Whitney)', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const roc = rocOf(samples);
        const anomalies = samples.filter((s) => s.isAnomaly);
        const normal = samples.filter((s) => !s.isAnomaly);
        if (anomalies.length === 0 || normal.length === 0) return assert.equal(roc, undefined);
        let wins = 0;
        for (const a of anomalies)
          for (const n of normal) wins += a.score > n.score ? 1 : a.score === n.score ? 0.5 : 0;
        near(roc!.auc, wins / (anomalies.length * normal.length));
        // each point counted anew, and none better than the best
        for (const p of roc!.points) {
          const isSaid = (s: Scored): boolean => s.score >= (p.threshold ?? Infinity);
          near(p.truePositiveRate, anomalies.filter(isSaid).length / anomalies.length);
          near(p.falsePositiveRate, normal.filter(isSaid).length / normal.length);
        }
        // given as --threshold, which errors exceed, it makes the same of the samples
        const given = splitAt(samples, ({ score }) => score > roc!.best.threshold);
        assert.deepEqual(given.matrix, roc!.best.confusion.matrix);
        const { matrix } = roc!.best.confusion;
        const youden = matrix[1]![1]! / anomalies.length - matrix[0]![1]! / normal.length;
        const others = roc!.points.map((p) => p.truePositiveRate - p.falsePositiveRate);
        // (0, 0) is no threshold that a score has
        near(youden, Math.max(...others.slice(1)));
      }),
    );
  });

  it('a long curve is thinned out between its ends', () => {
    const samples = Array.from({ length: 5000 }, (_, i) => ({
      sample: sample(i),
      score: i,
      isAnomaly: i % 3 > 0,
    }));
    const { points } = rocOf(samples)!;
    assert.equal(points.length, 512);
    assert.deepEqual(points[0], { threshold: null, truePositiveRate: 0, falsePositiveRate: 0 });
    assert.deepEqual(points.at(-1), { threshold: 0, truePositiveRate: 1, falsePositiveRate: 1 });
  });

  it('a confusion matrix counts, and precision, recall and F1 follow from counts of their own', () => {
    const place = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { maxLength: 60 }), (list) => {
        const classes = ['a', 'b', 'c', 'd'];
        const samples = list.map(([actual, predicted], i) => ({ sample: sample(i), actual, predicted }));
        const { matrix, perClass, wrong } = confusionOf(classes, samples);
        assert.equal(
          matrix.flat().reduce((n, c) => n + c, 0),
          list.length,
        );
        assert.deepEqual(
          wrong.map((w) => [w.number, w.actual, w.predicted]),
          samples
            .filter((s) => s.actual !== s.predicted)
            .map((s) => [s.sample.number, s.actual, s.predicted]),
        );
        perClass.forEach((figures, c) => {
          const right = list.filter(([a, p]) => a === c && p === c).length;
          const of = list.filter(([a]) => a === c).length;
          const said = list.filter(([, p]) => p === c).length;
          assert.equal(figures.samples, of);
          assert.equal(figures.recall, of === 0 ? undefined : right / of);
          assert.equal(figures.precision, said === 0 ? undefined : right / said);
          const { precision, recall, f1 } = figures;
          if (precision && recall) near(f1, 2 / (1 / precision + 1 / recall));
        });
      }),
    );
  });

  it('lists a bounded number of wrong samples of each cell', () => {
    const samples = Array.from({ length: 500 }, (_, i) => ({
      sample: sample(i),
      actual: 0,
      predicted: i % 2,
    }));
    const { wrong, matrix } = confusionOf(['no', 'yes'], samples);
    assert.deepEqual([wrong.length, matrix[0]], [MOST_LISTED, [250, 250]]);
  });

  it('errors of a regression are what their definitions say', () => {
    assert.equal(errorsOf([]), undefined);
    const figures = errorsOf([
      [2, 1],
      [2, 2],
      [5, 3],
      [4, 6],
    ])!;
    // errors 1, 0, 2, -2; labels' mean 3, squares of the labels around it 4 + 1 + 0 + 9
    near(figures.mae, 5 / 4);
    near(figures.rmse, Math.sqrt(9 / 4));
    near(figures.max, 2);
    near(figures.r2, 1 - 9 / 14);
    assert.equal(errorsOf([[1, 5]])!.r2, undefined, 'one label explains nothing');
    const exact = errorsOf([
      [1, 1],
      [2, 2],
    ])!;
    assert.deepEqual(exact, { mae: 0, rmse: 0, max: 0, r2: 1 });
  });

  it('a spread of none is zeros', () => {
    assert.deepEqual(spreadOf([]), { min: 0, mean: 0, max: 0 });
    assert.deepEqual(spreadOf([3, 1, 5]), { min: 1, mean: 3, max: 5 });
  });
});

describe('validate: what answers are worth', () => {
  const outcome = (number: number, label: string | undefined, answer: number | undefined): SampleOutcome => ({
    ...sample(number, label),
    ...{ answer, timeUs: 1, isEqual: true, outputs: undefined, pc: undefined },
  });
  const labels = {
    classes: ['cat', 'dog'],
    classOf: (label: string | undefined) =>
      label === 'cat' ? 0 : label === 'dog' ? 1 : label === '2' ? 2 : undefined,
  };

  it('classes: those that have a label count', () => {
    const outcomes = [
      outcome(0, 'cat', 0),
      outcome(1, 'dog', 0),
      outcome(2, undefined, 1),
      outcome(3, 'cow', 1),
    ];
    const score = scoreOf({ task: 'classify' }, outcomes, labels);
    assert.ok(score.task === 'classify');
    assert.deepEqual([score.labelled, score.correct], [2, 1]);
    assert.deepEqual(score.confusion?.matrix, [
      [1, 0],
      [1, 0],
    ]);
    const beyond = scoreOf({ task: 'classify' }, [outcome(0, '2', 1)], labels);
    assert.ok(beyond.task === 'classify');
    assert.deepEqual(
      beyond.confusion?.classes,
      ['cat', 'dog', '2'],
      'a label may name a class that nobody named',
    );
    const none = scoreOf({ task: 'classify' }, [outcome(0, undefined, 1)], labels);
    assert.deepEqual(none, { task: 'classify', labelled: 0, correct: 0, confusion: undefined });
  });

  it('anomalies: by words for both, and at the threshold that counts', () => {
    const outcomes = [
      outcome(0, 'Normal', 1),
      outcome(1, 'anomaly', 3),
      outcome(2, '1', 2),
      outcome(3, 'odd', 9),
    ];
    const threshold = { value: 2, basis: 'chosen', samples: 0 } as const;
    const score = scoreOf({ task: 'anomaly', threshold }, outcomes, labels);
    assert.ok(score.task === 'anomaly');
    assert.deepEqual([score.normal, score.anomalies, score.roc?.auc], [1, 2, 1]);
    assert.deepEqual(score.error, { min: 1, mean: 15 / 4, max: 9 });
    // what is just the threshold is normal, as the firmware says
    assert.deepEqual(score.threshold?.confusion.matrix, [
      [1, 0],
      [1, 1],
    ]);
  });

  it('real numbers: those whose label is one', () => {
    const outcomes = [
      outcome(0, '2.5', 3),
      outcome(1, 'x', 3),
      outcome(2, '', 3),
      outcome(3, '4', undefined),
    ];
    const score = scoreOf({ task: 'regress' }, outcomes, labels);
    assert.deepEqual(score, {
      task: 'regress',
      labelled: 1,
      errors: { mae: 0.5, rmse: 0.5, max: 0.5, r2: undefined },
    });
  });
});
