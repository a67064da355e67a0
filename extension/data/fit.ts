import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { DataFile, Numbers } from './numbers.ts';

/** An input of a model: its name and its shape with the batch in front. */
export interface ModelInput {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The arrays of a file as samples of a model. */
export interface FittedData {
  /** How many samples there are. */
  readonly rows: number;
  /** The file holds one sample that is no row of anything. */
  readonly isSingle: boolean;
  /** By input: where its numbers are. */
  readonly inputs: readonly { readonly name: string; readonly numbers: Numbers; readonly elements: number }[];
}

/**
 * Which array feeds which input, and how many samples that makes. An array is one sample when it has the input's shape, with or without
 * dimensions of 1, and one sample a row when what is behind its first dimension has that shape, or is as long.
 *
 * @param fileName for sentences
 * @throws UserError 'input' with both shapes
 */
export function fitted(inputs: readonly ModelInput[], { arrays }: DataFile, fileName: string): FittedData {
  const parts = inputs.map((input) => {
    const numbers = arrayFor(input, inputs, arrays, fileName);
    return { input, numbers, elements: count(input.shape), rows: rowsOf(input, numbers.shape, fileName) };
  });
  const several = parts.find((p) => p.rows !== undefined);
  for (const { input, rows } of parts) {
    if (several && rows !== several.rows) {
      throw new UserError(
        'input',
        say`${fileName} has ${rows ?? 1} samples for input '${input.name}', and ${several.rows!} for '${several.input.name}'.`,
        say`Give as many of each.`,
      );
    }
  }
  return {
    rows: several?.rows ?? 1,
    isSingle: several === undefined,
    inputs: parts.map(({ input, numbers, elements }) => ({ name: input.name, numbers, elements })),
  };
}

/** The array of an input's name; where names say nothing the only one, or the one in its place. */
function arrayFor(
  input: ModelInput,
  inputs: readonly ModelInput[],
  arrays: DataFile['arrays'],
  fileName: string,
): Numbers {
  const named = arrays.get(input.name);
  if (named) return named;
  const isNamed = inputs.some((i) => arrays.has(i.name));
  const list = [...arrays];
  const inPlace = inputs.length === list.length ? list[inputs.indexOf(input)] : undefined;
  const usual = inputs.length === 1 ? (list.find(([name]) => USUAL.has(name)) ?? inPlace) : inPlace;
  if (usual && !isNamed) return usual[1];
  const wanted = inputs.map((i) => i.name);
  throw new UserError(
    'input',
    list.length === 1 && list[0]![0] === ''
      ? say`${fileName} holds one array; the model has ${inputs.length} inputs: ${wanted}.`
      : say`${fileName} holds the arrays ${list.map(([name]) => name)}; the model has the inputs ${wanted}.`,
    say`Give a .npz or .json file with an array for each input, by its name.`,
  );
}

/** What people call a model's only input. */
const USUAL: ReadonlySet<string> = new Set([
  'x',
  'X',
  'data',
  'input',
  'inputs',
  'arr_0',
  'x_test',
  'x_train',
]);

/** @returns undefined for one sample that has the input's shape */
function rowsOf({ shape }: ModelInput, found: readonly number[], fileName: string): number | undefined {
  const wanted = plain(shape);
  if (plain(found) === wanted) return undefined;
  const [rows = 0, ...rest] = found;
  const fits = plain(rest) === wanted || (rest.length <= 1 && count(rest) === count(shape));
  if (fits && rows > 0) return rows;
  // nothing but numbers, as many as some samples have
  if (found.length === 1 && rows > 0 && rows % count(shape) === 0) {
    return rows === count(shape) ? undefined : rows / count(shape);
  }
  const size = found.length === 0 ? '1' : found.join('x');
  throw new UserError(
    'input',
    say`${fileName} holds ${size} numbers; the model takes ${shape.join('x')}.`,
    say`Give one sample of that shape, or one in each row.`,
  );
}

/** A shape without its dimensions of 1, as text. */
export function plain(shape: readonly number[]): string {
  return shape.filter((d) => d !== 1).join('x');
}

/** How many elements a shape has. */
export function count(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}
