import { grouped } from '../common/grouped.ts';

export { grouped };

/** A column of a text table: its heading and which side its cells are aligned to. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A plain text table: a heading line, a rule, one line a row; cells padded, two spaces between columns. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = rows.map((row) => row.map(String));
  const widths = columns.map((c, i) =>
    cells.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), c.title.length),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map((c, i) =>
        c.align === 'right' ? (row[i] ?? '').padStart(widths[i]!) : (row[i] ?? '').padEnd(widths[i]!),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((w) => '-'.repeat(w)).join('  ');
  return `${[line(columns.map((c) => c.title)), rule, ...cells.map(line)].join('\n')}\n`;
}

/** Rows of layers that a terminal is given; nobody reads more, and `--json` has all. */
const MOST_LAYERS = 1000;

/** A table of layers, with `sums` below them; of a network with very many only the first. */
export function layerTable(
  columns: readonly Column[],
  layers: readonly (readonly (string | number)[])[],
  sums: readonly (readonly (string | number)[])[],
): string {
  const left = layers.length - MOST_LAYERS;
  const table = textTable(columns, [...layers.slice(0, MOST_LAYERS), ...sums]);
  return left > 0 ? `${table}${grouped(left)} more layers are in what --json prints.\n` : table;
}

/** 25,308 B of 65,536 (38.6 %) */
export function usedOf(used: number, total: number): string {
  return `${grouped(used)} B of ${grouped(total)} (${((100 * used) / total).toFixed(1)} %)`;
}

/** 1,963 us under 10 ms, else 19.6 ms. */
export function duration(us: number): string {
  if (us < 10_000) return `${grouped(us)} us`;
  return us < 10_000_000 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(1)} s`;
}
