import { english } from '../../common/errors/sentence.ts';
import {
  type Exploration,
  type ExploredVariant,
  figuresOf,
  frontOf,
  mainQuality,
  type Quality,
  qualityOf,
  ranked,
} from '../../workflow/explore/explored.ts';
import { type Column, grouped, textTable } from '../table.ts';

/** What an exploration found, as text: the variants from the best to the worst. */
export function explorationText(exploration: Exploration): string {
  const { board, variants } = exploration;
  const quality = mainQuality(variants);
  const front = quality === undefined ? new Set<number>() : frontOf(variants, quality);
  const columns = columnsOf(exploration);
  const table = textTable(
    [{ title: '' }, { title: '#', align: 'right' }, { title: 'quantization' }, ...columns, { title: '' }],
    ranked(exploration).map((v) => [
      front.has(v.number) ? '*' : '',
      v.number,
      english(v.words),
      ...columns.map((c) => c.cell(v)),
      noteOf(v),
    ]),
  );
  const [any] = variants.flatMap((v) => figuresOf(v) ?? []);
  return [
    table,
    ...(any
      ? [
          `Over ${any.samples} sample${any.samples === 1 ? '' : 's'}${floatNote(any.labelled)}, for ${board.name}. Flash and RAM are the model's alone.`,
          cyclesNote(exploration),
          `* The Pareto front by ${QUALITY[quality!]}, cycles, flash and RAM: no other variant is as good in all of them and better in one.`,
          '"--take N" makes variant N the choice of a port.',
        ]
      : ['None of the variants can be made.']),
    '',
  ].join('\n');
}

interface FigureColumn extends Column {
  readonly cell: (v: ExploredVariant) => string;
}

function columnsOf({ variants }: Exploration): FigureColumn[] {
  const all = variants.flatMap((v) => figuresOf(v) ?? []);
  if (all.length === 0) return [];
  const share = (title: string, quality: Quality): FigureColumn[] => {
    if (!all.every((f) => qualityOf(f, quality) !== undefined)) return [];
    return [column(title, (f) => `${(qualityOf(f, quality)! * 100).toFixed(1)} %`)];
  };
  const isMeasured = all.some((f) => f.measuredCycles !== undefined);
  return [
    ...share('accuracy', 'accuracy'),
    ...share('same Top1', 'sameTop1'),
    column('SQNR', (f) => (f.sqnrDb === undefined ? 'exact' : `${f.sqnrDb.toFixed(1)} dB`)),
    column('about cycles', (f) => grouped(f.predictedCycles)),
    ...(isMeasured
      ? [column('cycles', (f) => (f.measuredCycles === undefined ? '' : grouped(f.measuredCycles)))]
      : []),
    column('flash B', (f) => grouped(f.flashBytes)),
    column('RAM B', (f) => grouped(f.ramBytes)),
  ];
}

function column(
  title: string,
  text: (figures: NonNullable<ReturnType<typeof figuresOf>>) => string,
): FigureColumn {
  return {
    title,
    align: 'right',
    cell: (v) => {
      const figures = figuresOf(v);
      return figures ? text(figures) : '';
    },
  };
}

function noteOf(v: ExploredVariant): string {
  const notes = v.isChosen ? ['chosen now'] : [];
  if ('refusal' in v.outcome) notes.push(english(v.outcome.refusal.sentence));
  else if (!v.outcome.figures.fit.fits) {
    notes.push(`does not fit: it ${v.outcome.figures.fit.reasons.map(english).join(', and it ')}`);
  }
  return notes.join('; ');
}

function floatNote(labelled: { samples: number; floatCorrect: number } | undefined): string {
  if (!labelled) return '';
  const right = ((100 * labelled.floatCorrect) / labelled.samples).toFixed(1);
  return ` (${labelled.samples} with a label, of which the float network has ${right} % right)`;
}

function cyclesNote({ variants }: Exploration): string {
  const isMeasured = variants.some((v) => figuresOf(v)?.measuredCycles !== undefined);
  return isMeasured
    ? 'About cycles: as the compiler predicts them; cycles: counted on the simulated board.'
    : 'Cycles are about what the compiler predicts; --run counts them on the simulated board.';
}

const QUALITY: Readonly<Record<Quality, string>> = {
  accuracy: 'accuracy',
  sameTop1: 'same Top1',
  sqnr: 'SQNR',
};

/** The same as data. */
export function explorationFacts(exploration: Exploration): object {
  const { model, board, variants } = exploration;
  const quality = mainQuality(variants);
  const front = quality === undefined ? new Set<number>() : frontOf(variants, quality);
  return {
    model,
    board: board.id,
    quality: quality ?? null,
    ranking: ranked(exploration).map((v) => v.number),
    variants: variants.map((v) => ({
      number: v.number,
      words: english(v.words),
      ...v.variant,
      chosen: v.isChosen,
      front: front.has(v.number),
      ...outcomeFacts(v),
    })),
  };
}

function outcomeFacts({ outcome }: ExploredVariant): object {
  if ('refusal' in outcome) return { refused: english(outcome.refusal.sentence) };
  const { fit, labelled, sqnrDb, measuredCycles, firmware, ...figures } = outcome.figures;
  return {
    fits: fit.fits,
    reasons: fit.reasons.map(english),
    samples: figures.samples,
    labelled: labelled ?? null,
    sameTop1: figures.namesClasses ? figures.sameTop1 : null,
    sqnrDb: sqnrDb ?? null,
    predictedCycles: figures.predictedCycles,
    cycles: measuredCycles ?? null,
    modelFlashBytes: figures.flashBytes,
    modelRamBytes: figures.ramBytes,
    firmware,
  };
}
