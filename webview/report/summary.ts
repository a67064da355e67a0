import type { ModelReport } from '../shared/report.ts';
import { t } from '../l10n.ts';
import { bytes, count, firmwareSize, inferenceTime, integer, NONE, percent } from '../format.ts';
import type { TimeBasis } from '../shared/firmwareText.ts';
import { qualityTile } from './qualityTile.ts';
import type { Tile } from './tiles.ts';

/** The numbers a reader looks for first, as far as this report knows them. */
export function summaryTiles(report: ModelReport): Tile[] {
  const { model, accuracy } = report;
  const result: Tile[] = [
    {
      name: t('Parameters'),
      word: 'parameters',
      value: count(model.parameters),
      note: t('weights and biases'),
    },
    { name: t('MACs'), word: 'macs', value: count(model.macs), note: t('one inference') },
  ];
  // whole firmware where it has been built, else the model alone
  const fit = report.boards.find(({ id, basis }) => id === report.board?.id && basis === 'built');
  const memory = [
    ['flash', t('Flash'), fit?.flash ?? report.memory[0], model.flashBytes, t('code and constants')],
    ['ram', t('RAM'), fit?.ram ?? report.memory[1], model.ramBytes, t('without stack')],
  ] as const;
  for (const [word, name, firmware, alone, note] of memory) {
    if (firmware) {
      const value = firmwareSize(firmware.used, 'built');
      result.push({ name, word, value, note: t('model {0}', bytes(alone)) });
    } else if (alone !== undefined) result.push({ name, word, value: bytes(alone), note });
  }
  const inference = inferenceOf(model);
  if (inference) {
    const { name, timeUs, basis, cycles } = inference;
    result.push({
      name,
      word: 'inference',
      value: inferenceTime(timeUs, basis),
      note: cycles === undefined ? NONE : t('{0} cycles', integer(cycles)),
    });
  } else if (model.compiler === 'glow') {
    result.push({
      name: t('Inference'),
      word: 'inference',
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
            word: 'accuracy',
            value: percent(l.quantizedCorrect / l.samples),
            note: t('float {0}', percent(l.floatCorrect / l.samples)),
          }
        : qualityTile(report, accuracy),
    );
  }
  return result;
}

interface Inference {
  readonly name: string;
  readonly timeUs: number;
  readonly basis: TimeBasis;
  readonly cycles: number | undefined;
}

/** What one inference takes: as measured, else as predicted for the board; undefined where neither is known. */
function inferenceOf(model: ModelReport['model']): Inference | undefined {
  const { timeUs, measuredCycles, predictedTimeUs, predictedCycles } = model;
  if (timeUs !== undefined) {
    const cycles = measuredCycles ?? predictedCycles;
    return { name: t('Inference'), timeUs, basis: 'measured', cycles };
  }
  if (predictedTimeUs === undefined) return undefined;
  return { name: t('Predicted'), timeUs: predictedTimeUs, basis: 'predicted', cycles: predictedCycles };
}
