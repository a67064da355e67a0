import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readImage, readImageSize } from '../image/readImage.ts';
import { imageToTensor, requireImageSize } from '../image/tensor.ts';
import { isDataFile, isSoundFile, readDataFile } from './files/table.ts';
import { isSampleFile, labelOfName } from './findSamples.ts';
import { fitted, type FittedData, type ModelInput } from './fit.ts';
import { MAX_SAMPLES, tooMany } from './limits.ts';
import { normalized, type Normalizer, normalizersOf, requireSettled } from './normalize/normalizer.ts';
import { badData, type DataFile, labelsOf } from './numbers.ts';
import { onlyInput } from './onlyInput.ts';
import type { DataOptions } from './options.ts';
import { partsBeside } from './parts.ts';
import { type Sample, type SampleData, sampleName } from './sample.ts';
import { fittedSound } from './sound.ts';
import { labelsFileOf } from './twin.ts';
import type { Recording } from '../sound/recording.ts';

/** A model's inputs, float32 in their declared shapes, by placeholder name. */
export type Inputs = ReadonlyMap<string, Float32Array>;

interface OpenFile {
  readonly path: string;
  /** The only input that it feeds; undefined for one that feeds all. */
  readonly input: string | undefined;
  /** Of a recording, as its file has it. */
  readonly sampleRate: number | undefined;
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

  readonly #normalizers: ReadonlyMap<string, Normalizer>;

  /**
   * @param options how pictures and recordings become numbers, and what becomes of these
   * @throws UserError 'usage' for numbers to normalize with that do not fit the inputs, or that are still to be measured
   */
  constructor(inputs: readonly ModelInput[], options: DataOptions) {
    requireSettled(options.normalize);
    this.#inputs = inputs;
    this.#options = options;
    this.#normalizers = normalizersOf(inputs, options);
  }

