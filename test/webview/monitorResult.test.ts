import assert from 'node:assert/strict';
import type { InferenceReport } from '../../extension/inference/report.ts';
import type { Closeness } from '../../extension/workflow/compare/closeness.ts';
import type { Distance } from '../../extension/workflow/compare/compare.ts';
import type { Reference } from '../../extension/views/monitor/reference.ts';
import { resultOf } from '../../extension/views/monitor/result.ts';

const words = {
  match: 'match',
  top1Matches: 'top1 match',
  nearlySame: 'nearly the same',
  distance: ({ steps }: Distance) => `${steps} steps`,
  differs: (n: number) => `${n} differ`,
  outputDiffers: (name: string, n: number, of: number) => `${n} of ${of} of ${name}`,
  reconstructionDiffers: 'the error differs',
  noPcResult: 'no PC result',
  closeness: ({ sameTop1, samples }: Closeness) => `${sameTop1} of ${samples}`,
};
const report = (values: readonly number[], top1?: number): InferenceReport => ({
  confidences: values.map((value, classIndex) => ({ classIndex, value })),
  top1: top1 ?? values.indexOf(Math.max(...values)),
  timeUs: 1900,
});
const reference: Reference = {
  boardId: 'frdmke16z',
  elf: 'mnist.elf',
  labels: ['zero', 'one', 'two'],
  output: { type: 'int8', scale: 1 / 256, offset: -128 },
  pc: { quantized: [-128, 127, -100], float: [0, 0.99, 0.11] },
};
const shown = (r: InferenceReport, ref: Reference | 'unknown' = reference) => {
  const known = ref === 'unknown' ? undefined : ref;
  return resultOf(r, known, known?.labels ?? [], 'board', [1900], words);
};

