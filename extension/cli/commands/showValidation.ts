import { printable } from '../../common/errors/printable.ts';
import { accuracyOf, figureText } from '../../validate/requirements.ts';
import type { Confusion, Score, Validation } from '../../workflow/validate/validate.ts';
import { grouped, textTable } from '../table.ts';

/** Classes whose matrix is still shown in a terminal. */
const MOST_CLASSES = 16;
/** Samples listed at most. */
const MOST_ROWS = 10;

/** A validation as text. */
export function validationText(validation: Validation): string {
  const { board, on, samples, score, timeUs, firmware, mismatches, line, requirements } = validation;
  const times = [timeUs.min, timeUs.mean, timeUs.max].map((t) => figureText('time', t));
  const lines = [
    `Board     ${board.name} (${on === 'sim' ? 'simulated' : printable(on)})`,
    `Samples   ${grouped(samples)}`,
    mismatches.count === 0
      ? 'Match     yes: every output of every sample is what the PC computes'
      : `Match     no: ${grouped(mismatches.count)} samples differ from the PC`,
    ...scoreLines(score),
    `Time      ${times[0]} to ${times[2]}, ${times[1]} on average`,
  ];
  if (firmware) {
    const { flashBytes, ramBytes, stackBytes } = firmware;
    lines.push(`Flash     ${grouped(flashBytes)} B`);
    lines.push(
      `RAM       ${grouped(ramBytes)} B${stackBytes === undefined ? '' : `, stack ${grouped(stackBytes)} B`}`,
    );
  }
  if (line.retransmissions > 0 || line.resets > 0) {
    lines.push(
      `Line      ${grouped(line.retransmissions)} requests sent again, ${grouped(line.resets)} resets`,
    );
  }
  const parts = [`${lines.join('\n')}\n`];
  const confusion = confusionIn(score);
  if (confusion && confusion.classes.length <= MOST_CLASSES)
    parts.push(matrixText(confusion), classesText(confusion));
  if (mismatches.count > 0) {
    const names = mismatches.listed.slice(0, MOST_ROWS).map((m) => printable(m.name));
    parts.push(`Differing: ${names.join(', ')}${mismatches.count > MOST_ROWS ? ', …' : ''}\n`);
  }
  if (requirements.length > 0) {
    const rows = requirements.map((r) => [r.text, r.isMet ? 'met' : 'not met', r.found ?? 'not known']);
    parts.push(textTable([{ title: 'required' }, { title: '' }, { title: 'found', align: 'right' }], rows));
  }
  return parts.join('\n');
}

function scoreLines(score: Score): string[] {
  switch (score.task) {
    case 'classify': {
      const { labelled, correct } = score;
      if (labelled === 0) return ['Accuracy  not known: no sample has a label'];
      return [
        `Accuracy  ${figureText('accuracy', accuracyOf(score)!)}, ${grouped(correct)} of ${grouped(labelled)}`,
      ];
    }
    case 'anomaly': {
      const { error, roc, threshold } = score;
      const number = (n: number): string => Number(n.toPrecision(4)).toString();
      const lines = [
        `Error     ${number(error.min)} to ${number(error.max)}, ${number(error.mean)} on average`,
      ];
      if (roc) lines.push(`AUC       ${figureText('auc', roc.auc)}, best threshold ${roc.best.threshold}`);
      else lines.push('AUC       not known: it takes samples labelled normal and anomaly');
      if (threshold) {
        lines.push(
          `Accuracy  ${figureText('accuracy', accuracyOf(score)!)} at ${number(threshold.of.value)}`,
        );
      }
      return lines;
    }
    case 'regress': {
      const { errors } = score;
      if (!errors) return ['Error     not known: no label is a number for the one output'];
      const { mae, rmse, max, r2 } = errors;
      const number = (n: number): string => Number(n.toPrecision(4)).toString();
      return [
        `Error     MAE ${number(mae)}, RMSE ${number(rmse)}, at most ${number(max)}${r2 === undefined ? '' : `, R² ${number(r2)}`}`,
      ];
    }
    case 'raw':
      return [];
  }
}

function confusionIn(score: Score): Confusion | undefined {
  if (score.task === 'classify') return score.confusion;
  return score.task === 'anomaly' ? (score.threshold?.confusion ?? score.roc?.best.confusion) : undefined;
}

function matrixText({ classes, matrix }: Confusion): string {
  const names = classes.map(printable);
  return textTable(
    [{ title: 'actual \\ said' }, ...names.map((title) => ({ title, align: 'right' as const }))],
    matrix.map((row, i) => [names[i]!, ...row.map((n) => (n === 0 ? '.' : grouped(n)))]),
  );
}

function classesText({ classes, perClass }: Confusion): string {
  const share = (n: number | undefined): string => (n === undefined ? '' : `${(n * 100).toFixed(1)} %`);
  return textTable(
    [
      { title: 'class' },
      ...['samples', 'precision', 'recall', 'F1'].map((title) => ({ title, align: 'right' as const })),
    ],
    perClass.map((c, i) => [
      printable(classes[i]!),
      grouped(c.samples),
      share(c.precision),
      share(c.recall),
      share(c.f1),
    ]),
  );
}
