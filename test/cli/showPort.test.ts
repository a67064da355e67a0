import assert from 'node:assert/strict';
import { portText } from '../../extension/cli/commands/showPort.ts';
import type { InferenceReport } from '../../extension/inference/report.ts';
import { compare } from '../../extension/workflow/compare/compare.ts';
import type { QuantizationCheck } from '../../extension/workflow/numbers/checkNetwork.ts';
import type { PortResult } from '../../extension/workflow/port/port.ts';
import { portDigits, type PortedDigits } from '../webview/portedDigits.ts';

describe('cli: what port shows', () => {
  let digits: PortedDigits;
  before(async () => (digits = await portDigits()));
  after(() => digits?.remove());

  /** The port as it would be had the board printed something else. */
  function printing(change: (report: InferenceReport) => Partial<InferenceReport>): PortResult {
    const { result } = digits;
    const run = result.run!;
    const report = { ...run.report, ...change(run.report) };
    return { ...result, run: { ...run, report }, comparison: compare(report, result.pc.expected) };
  }

  /** The lines of the table as cells. */
  const table = (text: string): string[][] =>
    text
      .slice(0, text.indexOf('\n\n'))
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));

  it('every number under its own heading', () => {
    const { pc, run } = digits.result;
    const [heads, , ...rows] = table(portText(digits.result));
    assert.deepEqual(heads, ['class', 'FRDM-KE16Z', 'PC quantized', '(real)', 'percent', 'PC float']);
    assert.deepEqual(
      rows,
      run!.report.confidences.map(({ classIndex, value }) => [
        String(classIndex),
        String(value),
        String(pc.expected.quantized[classIndex]),
        pc.dequantized[classIndex]!.toFixed(3),
        pc.percents![classIndex]!.toFixed(1),
        pc.expected.float[classIndex]!.toFixed(3),
      ]),
    );
    assert.ok(rows.some(([, , , quantized, , float]) => quantized !== float));
  });

  it('what the board printed, where that is not what the PC computes', () => {
    const wrong = printing(({ confidences }) => ({
      confidences: confidences.map((c) => (c.classIndex === 3 ? { ...c, value: 99 } : c)),
    }));
    const text = portText(wrong);
    const three = String(digits.result.pc.expected.quantized[3]);
    assert.deepEqual(table(text)[2 + 3]!.slice(0, 3), ['3', '99', three]);
    assert.match(text, /^Match {3}NO: classes 3 differ$/m);
    assert.doesNotMatch(text, /yes: the board printed/);
  });

  it('whose Top1 is whose', () => {
    assert.match(portText(digits.result), /^Top1 {4}FRDM-KE16Z 7, PC quantized 7, PC float 7$/m);
    assert.match(portText(digits.result), /^Match {3}yes: the board printed exactly what the PC computes$/m);
    const text = portText(printing(() => ({ top1: 2 })));
    assert.match(text, /^Top1 {4}FRDM-KE16Z 2, PC quantized 7, PC float 7$/m);
    assert.match(text, /^Match {3}NO: Top1 differs$/m);
    const comparison = { ...digits.result.comparison!, top1: { quantized: 4, float: 5 } };
    const other = portText({ ...digits.result, comparison });
    assert.match(other, /^Top1 {4}FRDM-KE16Z 7, PC quantized 4, PC float 5$/m);
  });

  it('both halves of the verdict: the board equals the PC, and the quantized network stays near the float one', () => {
    const { result } = digits;
    const { closeness } = result.check!;
    assert.match(
      portText(result),
      /^Close {3}yes: quantized and float name the same class for (\d+) of \1 samples, SQNR \d\d dB$/m,
    );
    const far = (change: Partial<QuantizationCheck>): string => {
      const check = {
        ...result.check!,
        closeness: { ...closeness, isClose: false, sameTop1: 3, sqnrDb: 0.4 },
      };
      return portText({ ...result, check: { ...check, ...change } });
    };
    const loss = { node: 'conv_2', fromDb: 41.3, toDb: 0.6 };
    const wide = {
      change: { precision: 'int16' } as const,
      closeness: { ...closeness, samples: 20, sameTop1: 20, sqnrDb: 62.1 },
    };
    const perChannel = { ...wide, change: { channelwise: true } };
    const text = far({ loss, trials: [wide, perChannel] });
    assert.match(text, /^Match {3}yes/m);
    assert.match(
      text,
      /^Close {3}NO: quantized and float name the same class for 3 of \d+ samples, SQNR 0 dB$/m,
    );
    assert.match(text, /^ {8}most is lost in conv_2: 41 dB before it, 1 dB behind it$/m);
    assert.match(text, /^ {8}try --precision int16: .* the same class for 20 of 20 samples, SQNR 62 dB$/m);
    assert.match(text, /^ {8}try --channelwise: /m);
    assert.match(far({ loss, trials: [] }), /^ {8}no other choice/m);
    const picture = { ...closeness, namesClasses: false, sqnrDb: undefined };
    assert.match(
      portText({ ...result, check: { ...result.check!, closeness: picture } }),
      /^Close {3}yes: .*: no error$/m,
    );
    assert.doesNotMatch(portText({ ...result, check: undefined }), /Close/);
  });

  it('Glow’s network beside the float network, which alone there is to compare with', () => {
    const { pc } = digits.result;
    const reference = { ...pc, expected: { ...pc.expected, reference: 'float' } } as const;
    const byGlow = { ...printing(() => ({})), compiler: 'glow', pc: reference } as const;
    const [heads] = table(portText(byGlow));
    assert.deepEqual(heads, ['class', 'FRDM-KE16Z', 'PC float as int', '(real)', 'percent', 'PC float']);
    const same = portText(byGlow);
    assert.match(same, /^Top1 {4}FRDM-KE16Z 7, PC float 7$/m);
    assert.match(same, /^Match {3}yes, in Top1: Glow's network says the float network's class/m);
    const wrong = portText({ ...printing(() => ({ top1: 2 })), compiler: 'glow', pc: reference });
    assert.match(wrong, /^Match {3}NO: Glow's network says another class than the float network$/m);
  });
});
