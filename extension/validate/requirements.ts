import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { Task } from '../../webview/shared/task.ts';
import type { RequirementVerdict, Score, Validation } from '../../webview/shared/validation.ts';

/** Figures that can be required, with what their numbers are. */
const FIGURES = {
  accuracy: 'share',
  auc: 'share',
  mae: 'number',
  rmse: 'number',
  mismatches: 'number',
  time: 'time',
  flash: 'bytes',
  ram: 'bytes',
  stack: 'bytes',
} as const satisfies Record<string, 'share' | 'number' | 'time' | 'bytes'>;

export type RequiredFigure = keyof typeof FIGURES;
type Kind = (typeof FIGURES)[RequiredFigure];

/** What stands behind a number, in the unit that figures are told in: shares from 0 to 1, bytes, microseconds. */
const UNITS: Readonly<Record<Kind, Readonly<Record<string, number>>>> = {
  share: { '%': 1 / 100 },
  number: { '': 1 },
  time: { us: 1, ms: 1000, s: 1e6 },
  bytes: { '': 1, b: 1, k: 1024, kb: 1024, kib: 1024, m: 1 << 20, mb: 1 << 20, mib: 1 << 20 },
};

const HOLDS = {
  '>=': (found: number, limit: number) => found >= limit,
  '<=': (found: number, limit: number) => found <= limit,
  '>': (found: number, limit: number) => found > limit,
  '<': (found: number, limit: number) => found < limit,
} as const satisfies Record<string, (found: number, limit: number) => boolean>;

/** A requirement such as `accuracy>=95` or `flash<=64k`. */
export interface Requirement {
  /** As it was stated. */
  readonly text: string;
  readonly figure: RequiredFigure;
  readonly relation: keyof typeof HOLDS;
  /** Shares from 0 to 1, bytes, microseconds. */
  readonly limit: number;
}

/** Longest requirement looked at, in characters. */
const MAX_LENGTH = 64;

/** @throws UserError `usage` for what is no requirement */
export function parseRequirement(stated: string): Requirement {
  const text = stated.trim();
  const parts =
    text.length > MAX_LENGTH ? null : /^([a-z]+) ?(>=|<=|>|<) ?(\d+|\d*\.\d+) ?([a-z%]*)$/i.exec(text);
  if (!parts) {
    throw bad(
      say`"${text.slice(0, MAX_LENGTH)}" is no requirement: it takes a figure, >=, <=, > or <, and a number.`,
    );
  }
  const figure = parts[1]!.toLowerCase() as RequiredFigure;
  const relation = parts[2] as Requirement['relation'];
  const unit = parts[4]!.toLowerCase();
  if (!Object.hasOwn(FIGURES, figure)) {
    throw bad(say`"${text}" requires what is no figure; these are: ${Object.keys(FIGURES)}.`);
  }
  return { text, figure, relation, limit: limitOf(text, figure, Number(parts[3]), unit) };
}

function limitOf(text: string, figure: RequiredFigure, number: number, unit: string): number {
  const kind = FIGURES[figure];
  const units = UNITS[kind];
  if (figure === 'accuracy' && unit === '') {
    // 95 is meant in percent; 0.95 may be meant as a share
    if (number > 0 && number <= 1) {
      throw bad(
        say`"${text}" is not clear: accuracy is in percent. Write ${Number((number * 100).toPrecision(12))}% or ${number}%.`,
      );
    }
    return number / 100;
  }
  if (figure === 'auc' && unit === '') {
    if (number > 1) throw bad(say`"${text}" cannot be met: auc is from 0 to 1, or in %.`);
    return number;
  }
  if (!Object.hasOwn(units, unit)) {
    const known = Object.keys(units).filter((u) => u !== '');
    throw known.length === 0
      ? bad(say`"${text}" has a unit, and ${figure} has none.`)
      : bad(say`"${text}" needs a unit of ${figure}: ${known}.`);
  }
  // a percent as a share has it, 95 / 100; of other units what is no more than rounding of the product is taken away
  return kind === 'share' ? number / 100 : Number((number * units[unit]!).toPrecision(12));
}

function bad(sentence: ReturnType<typeof say>): UserError {
  return new UserError(
    'usage',
    sentence,
    say`Such as accuracy>=95, time<=10ms, flash<=64k, ram<=8k or mismatches<=0.`,
  );
}

/** Whether a figure that was found meets a requirement. @param found undefined: nobody knows it, which does not meet it */
export function verdictOf(
  { text, figure, relation, limit }: Requirement,
  found: number | undefined,
): RequirementVerdict {
  return {
    ...{ text, figure },
    isMet: found !== undefined && HOLDS[relation](found, limit),
    found: found === undefined ? undefined : figureText(figure, found),
  };
}

/** Tasks whose answers have a figure, of samples that say what they show; of the other figures any answers do. See {@link foundOf}. */
export const TASKS_OF_FIGURES: Readonly<Partial<Record<RequiredFigure, readonly Task[]>>> = {
  accuracy: ['classify', 'anomaly'],
  auc: ['anomaly'],
  mae: ['regress'],
  rmse: ['regress'],
};

/** What a finished validation found of a figure; time is the slowest inference's. */
export function foundOf(
  figure: RequiredFigure,
  validation: Omit<Validation, 'requirements'>,
): number | undefined {
  const { score, firmware, mismatches, timeUs } = validation;
  switch (figure) {
    case 'accuracy':
      return accuracyOf(score);
    case 'auc':
      return score.task === 'anomaly' ? score.roc?.auc : undefined;
    case 'mae':
    case 'rmse':
      return score.task === 'regress' ? score.errors?.[figure] : undefined;
    case 'mismatches':
      return mismatches.count;
    case 'time':
      return timeUs.max;
    case 'flash':
      return firmware?.flashBytes;
    case 'ram':
      return firmware?.ramBytes;
    case 'stack':
      return firmware?.stackBytes;
  }
}

/** Share of the labelled samples that got the class, or the side of the threshold, that they are of. */
export function accuracyOf(score: Score): number | undefined {
  if (score.task === 'classify') return score.labelled > 0 ? score.correct / score.labelled : undefined;
  if (score.task !== 'anomaly' || !score.threshold) return undefined;
  const { matrix } = score.threshold.confusion;
  const right = matrix.reduce((n, row, c) => n + row[c]!, 0);
  return right / (score.normal + score.anomalies);
}

/** Figures that are known before anything runs. */
export const STATIC_FIGURES: ReadonlySet<RequiredFigure> = new Set(['flash', 'ram', 'stack']);

/**
 * What a requirement asks at most; undefined where it asks for more than something. What is known to be needed at least cannot meet it
 * where it is beyond.
 */
export function isBeyond({ relation, limit }: Requirement, least: number): boolean {
  return (relation === '<=' || relation === '<') && !HOLDS[relation](least, limit);
}

/** A figure with its unit, such as `97.4 %`, `1.41 ms` or `9,200 B`. */
export function figureText(figure: RequiredFigure, found: number): string {
  const number = (value: number, digits: number): string =>
    value.toLocaleString('en-US', { maximumFractionDigits: digits });
  switch (FIGURES[figure]) {
    case 'share':
      return figure === 'auc' ? number(found, 4) : `${number(found * 100, 2)} %`;
    case 'time':
      return found < 1000 ? `${number(found, 0)} us` : `${number(found / 1000, 2)} ms`;
    case 'bytes':
      return `${number(found, 0)} B`;
    case 'number':
      return number(found, 6);
  }
}