  /**
   * The samples in a file: itself, or one for each of its rows.
   * @throws UserError 'input' when the file cannot be read, or holds numbers of another shape
   */
  async samplesIn(sample: Sample): Promise<readonly Sample[]> {
    if (sample.parts) {
      let rate: number | undefined;
      for (const { file, input } of this.#partsOf(sample.parts)) {
        if (isDataFile(file)) rate ??= (await this.#onlySample(file, input)).sampleRate;
      }
      return [rate === undefined ? sample : { ...sample, sampleRate: rate }];
    }
    if (!isDataFile(sample.path)) return [sample];
    const { labels: own, fitted: file, sampleRate } = await this.#file(sample.path);
    const rate = sampleRate === undefined ? {} : { sampleRate };
    if (file.rows > MAX_SAMPLES) throw tooMany(MAX_SAMPLES);
    const labels = own ?? (await twinLabels(sample.path));
    if (labels && labels.length !== file.rows) {
      throw badData(
        path.basename(sample.path),
        say`has ${labels.length} labels for ${file.rows} samples`,
        say`Give as many of each.`,
      );
    }
    if (file.isSingle) return [{ ...sample, ...rate, label: labels?.[0] ?? sample.label }];
    // the end of such a file's name says nothing of its rows, but of segments of one recording
    const isOfFile = !isSoundFile(sample.path) && sample.label === labelOfName(path.basename(sample.path));
    const common = isOfFile ? undefined : sample.label;
    return Array.from({ length: file.rows }, (_, row) => ({
      path: sample.path,
      row,
      ...rate,
      label: labels?.[row] ?? common,
    }));
  }

  /** @throws UserError 'input' (file, size, row, sample rate), 'model' (not a picture) */
  async read(sample: SampleData): Promise<Inputs> {
    const values = await this.#values(sample);
    return new Map(
      [...values].map(([name, given]) => {
        const normalizer = this.#normalizers.get(name);
        requireFinite(given, sample);
        if (!normalizer) return [name, given];
        const numbers = normalized(given, normalizer);
        requireFinite(numbers, sample);
        return [name, numbers];
      }),
    );
  }

  /**
   * Whether a sample is of a kind and size that the inputs take, as far as the headers of pictures tell: much quicker than reading it.
   * @throws UserError as `read` does
   */
  async look(sample: Sample): Promise<void> {
    const files = sample.parts ? this.#partsOf(sample.parts) : [{ file: sample.path, input: undefined }];
    for (const { file, input } of files) {
      // numbers and recordings have been looked at when the samples in them were counted
      if (isDataFile(file)) continue;
      const { shape } = input ?? this.#onlyPictured();
      requireImageSize(await readImageSize(file), { ...this.#options.image, shape }, path.basename(file));
    }
  }

  /** The input that a picture alone is for. */
  #onlyPictured(): ModelInput {
    return onlyInput(
      this.#inputs,
      say`Give a file for each input, such as 1.NAME.png with the input's name, or .npz or .json files with an array for each.`,
    );
  }

  /** Before they are normalized. */
  async #values(sample: SampleData): Promise<Inputs> {
    const parts = sample.parts ?? (await this.#partsBeside(sample.path));
    if (parts) {
      const values = new Map<string, Float32Array>();
      for (const { file, input } of this.#partsOf(parts))
        values.set(input.name, await this.#part(file, input, sample));
      return values;
    }
    if (!isDataFile(sample.path)) {
      const input = this.#onlyPictured();
      return new Map([[input.name, await this.#picture(sample.path, input)]]);
    }
    const { fitted: file, sampleRate } = await this.#file(sample.path);
    requireRate(sample, sampleRate);
    const { row = 0 } = sample;
    if (row >= file.rows) {
      throw badData(
        path.basename(sample.path),
        say`has ${file.rows} samples, and no row ${row}`,
        say`Rows are counted from 0.`,
      );
    }
    return new Map(
      file.inputs.map(({ name, numbers, elements }) => [name, numbers.read(row * elements, elements)]),
    );
  }

  #partsOf(parts: Readonly<Record<string, string>>): { readonly file: string; readonly input: ModelInput }[] {
    return this.#inputs.map((input) => ({ file: parts[input.name]!, input }));
  }

  /** A file that somebody named may be part of a sample. */
  async #partsBeside(file: string): Promise<Readonly<Record<string, string>> | undefined> {
    const names = this.#inputs.map(({ name }) => name);
    const found = await partsBeside(file, names, isSampleFile);
    return found && Object.fromEntries(found);
  }

  /** What one file feeds one of several inputs with. */
  async #part(file: string, input: ModelInput, sample: SampleData): Promise<Float32Array> {
    if (!isDataFile(file)) return this.#picture(file, input);
    const { fitted: data, sampleRate } = await this.#onlySample(file, input);
    requireRate({ ...sample, path: file }, sampleRate);
    const [first] = data.inputs;
    return first!.numbers.read(0, first!.elements);
  }

  async #onlySample(file: string, input: ModelInput): Promise<OpenFile> {
    const open = await this.#file(file, input);
    const { fitted: data } = open;
    if (data.rows === 1) return open;
    throw badData(
      path.basename(file),
      say`has ${data.rows} samples for input '${input.name}'; a file beside those of other inputs holds one`,
      say`Give a file for each sample.`,
    );
  }

  async #picture(file: string, { shape }: ModelInput): Promise<Float32Array> {
    return imageToTensor(await readImage(file), { ...this.#options.image, shape }, path.basename(file));
  }

  /** @param input the only one that the file feeds; undefined: all */
  async #file(file: string, input?: ModelInput): Promise<OpenFile> {
    if (this.#open?.path !== file || this.#open.input !== input?.name) {
      this.#open = undefined;
      const inputs = input ? [input] : this.#inputs;
      const data = await readDataFile(
        file,
        inputs.map((i) => i.name),
      );
      const name = path.basename(file);
      const { recording } = data;
      this.#open = {
        path: file,
        input: input?.name,
        labels: data.labels,
        sampleRate: this.#options.sound.sampleRate === undefined ? recording?.sampleRate : undefined,
        fitted: recording ? this.#sound(recording, name, inputs) : fitted(inputs, data, name),
      };
    }
    return this.#open!;
  }

  /** @throws UserError 'input' for a sample rate that the recordings before did not have, when nobody said which one is wanted */
  #sound(recording: Recording, name: string, inputs: readonly ModelInput[]): FittedData {
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
    return fittedSound(inputs, recording, sound, name);
  }
}

/** @throws UserError 'input' for a recording of another sample rate than the others have */
function requireRate({ path: file, sampleRate }: SampleData, found: number | undefined): void {
  if (sampleRate === undefined || found === undefined || found === sampleRate) return;
  throw new UserError(
    'input',
    say`${path.basename(file)} has ${found} samples a second, and the recordings that the network is measured with ${sampleRate}.`,
    { do: 'resampleSound' },
  );
}

function requireFinite(values: Float32Array, sample: SampleData): void {
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return;
  throw badData(
    path.basename(sampleName(sample)),
    say`has the number ${String(values[bad])} at position ${bad}`,
    say`Give numbers that are finite in float32.`,
  );
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
