import type { PlotSamples } from './samples.ts';

/**
 * All samples that are kept, a row each: its number, its time as ISO 8601 has it, and a column a series, empty where the sample has
 * no such number. Names begin with a letter and have no comma or quote (lineValues.ts), so that none needs quoting.
 */
export function plotCsv(samples: PlotSamples): string {
  const { first, count, series } = samples;
  const readers = series.map(({ name }) => samples.reader(name));
  const rows = Array.from({ length: count - first }, (_, i) => {
    const sample = first + i;
    const values = readers.map((value) => value(sample)).map((v) => (Number.isNaN(v) ? '' : String(v)));
    return [sample, new Date(samples.timeOf(sample)).toISOString(), ...values].join(',');
  });
  return `${[['sample', 'time', ...series.map(({ name }) => name)].join(','), ...rows].join('\n')}\n`;
}
