import { say } from '../../common/errors/sentence.ts';
import { textOf } from '../../common/text.ts';
import { badData, type DataFile, inMemory, isLabelName, labelsOf, type Numbers } from '../numbers.ts';

const MAX_DIMENSIONS = 8;
/** Lists of an input's dimensions, in an object, in a list: what is deeper is not parsed, as each level takes memory. */
const MAX_DEPTH = MAX_DIMENSIONS + 2;
const FORM = say`Write nested lists of numbers, or an object with such a list for each input.`;

/**
 * Numbers as nested lists; an object has a list for each input and may have `labels`, and a list of such objects has a sample in each.
 *
 * @param isLabel tells labels by their names @throws UserError 'input'
 */
export function readJson(
  bytes: Uint8Array,
  name: string,
  isLabel: (name: string) => boolean = isLabelName,
): DataFile {
  const text = textOf(bytes);
  if (depthOf(text) > MAX_DEPTH) throw badData(name, say`has lists in more than ${MAX_DEPTH} others`, FORM);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badData(name, say`is no whole JSON file`);
  }
  if (!isObject(value) && !Array.isArray(value)) throw badData(name, say`holds no list of numbers`, FORM);
  return ofFields(Array.isArray(value) ? columns(value, name) : value, name, isLabel);
}

/** How deep brackets are nested, in one pass; none that stands in a string counts. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isString && c === BACKSLASH) i++;
    else if (c === QUOTE) isString = !isString;
    else if (!isString && (c === 0x5b || c === 0x7b)) deepest = Math.max(deepest, ++depth);
    else if (!isString && (c === 0x5d || c === 0x7d)) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A list of objects as one object of lists; any other list as the only array. */
function columns(list: readonly unknown[], name: string): Readonly<Record<string, unknown>> {
  if (!isObject(list[0])) return { '': list };
  const keys = Object.keys(list[0]);
  const rows = list.map((row, i) => {
    if (isObject(row) && keys.every((k) => Object.hasOwn(row, k))) return row;
    throw badData(name, say`lacks what its first sample has in sample ${i}`, FORM);
  });
  return Object.fromEntries(keys.map((k) => [k, rows.map((row) => row[k])]));
}

function ofFields(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  isLabel: (name: string) => boolean,
): DataFile {
  const arrays = new Map<string, Numbers>();
  let labels: readonly string[] | undefined;
  for (const [key, value] of Object.entries(fields)) {
    if (!isLabel(key)) arrays.set(key, numbersOf(value, name));
    else labels = isTexts(value) ? value : labelsOf(numbersOf(value, name));
  }
  if (arrays.size === 0) throw badData(name, say`holds no list of numbers`, FORM);
  return { arrays, labels };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws UserError 'input' for lists of different lengths, and what is no number */
function numbersOf(value: unknown, name: string): Numbers {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) {
    if (shape.length === MAX_DIMENSIONS)
      throw badData(name, say`has lists in more than ${MAX_DIMENSIONS} others`, FORM);
    shape.push(level.length);
  }
  const count = shape.reduce((n, d) => n * d, 1);
  const data: number[] = [];
  const add = (level: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof level !== 'number')
        throw badData(name, say`has something else where a number is wanted`, FORM);
      data.push(level);
    } else if (Array.isArray(level) && level.length === shape[depth]) {
      for (const part of level) add(part, depth + 1);
    } else throw badData(name, say`has lists of different lengths side by side`, FORM);
  };
  if (count > 0) add(value, 0);
  return inMemory(shape, Float32Array.from(data));
}
