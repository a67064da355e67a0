import { ReportParser } from '../../extension/inference/parse.ts';
import type { InferenceReport } from '../../extension/inference/report.ts';
import type { Machine } from '../../extension/simulator/machine/machine.ts';

/** What a machine prints until its first whole report. */
export function reportOf(machine: Machine): InferenceReport | undefined {
  const parser = new ReportParser();
  let report: InferenceReport | undefined;
  machine.onUart = (byte) => {
    [report] = parser.push(Uint8Array.of(byte));
    if (report) machine.stop();
  };
  machine.run(200e6);
  return report ?? parser.end();
}