describe('monitor result', () => {
  it('of a network whose integers nothing on the PC repeats: Top1 decides, the rest is a distance', () => {
    const pc = { ...reference.pc!, reference: 'float', unit: 1 / 256, step: 1 / 256 } as const;
    const near = shown(report([-126, 120, -100]), { ...reference, pc });
    assert.deepEqual([near.verdict, near.verdictText, near.pcIsFloat], ['match', 'top1 match', true]);
    assert.deepEqual(near.closeness, { isClose: true, text: '7 steps' });
    const far = shown(report([-126, 120, -91]), { ...reference, pc });
    assert.deepEqual([far.verdict, far.closeness], ['match', { isClose: false, text: '9 steps' }]);
    const other = shown(report([127, 120, -100]), { ...reference, pc });
    assert.deepEqual([other.verdict, other.floatTop1], ['mismatch', 1]);
    // missing classes are no match, whatever Top1 says
    assert.equal(shown(report([-126, 120]), { ...reference, pc }).verdict, 'mismatch');
  });

  it('dequantizes as the output’s scale and offset say, and matches the PC’s integers exactly', () => {
    const result = shown(report([-128, 127, -100]));
    assert.equal(result.verdict, 'match');
    assert.equal(result.verdictText, 'match');
    assert.equal(result.top1, 1);
    assert.deepEqual(result.scale, { min: 0, max: 1, real: true });
    assert.deepEqual(result.classes[1], {
      index: 1,
      label: 'one',
      raw: 127,
      real: 255 / 256,
      pcRaw: 127,
      pcReal: 255 / 256,
      float: 0.99,
      differs: false,
    });
  });

  it('says both: the board equals the PC, and the PC stays near the float network or does not', () => {
    const of = (closeness: Reference['closeness']) =>
      shown(report([-128, 127, -100]), { ...reference, closeness }).closeness;
    assert.equal(of(undefined), undefined);
    const figures = { samples: 100, sameTop1: 98, sqnrDb: 31.4, namesClasses: true };
    assert.deepEqual(of({ ...figures, isClose: true }), { isClose: true, text: '98 of 100' });
    assert.deepEqual(of({ ...figures, isClose: false }), { isClose: false, text: '98 of 100' });
  });

  it('marks each class that differs, is missing, or that the PC does not know', () => {
    const one = shown(report([-128, 126, -100]));
    assert.deepEqual([one.verdict, one.verdictText], ['mismatch', '1 differ']);
    assert.deepEqual(
      one.classes.map((c) => c.differs),
      [false, true, false],
    );
    const missing = shown({ ...report([-128, 127]), top1: 1 });
    assert.equal(missing.verdict, 'mismatch');
    assert.equal(missing.classes[2]?.raw, undefined);
    assert.equal(missing.classes[2]?.differs, true);
    assert.equal(shown(report([-128, 127, -100, -128])).verdict, 'mismatch');
  });

  it('is a mismatch when a further output differs', () => {
    const pc = {
      ...reference.pc!,
      others: [{ name: 'boxes', quantized: [1, -2], float: [0.1, -0.2], scale: 0.1, offset: 0 }],
    };
    const of = (values: readonly (readonly [number, number])[]) =>
      shown(
        { ...report([-128, 127, -100]), others: [{ name: 'boxes', values: new Map(values) }] },
        { ...reference, pc },
      ).verdictText;
    const equal: [number, number][] = [
      [0, 1],
      [1, -2],
    ];
    assert.equal(of(equal), 'match');
    assert.equal(of(equal.slice(1)), '1 of 2 of boxes');
    assert.equal(shown(report([-128, 127, -100]), { ...reference, pc }).verdictText, '2 of 2 of boxes');
  });

  it('of a network that names its class itself has labels and no confidences', () => {
    const named = {
      ...reference,
      output: { type: 'index32', scale: 1, offset: 0 },
      pc: { quantized: [2], float: [1], isClass: true },
    } as const;
    const printed: InferenceReport = { confidences: [], top1: 2, timeUs: 1900 };
    const result = shown(printed, named);
    assert.deepEqual([result.verdict, result.top1, result.floatTop1], ['match', 2, 1]);
    assert.equal(result.namesItself, true);
    assert.deepEqual(
      result.classes.map((c) => [c.index, c.label, c.raw, c.pcRaw, c.float]),
      [1, 2].map((k) => [k, reference.labels[k], undefined, undefined, undefined]),
    );
    assert.deepEqual(shown({ ...printed, top1: 0 }, named).verdictText, '0 differ');
  });

  it('is a mismatch when only Top1 is another one', () => {
    const result = shown(report([-128, 127, -100], 0));
    assert.deepEqual([result.verdict, result.verdictText], ['mismatch', '0 differ']);
  });

  it('tells the class of the float network, which may be another than the quantized one’s', () => {
    const pc = { quantized: [-128, 127, -100], float: [0, 0.4, 0.6] };
    const result = shown(report([-128, 127, -100]), { ...reference, pc });
    assert.deepEqual([result.verdict, result.top1, result.floatTop1], ['match', 1, 2]);
  });

  it('reads thousandths of a float output', () => {
    const floats: Reference = {
      ...reference,
      output: { type: 'float32', scale: 1, offset: 0 },
      pc: { quantized: [250, 750], float: [0.25, 0.75] },
    };
    const result = shown(report([250, 750]), floats);
    assert.equal(result.verdict, 'match');
    assert.deepEqual(
      result.classes.map((c) => c.real),
      [0.25, 0.75],
    );
  });

  it('spans logits with 0 in sight', () => {
    const logits: Reference = {
      ...reference,
      output: { type: 'int8', scale: 0.1, offset: 0 },
      pc: undefined,
    };
    const result = shown(report([-50, 120, 3]), logits);
    assert.equal(result.verdict, 'unknown');
    assert.ok(Math.abs(result.scale.min + 5) < 1e-9 && Math.abs(result.scale.max - 12) < 1e-9);
  });

  it('shows raw values of firmware it knows nothing about, and NXP’s real ones', () => {
    const raw = shown(report([-128, 93, -100]), 'unknown');
    assert.deepEqual(raw.scale, { min: -128, max: 127, real: false });
    assert.equal(raw.classes[1]?.real, undefined);
    const real = shown(report([0.007, 0.993]), 'unknown');
    assert.deepEqual(real.scale, { min: 0, max: 1, real: true });
    assert.equal(real.classes[1]?.real, 0.993);
  });

  it('survives reports of a broken board', () => {
    for (const r of [
      report([]),
      report([NaN, Infinity]),
      report(Array.from({ length: 5000 }, (_, i) => i)),
    ]) {
      for (const ref of [reference, 'unknown' as const]) {
        const result = shown(r, ref);
        assert.ok(result.classes.length <= 256);
        assert.ok(Number.isFinite(result.scale.min) && result.scale.max > result.scale.min);
      }
    }
  });

  it('has percents of what the board printed, where the model tells what they are of', () => {
    const logits = { ...reference, answer: { task: 'classify', scores: 'logits' } } as const;
    const percents = shown(report([-128, 127, -100]), logits).classes.map((c) => c.percent!);
    const powers = [-128, 127, -100].map((q) => Math.exp((q + 128) / 256));
    const sum = powers.reduce((a, b) => a + b);
    for (const [i, power] of powers.entries()) assert.ok(Math.abs(percents[i]! - (100 * power) / sum) < 1e-9);
    assert.equal(shown(report([-128, 127, -100])).classes[0]!.percent, undefined);
  });

  it('has outputs by their names beside the PC’s, as they were printed where nobody knows them', () => {
    const others = [{ name: 'y', values: new Map([[0, -5], [1, 7]]), reals: new Map([[0, '1.25']]) }]; // prettier-ignore
    const printed: InferenceReport = { confidences: [], top1: undefined, timeUs: 5, others };
    const y = {
      name: 'y',
      quantized: [-5, 8],
      float: [1.3, 4],
      scale: 0.25,
      offset: -10,
      reals: ['1.25', '4.50'],
    };
    const pc = { quantized: [], float: [], others: [y] };
    const found = shown(printed, { ...reference, pc });
    assert.deepEqual(found.outputs, [
      {
        ...{ name: 'y', elements: 2, differing: 1 },
        values: [
          { index: 0, raw: -5, real: '1.25', pcRaw: -5, float: 1.3, differs: false },
          // a real number that was not printed is computed
          { index: 1, raw: 7, real: '4.250', pcRaw: 8, float: 4, differs: true },
        ],
      },
    ]);
    assert.equal(found.verdictText, '1 of 2 of y');
    assert.deepEqual(
      shown(printed, 'unknown').outputs[0]!.values.map(({ raw, real, pcRaw }) => [raw, real, pcRaw]),
      [
        [-5, '1.25', undefined],
        [7, undefined, undefined],
      ],
    );
  });

  it('has a reconstruction error in real units, and says where it alone differs', () => {
    const printed: InferenceReport = {
      ...{ confidences: [], top1: undefined, timeUs: 5, others: [] },
      reconstruction: { error: 12, threshold: 10, isAnomalous: true },
    };
    const reconstruction = {
      ...{ error: 11, threshold: 10, isAnomalous: true, unit: 0.5, float: 5.2, isFloatAnomalous: true },
    };
    const found = shown(printed, { ...reference, pc: { quantized: [], float: [], reconstruction } });
    assert.deepEqual(found.reconstruction, {
      ...{ error: 6, raw: 12, threshold: 5, isAnomalous: true, float: 5.2, isFloatAnomalous: true },
      differs: true,
    });
    assert.deepEqual([found.verdict, found.verdictText], ['mismatch', 'the error differs']);
    assert.equal(shown(printed, 'unknown').reconstruction?.error, undefined);
  });
});
