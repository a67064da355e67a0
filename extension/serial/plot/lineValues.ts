/** A number that a line tells, by its name. */
export interface NamedValue {
  readonly name: string;
  readonly value: number;
}

/** Longest name of a series, in UTF-16 units. */
const MAX_NAME = 40;
/** Numbers taken from one line. */
const MAX_VALUES = 64;

/** What columns are separated by where a line has any of these, in this order; else it is blanks. */
const DELIMITERS = [',', ';', '\t'] as const;
type Delimiter = (typeof DELIMITERS)[number] | ' ';

const NUMBER = /[+-]?(?:0x[0-9a-f]{1,12}|(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,3})?)/iy;
/** What printf and Arduino's Print write for what is no finite number. */
const NO_NUMBER = /^[+-]?(?:nan|inf|infinity|ovf)$/i;
/** What may stand directly behind a number: a unit, which goes up to the next blank. */
const UNIT = /[%°µμ)\]}\p{L}/²³]/u;

/**
 * Reads numbers out of lines as serial plotters do: `name: value` and `name=value`, one or many, or numbers alone, separated by
 * commas, semicolons, tabs or blanks, which a line of names before them may name (the header of a CSV). A line that is none of
 * these has none. Each line is looked at once.
 */
export class LineValues {
  /** Names of the columns, from a line that was one of names only. */
  #header: Columns | undefined;
  /** The line before, when it may be a header: it is one when numbers follow at once. */
  #candidate: Columns | undefined;

  /** The numbers of the next line, in its order; each name once. */
  read(line: string): readonly NamedValue[] {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    const delimiter = DELIMITERS.find((d) => line.includes(d)) ?? ' ';
    const fields = fieldsOf(line, delimiter);
    const pairs = besideTheirNames(fields).flatMap((field) => pairsIn(field));
    if (pairs.length > 0) return once(pairs);
    const numbers = fields.map(numberOf);
    if (numbers.every((n) => n === undefined)) {
      const names = fields.map((field) => nameOf(field));
      if (delimiter !== ' ' && names.every((name) => name !== undefined))
        this.#candidate = { delimiter, names };
      return [];
    }
    const isColumns = ({ delimiter: d, names }: Columns): boolean =>
      d === delimiter && names.length === fields.length;
    if (candidate && isColumns(candidate)) this.#header = candidate;
    const header = this.#header && isColumns(this.#header) ? this.#header.names : undefined;
    // words among numbers are a sentence, unless a header says that they are columns
    if (!header && numbers.includes(undefined)) return [];
    return once(
      numbers.flatMap((value, i) =>
        value === undefined || Number.isNaN(value) ? [] : { name: header?.[i] ?? columnName(i), value },
      ),
    );
  }
}

interface Columns {
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
}

function columnName(index: number): string {
  return `value ${index + 1}`;
}

function fieldsOf(line: string, delimiter: Delimiter): string[] {
  const fields = (delimiter === ' ' ? line.split(/ +/) : line.split(delimiter)).map((field) => field.trim());
  // pairs among blanks are found where they stand
  if (delimiter === ' ') return /[:=]/.test(line) ? [line.trim()] : fields.filter((field) => field !== '');
  if (fields.at(-1) === '') fields.pop(); // firmware that prints a comma behind each number
  return fields.slice(0, MAX_VALUES);
}

/** Fields of numbers alone belong to the name before them: `acc: 1, 2, 3` is `acc: 1 2 3`. */
function besideTheirNames(fields: readonly string[]): string[] {
  const joined: string[] = [];
  for (const field of fields) {
    const before = joined.at(-1);
    const belongs = before !== undefined && separatorFrom(before, 0) >= 0 && numberOf(field) !== undefined;
    if (belongs) joined[joined.length - 1] = `${before} ${field}`;
    else joined.push(field);
  }
  return joined;
}

/** All of a field as a number: NaN where firmware prints that it has none; undefined when it is something else. */
function numberOf(field: string): number | undefined {
  if (NO_NUMBER.test(field)) return NaN;
  const found = numberAt(field, 0);
  return found?.end === field.length ? found.value : undefined;
}

/** The pairs of a field, in which numbers may follow each other: `acc: 1 2 3` is acc[0], acc[1] and acc[2]. */
function pairsIn(field: string): NamedValue[] {
  const pairs: NamedValue[] = [];
  let from = 0;
  for (
    let at = separatorFrom(field, 0);
    at >= 0 && pairs.length < MAX_VALUES;
    at = separatorFrom(field, from)
  ) {
    const name = nameOf(from === 0 ? field.slice(0, at) : lastWord(field.slice(from, at)));
    from = at + 1;
    if (name === undefined) continue;
    const values: number[] = [];
    for (let start = skipBlanks(field, from); ; start = skipBlanks(field, from)) {
      const found = valueAt(field, start);
      if (!found || values.length === MAX_VALUES) break;
      values.push(found.value);
      from = found.end;
    }
    values.forEach((value, i) => pairs.push({ name: values.length > 1 ? `${name}[${i}]` : name, value }));
  }
  return pairs.slice(0, MAX_VALUES);
}

/** The next `:` or `=` of a text. */
function separatorFrom(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === ':' || text[i] === '=') return i;
  return -1;
}

function skipBlanks(text: string, from: number): number {
  let i = from;
  while (text[i] === ' ') i++;
  return i;
}

/** A number with what belongs to it, which a blank or the end follows: 12:30 and 192.168.0.1 are none. */
function valueAt(text: string, at: number): { readonly value: number; readonly end: number } | undefined {
  const found = numberAt(text, at);
  if (!found) return undefined;
  let { end } = found;
  if (end < text.length && text[end] !== ' ' && !UNIT.test(text[end]!)) return undefined;
  while (end < text.length && text[end] !== ' ') {
    if (text[end] === ':' || text[end] === '=') return undefined;
    end++;
  }
  return { value: found.value, end };
}

function numberAt(text: string, at: number): { readonly value: number; readonly end: number } | undefined {
  NUMBER.lastIndex = at;
  const found = NUMBER.exec(text)?.[0];
  if (found === undefined) return undefined;
  const isNegativeHex = /^[+-]0x/i.test(found);
  const value = isNegativeHex ? Number(found.slice(1)) * (found[0] === '-' ? -1 : 1) : Number(found);
  return Number.isFinite(value) ? { value, end: at + found.length } : undefined;
}

/** What is behind the last blank: between two pairs stands a unit, too, as in `23.5 C humidity: 40`. */
function lastWord(text: string): string {
  const trimmed = text.trim();
  return trimmed.slice(trimmed.lastIndexOf(' ') + 1);
}

/**
 * A series' name: from the first word on that begins with a letter, so that neither a time nor a sign stands in front, and without
 * quotes; undefined when there is none.
 */
function nameOf(text: string): string | undefined {
  const first = text.search(/(?<![\p{L}\p{N}_])[\p{L}_]/u);
  if (first < 0) return undefined;
  const name = text.slice(first).replaceAll('"', '').trim().slice(0, MAX_NAME);
  return name === '' ? undefined : name;
}

/** Each name once, the first number of it: a line is one sample. */
function once(values: readonly NamedValue[]): NamedValue[] {
  const names = new Set<string>();
  return values.filter(({ name }) => !names.has(name) && names.add(name));
}
