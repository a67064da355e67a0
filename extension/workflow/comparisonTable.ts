import { grouped } from '../grouped.ts';
import type { CompilerComparison, CompilerFigures } from './compareCompilers.ts';

/** One line of the comparison: what is compared, and both figures as text. */
export interface ComparisonRow {
  readonly what: string;
  readonly builtin: string;
  readonly glow: string;
  /** Which is smaller, for figures of which less is better. */
  readonly better: 'builtin' | 'glow' | undefined;
}

/** The comparison as a table of text, for the terminal and for VS Code alike. */
export function comparisonRows(c: CompilerComparison): ComparisonRow[] {
  const row = (
    what: string,
    value: (f: CompilerFigures) => number,
    text: (n: number) => string,
    better: 'less' | 'more' | 'none' = 'less',
  ): ComparisonRow => {
    const [a, b] = [value(c.builtin), value(c.glow)];
    const isBuiltin = better === 'less' ? a < b : a > b;
    return {
      what,
      builtin: text(a),
      glow: text(b),
      better: a === b || better === 'none' ? undefined : isBuiltin ? 'builtin' : 'glow',
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
    row("Top1 as the float network's", (f) => f.likeFloat, of(c.samples), 'more'),
    ...(c.labelled > 0 ? [row('Top1 right', (f) => f.right ?? 0, of(c.labelled), 'more')] : []),
    row('Error of outputs, mean', (f) => f.meanError, real),
    row('Error of outputs, largest', (f) => f.largestError, real),
  ];
}

/** How far the two agree, as a sentence. */
export function agreementSentence(c: CompilerComparison): string {
  return (
    `Both say the same class for ${c.agreement.top1} of ${c.samples} samples; ` +
    `their outputs differ by ${real(c.agreement.largest)} at most.`
  );
}

/** The comparison as a Markdown document, for VS Code's preview. Text of the model is escaped. */
export function comparisonMarkdown(c: CompilerComparison): string {
  const mark = (text: string, isBetter: boolean): string => (isBetter ? `**${text}**` : text);
  return [
    `# ${escapeMarkdown(c.model)} on ${escapeMarkdown(c.board.name)}: built-in compiler and Glow`,
    '',
    `Measured on the simulated ${escapeMarkdown(c.board.name)} at ${c.board.coreClockHz / 1e6} MHz with ${c.samples} sample images. The better figure is bold.`,
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

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+!|~&-]/g, '\\$&').replace(/\s+/g, ' ');
}

function real(n: number): string {
  return n === 0 ? '0' : n.toPrecision(3);
}
