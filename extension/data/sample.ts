/** Something to run a model with, and what it shows, where that is known. */
export interface Sample {
  readonly path: string;
  /** Which row of a file of numbers; undefined for a picture, and for a file that holds one sample. */
  readonly row?: number;
  /** Files for each of several inputs, by the inputs' names; `path` is the first of them. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Samples a second that its recording has to have: as many as those of the other samples; undefined where none is asked for. */
  readonly sampleRate?: number;
  /** From the file itself, labels.csv, the folder's name, or the end of the file's name; undefined when none says. */
  readonly label: string | undefined;
}

/** What is read of a sample. */
export type SampleData = Omit<Sample, 'label'>;

/** How a sample is named: its file, and `#12` for row 12 of it. */
export function sampleName({ path, row }: Pick<Sample, 'path' | 'row'>): string {
  return row === undefined ? path : `${path}#${row}`;
}

/** The files of a sample. */
export function sampleFiles({ path, parts }: Pick<Sample, 'path' | 'parts'>): readonly string[] {
  return parts ? Object.values(parts) : [path];
}
