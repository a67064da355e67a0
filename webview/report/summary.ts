import type { ModelReport } from '../../extension/workflow/report.ts';
import { t } from '../l10n.ts';
import { bytes, count, integer, NONE, percent, time } from './format.ts';
import type { Tile } from './tiles.ts';

/** The numbers a reader looks for first, as far as this report knows them. */
export function summaryTiles(report: ModelReport): Tile[] {
  const { model, board, accuracy } = report;
  const result: Tile[] = [
    { name: t('Parameters'), value: count(model.parameters), note: t('weights and biases') },
    { name: t('MACs'), value: count(model.macs), note: t('one inference') },
  ];
  if (model.flashBytes !== undefined) {
    result.push({ name: t('Model flash'), value: bytes(model.flashBytes), note: t('code and constants') });
  }
  if (model.ramBytes !== undefined) {
    result.push({
      name: t('Model RAM'),
      value: bytes(model.ramBytes),
      note: t('inputs, outputs, activations'),
    });
  }
  for (const memory of report.memory) {
    if (memory.used > 0 && model.timeUs !== undefined) {
      result.push({
        name: memory === report.memory[0] ? t('Firmware flash') : t('Firmware RAM'),
        value: bytes(memory.used),
        note: t('{0} of {1}', percent(memory.used / memory.size), bytes(memory.size)),
      });
    }
  }
  const cycles = model.measuredCycles ?? model.predictedCycles;
  if (model.timeUs !== undefined || (cycles !== undefined && board)) {
    result.push({
      name: t('Inference'),
      value: time(model.timeUs ?? (cycles! / board!.coreClockHz) * 1e6),
      note:
        cycles === undefined
          ? NONE
          : model.measuredCycles === undefined
            ? t('{0} cycles predicted', integer(cycles))
            : t('{0} cycles measured', integer(cycles)),
    });
  }
  if (accuracy) {
    const l = accuracy.labelled;
    result.push(
      l
        ? {
            name: t('Accuracy'),
            value: percent(l.quantizedCorrect / l.samples),
            note: t('float {0}, {1} samples', percent(l.floatCorrect / l.samples), integer(l.samples)),
          }
        : {
            name: t('Same Top1'),
            value: percent(accuracy.sameTop1 / Math.max(1, accuracy.samples)),
            note: t('as float, {0} samples', integer(accuracy.samples)),
          },
    );
  }
  return result;
}
