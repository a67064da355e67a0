import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import {
  foundOf,
  isBeyond,
  parseRequirement,
  TASKS_OF_FIGURES,
  verdictOf,
} from '../../extension/validate/requirements.ts';
import { scoreOf } from '../../extension/validate/statistics/score.ts';
import type { Validation } from '../../webview/shared/validation.ts';

const parsed = (text: string): readonly unknown[] => {
  const { figure, relation, limit } = parseRequirement(text);
  return [figure, relation, limit];
};

describe('validate: requirements', () => {
  it('are read with their units', () => {
    assert.deepEqual(parsed('accuracy>=95'), ['accuracy', '>=', 0.95]);
    assert.deepEqual(parsed('accuracy >= 97.5 %'), ['accuracy', '>=', 0.975]);
    assert.deepEqual(parsed('accuracy>0.5%'), ['accuracy', '>', 0.005]);
    assert.deepEqual(parsed('auc>=0.9'), ['auc', '>=', 0.9]);
    assert.deepEqual(parsed('AUC>=90%'), ['auc', '>=', 0.9]);
    assert.deepEqual(parsed('time<=10ms'), ['time', '<=', 10_000]);
    assert.deepEqual(parsed('time<1500us'), ['time', '<', 1500]);
    assert.deepEqual(parsed('time<=.5s'), ['time', '<=', 500_000]);
    for (const k of ['k', 'K', 'KB', 'KiB'])
      assert.deepEqual(parsed(`flash<=64${k}`), ['flash', '<=', 65_536]);
    assert.deepEqual(parsed('ram<=8192'), ['ram', '<=', 8192]);
    assert.deepEqual(parsed('stack<=1B'), ['stack', '<=', 1]);
    assert.deepEqual(parsed('mismatches<=0'), ['mismatches', '<=', 0]);
    assert.deepEqual(parsed('rmse<=0.25'), ['rmse', '<=', 0.25]);
  });

  it('are met by exactly what they name, however it is written', () => {
    for (let percent = 1; percent <= 100; percent++) {
      for (const unit of percent > 1 ? ['', '%'] : ['%']) {
        const required = parseRequirement(`accuracy>=${percent}${unit}`);
        assert.ok(verdictOf(required, percent / 100).isMet, required.text);
      }
    }
    for (let us = 1; us <= 20_000; us++) {
      assert.ok(verdictOf(parseRequirement(`time<=${us / 1000}ms`), us).isMet, `${us} us`);
      assert.equal(verdictOf(parseRequirement(`time<=${us / 1000}ms`), us + 1).isMet, false, `${us} us`);
    }
  });

  it('that are none are refused in a sentence', () => {
    const bad: [string, RegExp][] = [
      ['', /"" is no requirement/],
      ['accuracy', /no requirement: it takes a figure, >=, <=, > or <, and a number\./],
      ['accuracy=95', /no requirement/],
      ['accuracy>=-1', /no requirement/],
      ['accuracy>=95>=90', /no requirement/],
      ['speed>=95', /is no figure; these are: accuracy, auc/],
      ['constructor>=1', /is no figure/],
      ['accuracy>=0.95', /is not clear: accuracy is in percent\. Write 95% or 0\.95%\./],
      ['auc>=95', /cannot be met: auc is from 0 to 1/],
      ['time<=10', /needs a unit of time: us, ms, s\./],
      ['time<=10min', /needs a unit of time/],
      ['flash<=64ms', /needs a unit of flash/],
      ['mae<=1%', /has a unit, and mae has none/],
      [`flash<=${'9'.repeat(80)}`, /no requirement/],
    ];
    for (const [text, sentence] of bad) {
      assert.throws(
        () => parseRequirement(text),
        (e) => e instanceof UserError && e.code === 'usage' && sentence.test(e.message),
        text,
      );
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseRequirement(text);
        } catch (e) {
          assert.ok(e instanceof UserError);
        }
      }),
    );
  });

  it('hold at their limit as their relation says, and what is not known meets none', () => {
    const met = (text: string, found: number | undefined): boolean =>
      verdictOf(parseRequirement(text), found).isMet;
    assert.deepEqual(
      [met('ram<=8', 8), met('ram<8', 8), met('ram>=8', 8), met('ram>8', 8)],
      [true, false, true, false],
    );
    assert.equal(met('auc>=0', undefined), false);
    assert.deepEqual(verdictOf(parseRequirement('accuracy>=95'), 0.9709), {
      ...{ text: 'accuracy>=95', figure: 'accuracy', isMet: true, found: '97.09 %' },
    });
  });

  it('that nothing can meet any more are told before anything is built', () => {
    assert.equal(isBeyond(parseRequirement('flash<=4k'), 5004), true);
    assert.equal(isBeyond(parseRequirement('flash<=8k'), 5004), false);
    assert.equal(isBeyond(parseRequirement('flash>=8k'), 5004), false, 'more may come');
  });

  it('find their figures in a validation', () => {
    const validation: Omit<Validation, 'requirements'> = {
      ...{ model: 'm', network: 'n', board: { id: 'b', name: 'B' }, on: 'sim', samples: 4, seconds: 1 },
      score: { task: 'classify', labelled: 4, correct: 3, confusion: undefined },
      timeUs: { min: 1, mean: 2, max: 3 },
      firmware: { flashBytes: 10, ramBytes: 20, stackBytes: undefined },
      mismatches: { count: 5, listed: [] },
      line: { retransmissions: 0, resets: 0 },
    };
    const figures = ['accuracy', 'time', 'flash', 'ram', 'stack', 'mismatches', 'auc', 'mae'] as const;
    assert.deepEqual(
      figures.map((f) => foundOf(f, validation)),
      [0.75, 3, 10, 20, undefined, 5, undefined, undefined],
    );
    // each task finds the figures that are said to be its own, and no others
    const labels = { classes: ['0', '1'], classOf: Number };
    const outcomes = [0, 1].map((answer) => ({
      ...{ number: answer, name: '', label: String(answer), timeUs: 1, isEqual: true, answer },
      ...{ outputs: undefined, pc: undefined },
    }));
    const threshold = { value: 0.5, basis: 'chosen', samples: 0 } as const;
    for (const task of ['classify', 'anomaly', 'regress', 'raw'] as const) {
      const score = scoreOf({ task, threshold }, outcomes, labels);
      for (const figure of ['accuracy', 'auc', 'mae', 'rmse'] as const) {
        const isFound = foundOf(figure, { ...validation, score }) !== undefined;
        assert.equal(isFound, TASKS_OF_FIGURES[figure]!.includes(task), `${figure} of ${task}`);
      }
    }
  });
});
