import { grouped } from '../../common/grouped.ts';
import { english, say } from '../../common/errors/sentence.ts';
import { planesOf, shapeText, type TensorPlanes } from '../../../webview/shared/tensorPlanes.ts';
import { isSame } from './difference.ts';
import type { LayerState, TensorView } from './networkWatch.ts';

/** Numbers that are printed at once. */
const MOST_NUMBERS = 4096;
/** Numbers of a long row in a line. */
const PER_LINE = 32;

/** The network's layers as a table. */
export function layersText(layers: readonly LayerState[]): string {
  const rows = layers.map((l) => [
    String(l.layer + 1),
    l.report.name,
    l.report.symbol,
    shapeText(l.report.outputShape),
    l.cycles === undefined ? '' : grouped(l.cycles),
    stateText(l),
  ]);
  const all = [['#', 'layer', 'function', 'output', 'cycles', 'tensor'], ...rows];
  const widths = all[0]!.map((_, k) => all.reduce((most, row) => Math.max(most, row[k]!.length), 0));
  const isNumber = (k: number): boolean => k === 0 || k === 4;
  return all
    .map((row) =>
      row
        .map((cell, k) => (isNumber(k) ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => english(say`${line}`))
    .join('\n');
}

const STATES: Readonly<Record<LayerState['state'], string>> = {
  unwritten: 'not written yet',
  running: 'being written',
  there: 'there',
  gone: 'overwritten',
};

function stateText({ state, verdict }: LayerState): string {
  return verdict === undefined
    ? STATES[state]
    : `${STATES[state]}, ${verdict === 'equal' ? "the PC's" : 'differs'}`;
}

/**
 * A tensor's numbers, the board's and behind a slash the PC's where they differ.
 * @param plane the only one that is wanted, counted from 0; the first ones that are not too many when undefined
 */
export function tensorText({ state, board, pc, noPc, difference }: TensorView, plane?: number): string {
  const { report, layer } = state;
  const { name, outputShape, output } = report;
  const head = `Layer ${layer + 1}, ${name}: ${shapeText(outputShape)}`;
  if (!board) return english(say`${head}; ${STATES[state.state]}`);
  const planes = planesOf(outputShape);
  if (plane !== undefined && plane >= planes.count)
    return english(say`${head}; it has ${planes.count} channels`);
  const found = difference
    ? `${difference.differing} of ${difference.elements} differ (board/PC), first [${difference.index.join(', ')}]`
    : pc
      ? "equal to the PC's"
      : '';
  const scale = output!.type === 'float32' ? '' : `scale ${report.scale}, offset ${report.offset}`;
  const first = english(say`${[head, scale, found].filter((part) => part !== '').join('; ')}`);
  const texts = Array.from(board, (b, i) =>
    !pc || isSame(b, pc[i]!) ? numberText(b) : `${numberText(b)}/${numberText(pc[i]!)}`,
  );
  const size = planes.height * planes.width;
  const shown = plane === undefined ? Math.max(1, Math.floor(MOST_NUMBERS / size)) : 1;
  const wanted = Array.from({ length: planes.count }, (_, p) => p)
    .filter((p) => plane === undefined || p === plane)
    .slice(0, shown);
  const lines = wanted.flatMap((p) => [
    ...(planes.count > 1 ? [`channel ${p + 1} of ${planes.count}`] : []),
    ...planeLines(planes, p, texts),
  ]);
  return [first, ...(noPc ? [english(noPc)] : []), ...lines].join('\n');
}

/** Rows of a plane in columns; long rows go on in further lines. */
function planeLines(planes: TensorPlanes, plane: number, texts: readonly string[]): string[] {
  const { height, width, planeStep, rowStep, columnStep } = planes;
  const rows = Math.min(height, Math.ceil(MOST_NUMBERS / width));
  const lines: string[] = [];
  for (let y = 0; y < rows; y++) {
    const row = Array.from(
      { length: Math.min(width, MOST_NUMBERS) },
      (_, x) => texts[plane * planeStep + y * rowStep + x * columnStep]!,
    );
    for (let x = 0; x < row.length; x += PER_LINE) lines.push(row.slice(x, x + PER_LINE).join(' '));
  }
  if (rows < height || width > MOST_NUMBERS) lines.push('...');
  return lines;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Math.fround(value));
}
