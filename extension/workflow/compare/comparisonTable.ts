import { grouped } from '../../common/grouped.ts';
import type { CompilerComparison, CompilerFigures } from './compareCompilers.ts';

/** One line of the comparison: what is compared, and both figures as text. */
export interface ComparisonRow {
  readonly what: string;
  readonly builtin: string;
  readonly glow: string;
  /** Glow's figure beside the built-in compiler's: how much more or less, in percent; empty where that says nothing. */
  readonly difference: string;
  /** Which is smaller, for figures of which less is better. */
  readonly better: 'builtin' | 'glow' | undefined;
}

/** The comparison as a table of text, for the terminal and for VS Code alike. */
export function comparisonRows(c: CompilerComparison): ComparisonRow[] {
  const row = (
    what: string,
    value: (f: CompilerFigures) => number,
    text: (n: number) => string,
    better: 'less' | 'more' = 'less',
  ): ComparisonRow => {
    const [a, b] = [value(c.builtin), value(c.glow)];
    const isBuiltin = better === 'less' ? a < b : a > b;
    return {
      what,
      builtin: text(a),
      glow: text(b),
      difference: better === 'less' ? percentMore(a, b) : '',
      better: a === b ? undefined : isBuiltin ? 'builtin' : 'glow',
    };
  };
  const bytes = (n: number): string => `${grouped(n)} B`;
  const of = (total: number) => (n: number) => `${n} of ${total}`;
  return [
    row('Code', (f) => f.codeBytes, bytes),
    row('Constants', (f) => f.constantBytes, bytes),
    row('Inputs and outputs', (f) => f.placeholderBytes, bytes),
    row('Activations', (f) => f.activationBytes, bytes),
    row('Firmware, flash', (f) => f.flashBytes, bytes),
    row('Firmware, RAM', (f) => f.ramBytes, bytes),
    row('Stack used', (f) => f.stackBytes, bytes),
    row('Cycles, mean', (f) => f.cycles.mean, grouped),
    row('Cycles, most', (f) => f.cycles.max, grouped),
    row(
      'Time',
      (f) => f.timeUs,
      (n) => `${grouped(n)} us`,
    ),
    ...saidRows(c, (what, value, total) => row(what, value, of(total), 'more')),
    row('Error of outputs, mean', (f) => f.meanError, real),
    row('Error of outputs, largest', (f) => f.largestError, real),
  ];
}

/** How often what networks say is right, of those that say something besides numbers. */
function saidRows(
  { task, samples, labelled, builtin, glow }: CompilerComparison,
  row: (what: string, value: (f: CompilerFigures) => number, total: number) => ComparisonRow,
): ComparisonRow[] {
  const both = [builtin, glow];
  const rows: ComparisonRow[] = [];
  if (both.every((f) => f.likeFloat !== undefined)) {
    const what = task === 'anomaly' ? "Verdict as the float network's" : "Top1 as the float network's";
    rows.push(row(what, (f) => f.likeFloat!, samples));
  }
  if (both.every((f) => f.right !== undefined)) rows.push(row('Top1 right', (f) => f.right!, labelled));
  return rows;
}

/** What Glow's network takes beside the built-in compiler's, as a sentence. */
function differenceSentence({ builtin, glow }: CompilerComparison): string {
  const said = (a: number, b: number, what: string): string => {
    const percent = percentOf(a, b);
    return percent === 0 ? `the same ${what}` : `${size(percent)} ${percent > 0 ? 'more' : 'less'} ${what}`;
  };
  return `Beside the built-in compiler\u2019s, Glow\u2019s firmware takes ${said(builtin.cycles.mean, glow.cycles.mean, 'cycles')}, ${said(builtin.flashBytes, glow.flashBytes, 'flash')} and ${said(builtin.ramBytes, glow.ramBytes, 'RAM')}.`;
}

/** How far the two agree, as a sentence. */
export function agreementSentence({ task, agreement, samples }: CompilerComparison): string {
  const apart = `outputs differ by ${real(agreement.largest)} at most.`;
  if (agreement.same === undefined) return `Their ${apart}`;
  const what = task === 'anomaly' ? 'the same' : 'the same class';
  return `Both say ${what} for ${agreement.same} of ${samples} sample${samples === 1 ? '' : 's'}; their ${apart}`;
}

/** The comparison as a Markdown document, for VS Code's preview. Text of the model is escaped. */
export function comparisonMarkdown(c: CompilerComparison): string {
  const mark = (figure: string, isBetter: boolean): string => {
    const text = figure.replaceAll(' ', '\u00a0'); // a figure stays on one line
    return isBetter ? `**${text}**` : text;
  };
  return [
    `# ${escapeMarkdown(c.model)} on ${escapeMarkdown(c.board.name)}: built-in compiler and Glow`,
    '',
    `Measured on the simulated ${escapeMarkdown(c.board.name)} at ${c.board.coreClockHz / 1e6} MHz with ${c.samples} sample${c.samples === 1 ? '' : 's'}. The better figure is bold.`,
    '',
    differenceSentence(c),
    '',
    '| | built-in | Glow |',
    '| :--- | ---: | ---: |',
    ...comparisonRows(c).map(
      (r) =>
        `| ${r.what} | ${mark(r.builtin, r.better === 'builtin')} | ${mark(r.glow, r.better === 'glow')} |`,
    ),
    '',
    agreementSentence(c),
    '',
    'Errors are differences from the float network in real units. Code and constants are the network alone; firmware holds the board support, the console and the test image too.',
    '',
  ].join('\n');
}

/** `+163 %` when b is 2.63 times a; empty when they are the same, or a is nothing to compare with. */
export function percentMore(a: number, b: number): string {
  const percent = percentOf(a, b);
  return percent === 0 ? '' : `${percent < 0 ? '\u2212' : '+'}${size(percent)}`;
}

/** How much more b is than a, in percent; 0 when a is nothing to compare with. */
function percentOf(a: number, b: number): number {
  return a === 0 ? 0 : (b / a - 1) * 100;
}

/** `163 %`, whether more or less. */
function size(percent: number): string {
  const n = Math.abs(percent);
  return `${n < 10 ? n.toFixed(1) : grouped(Math.round(n))} %`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+!|~&-]/g, '\\$&').replace(/\s+/g, ' ');
}

function real(n: number): string {
  return n === 0 ? '0' : n.toPrecision(3);
}
