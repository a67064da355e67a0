import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readImage } from '../image/readImage.ts';
import { imageToTensor } from '../image/tensor.ts';
import { isDataFile, isSoundFile, readDataFile } from './files/table.ts';
import { labelOfName, MAX_SAMPLES, tooMany } from './findSamples.ts';
import { fitted, type FittedData, type ModelInput } from './fit.ts';
import { badData, type DataFile, labelsOf } from './numbers.ts';
import { onlyInput } from './onlyInput.ts';
import type { DataOptions } from './options.ts';
import { type Sample, sampleName } from './sample.ts';
import { fittedSound } from './sound.ts';
import { labelsFileOf } from './twin.ts';
import type { Recording } from '../sound/recording.ts';

/** A model's inputs, float32 in their declared shapes, by placeholder name. */
export type Inputs = ReadonlyMap<string, Float32Array>;

interface OpenFile {
  readonly path: string;
  readonly labels: DataFile['labels'];
  readonly fitted: FittedData;
}

/** Reads samples as a model's inputs, whatever they are kept in. The file read last stays in memory, for its next row. */
export class SampleReader {
  readonly #inputs: readonly ModelInput[];
  readonly #options: DataOptions;
  #open: OpenFile | undefined;
  /** The first recording read, which says how many samples a second the others have. */
  #recording: { readonly name: string; readonly sampleRate: number } | undefined;

  /** @param options how pictures and recordings become numbers */
  constructor(inputs: readonly ModelInput[], options: DataOptions) {
    this.#inputs = inputs;
    this.#options = options;
  }

  /**
   * The samples in a file: itself, or one for each of its rows.
   * @throws UserError 'input' when the file cannot be read, or holds numbers of another shape
   */
  async samplesIn(sample: Sample): Promise<readonly Sample[]> {
    if (!isDataFile(sample.path)) return [sample];
    const { labels: own, fitted: file } = await this.#file(sample.path);
    if (file.rows > MAX_SAMPLES) throw tooMany(MAX_SAMPLES);
    const labels = own ?? (await twinLabels(sample.path));
    if (labels && labels.length !== file.rows) {
      throw badData(
        path.basename(sample.path),
        say`has ${labels.length} labels for ${file.rows} samples`,
        say`Give as many of each.`,
      );
    }
    if (file.isSingle) return [{ ...sample, label: labels?.[0] ?? sample.label }];
    // the end of such a file's name says nothing of its rows, but of segments of one recording
    const isOfFile = !isSoundFile(sample.path) && sample.label === labelOfName(path.basename(sample.path));
    const common = isOfFile ? undefined : sample.label;
    return Array.from({ length: file.rows }, (_, row) => ({
      path: sample.path,
      row,
      label: labels?.[row] ?? common,
    }));
  }

  /** @throws UserError 'input' (file, size, row), 'model' (not a picture) */
  async read(sample: Pick<Sample, 'path' | 'row'>): Promise<Inputs> {
    if (!isDataFile(sample.path)) return this.#picture(sample.path);
    const { fitted: file } = await this.#file(sample.path);
    const { row = 0 } = sample;
    if (row >= file.rows) {
      throw badData(
        path.basename(sample.path),
        say`has ${file.rows} samples, and no row ${row}`,
        say`Rows are counted from 0.`,
      );
    }
    return new Map(
      file.inputs.map(({ name, numbers, elements }) => {
        const values = numbers.read(row * elements, elements);
        const bad = values.findIndex((v) => !Number.isFinite(v));
        if (bad >= 0) {
          throw badData(
            path.basename(sampleName(sample)),
            say`has the number ${String(values[bad])} at position ${bad}`,
            say`Give numbers that are finite in float32.`,
          );
        }
        return [name, values];
      }),
    );
  }

  async #picture(file: string): Promise<Inputs> {
    const input = onlyInput(
      this.#inputs,
      say`Give .npz or .json files with an array for each input, by its name.`,
    );
    const tensor = imageToTensor(
      await readImage(file),
      { ...this.#options.image, shape: input.shape },
      path.basename(file),
    );
    return new Map([[input.name, tensor]]);
  }

  async #file(file: string): Promise<OpenFile> {
    if (this.#open?.path !== file) {
      this.#open = undefined;
      const names = this.#inputs.map(({ name }) => name);
      const data = await readDataFile(file, names);
      const name = path.basename(file);
      const { recording } = data;
      this.#open = {
        path: file,
        labels: data.labels,
        fitted: recording ? this.#sound(recording, name) : fitted(this.#inputs, data, name),
      };
    }
    return this.#open!;
  }

  /** @throws UserError 'input' for a sample rate that the recordings before did not have, when nobody said which one is wanted */
  #sound(recording: Recording, name: string): FittedData {
    const { sound } = this.#options;
    const { sampleRate } = recording;
    const first = (this.#recording ??= { name, sampleRate });
    if (sound.sampleRate === undefined && sampleRate !== first.sampleRate) {
      throw new UserError(
        'input',
        say`${name} has ${sampleRate} samples a second, and ${first.name} ${first.sampleRate}.`,
        { do: 'resampleSound' },
      );
    }
    return fittedSound(this.#inputs, recording, sound, name);
  }
}

/** Labels of a file beside one, where there is such a file. */
async function twinLabels(file: string): Promise<readonly string[] | undefined> {
  const name = labelsFileOf(path.basename(file));
  if (name === undefined) return undefined;
  const twin = path.join(path.dirname(file), name);
  if (!(await stat(twin).catch(() => undefined))?.isFile()) return undefined;
  const [numbers] = (await readDataFile(twin)).arrays.values();
  return numbers && labelsOf(numbers);
}
