import type {
  OutputResult,
  OutputValue,
  ReconstructionResult,
} from '../../../webview/shared/messages/monitor.ts';
import type { InferenceReport, PrintedOutput } from '../../inference/report.ts';
import { type ExpectedOutput, printedOf } from '../../workflow/compare/compare.ts';
import type { Comparison, Expected } from '../../workflow/compare/compare.ts';

/** Most elements shown of an output; the log has them all. */
const MAX_VALUES = 256;
/** Digits of real numbers that the board did not print itself. */
const DIGITS = 4;

/** Outputs that are printed by their names, beside the PC's; those of an unknown network as they were printed. */
export function namedOutputs(
  report: InferenceReport,
  pc: Expected | undefined,
  comparison: Comparison | undefined,
): OutputResult[] {
  if (!pc) return (report.others ?? []).map(asPrinted);
  return (pc.others ?? []).map((expected) => {
    const printed = printedOf(report, expected);
    const compared = comparison?.others.find((o) => o.name === expected.name);
    return {
      name: expected.name,
      elements: expected.quantized.length,
      values: expected.quantized.slice(0, MAX_VALUES).map((_, i) => besidePc(i, printed, expected)),
      differing: compared?.differing,
    };
  });
}

function asPrinted({ name, values, reals }: PrintedOutput): OutputResult {
  const shown = [...values].sort(([a], [b]) => a - b).slice(0, MAX_VALUES);
  return {
    name,
    elements: values.size,
    values: shown.map(([index, raw]) => ({
      ...{ index, raw, real: reals?.get(index), pcRaw: undefined, float: undefined, differs: false },
    })),
    differing: undefined,
  };
}

function besidePc(
  index: number,
  printed: PrintedOutput | undefined,
  { quantized, float, scale, offset, step }: ExpectedOutput,
): OutputValue {
  const raw = printed?.values.get(index);
  // positions, and what else is the real number itself
  const standsForItself = scale === 1 && offset === 0;
  const computed =
    raw === undefined || standsForItself ? undefined : (scale * (raw - offset)).toPrecision(DIGITS);
  const pcRaw = quantized[index]!;
  return {
    index,
    raw,
    real: printed?.reals?.get(index) ?? computed,
    pcRaw,
    float: float[index]!,
    // a float network's numbers are near, not equal
    differs: step === undefined ? raw !== pcRaw : raw === undefined,
  };
}

/** What a board said of its reconstruction, in real units where these are known. */
export function reconstructionResult(
  { reconstruction: printed }: InferenceReport,
  pc: Expected | undefined,
  comparison: Comparison | undefined,
): ReconstructionResult | undefined {
  if (!printed) return undefined;
  const expected = pc?.reconstruction;
  const real = (units: number | undefined): number | undefined =>
    units === undefined || !expected ? undefined : units * expected.unit;
  return {
    error: real(printed.error),
    raw: printed.error,
    threshold: real(printed.threshold),
    isAnomalous: printed.isAnomalous,
    float: expected?.float,
    isFloatAnomalous: expected?.isFloatAnomalous,
    differs: comparison?.reconstructionIsSame === false,
  };
}
