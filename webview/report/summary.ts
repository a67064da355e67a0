import type { ModelReport } from '../shared/report.ts';
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
  // whole firmware where it has been built, else the model alone
  const memory = [
    [t('Flash'), report.memory[0], model.flashBytes, t('code and constants')],
    [t('RAM'), report.memory[1], model.ramBytes, t('without stack')],
  ] as const;
  for (const [name, firmware, alone, note] of memory) {
    if (firmware) {
      result.push({ name, value: bytes(firmware.used), note: t('model {0}', bytes(alone)) });
    } else if (alone !== undefined) result.push({ name, value: bytes(alone), note });
  }
  const cycles = model.measuredCycles ?? model.predictedCycles;
  if (model.timeUs !== undefined || (cycles !== undefined && board)) {
    result.push({
      name: model.timeUs === undefined ? t('Predicted') : t('Inference'),
      value: time(model.timeUs ?? (cycles! / board!.coreClockHz) * 1e6),
      note: cycles === undefined ? NONE : t('{0} cycles', integer(cycles)),
    });
  }
  if (model.compiler === 'glow' && model.timeUs === undefined && cycles === undefined) {
    result.push({
      name: t('Inference'),
      value: t('Unknown'),
      note: t('Glow predicts none, and it has not run'),
    });
  }
  if (accuracy) {
    const l = accuracy.labelled;
    result.push(
      l
        ? {
            name: t('Accuracy'),
            value: percent(l.quantizedCorrect / l.samples),
            note: t('float {0}', percent(l.floatCorrect / l.samples)),
          }
        : {
            name: t('Same Top1'),
            value: percent(accuracy.sameTop1 / Math.max(1, accuracy.samples)),
            note: t('{0} samples', integer(accuracy.samples)),
          },
    );
  }
  return result;
}
