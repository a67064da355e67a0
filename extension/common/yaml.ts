import { Composer, type Document, Parser, type ScalarTag } from 'yaml';
import { pushAll } from './lists.ts';

/** Largest text, in characters. */
const MAX_LENGTH = 16 * 1024 * 1024;
/** The same without its lists of numbers: the YAML reader takes seconds and up to 400 MB for it. */
const MAX_LENGTH_BESIDE_LISTS = 1024 * 1024;
/** `Key: [ 1, 2.5, -3e4 ]`, over one line or many. */
const NUMBER_LIST = /^([ \t]*(?:- )?\w+:[ \t]*)\[([\d\s.,eE+-]*)\][ \t]*$/gm;
/** Stands for a list of numbers that was read already: its index. */
const TAG = '!numbers';

class YamlError extends Error {}

/**
 * The documents of a YAML stream, in time that grows with its length. Lists of numbers are read here, many times faster than by the
 * YAML reader. Of a key that stands twice the last one counts: to look each up in all others takes quadratic time.
 *
 * @returns `invalid` at its first error; `too large` for what nobody should wait for
 */
export function yamlDocuments(text: string): readonly Document[] | 'invalid' | 'too large' {
  if (text.length > MAX_LENGTH) return 'too large';
  const lists: number[][] = [];
  const rest = text.replace(NUMBER_LIST, (whole: string, key: string, list: string) => {
    const numbers = numbersOf(list);
    return numbers ? `${key}${TAG} ${lists.push(numbers) - 1}` : whole;
  });
  if (rest.length > MAX_LENGTH_BESIDE_LISTS) return 'too large';
  const numbers: ScalarTag = { tag: TAG, resolve: (index) => lists[Number(index)] ?? [] };
  try {
    return strictDocuments(rest, [numbers]);
  } catch (e) {
    // lists in lists a thousand deep: the library calls itself for each
    if (e instanceof YamlError || e instanceof RangeError) return 'invalid';
    throw e;
  }
}

/** @throws YamlError at the first error: a text may have one, with its stack, for each of its characters */
function strictDocuments(text: string, customTags: ScalarTag[]): Document[] {
  const refuse = (): never => {
    throw new YamlError();
  };
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, customTags, logLevel: 'error' });
  // the library's own, which would keep them all
  composer['onError'] = (_source: unknown, _code: string, _message: string, isWarning?: boolean) => {
    if (isWarning !== true) refuse();
  };
  const documents: Document[] = [];
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') refuse();
    pushAll(documents, composer.next(token));
  }
  pushAll(documents, composer.end());
  if (documents.some((d) => d.errors.length > 0)) refuse();
  return documents;
}

/** The numbers of a list; undefined when one of them is none. */
function numbersOf(list: string): number[] | undefined {
  if (list.trim() === '') return [];
  const numbers = list.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  return numbers.some(Number.isNaN) ? undefined : numbers;
}
