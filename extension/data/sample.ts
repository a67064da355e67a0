/** Something to run a model with, and what it shows, where that is known. */
export interface Sample {
  readonly path: string;
  /** Which row of a file of numbers; undefined for a picture, and for a file that holds one sample. */
  readonly row?: number;
  /** From the file itself, labels.csv, the folder's name, or the end of the file's name; undefined when none says. */
  readonly label: string | undefined;
}

/** How a sample is named: its file, and `#12` for row 12 of it. */
export function sampleName({ path, row }: Pick<Sample, 'path' | 'row'>): string {
  return row === undefined ? path : `${path}#${row}`;
}
