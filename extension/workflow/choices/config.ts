import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Choice, type Choices, mapChoices, type ValuesOf } from '../../common/choice.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readBounded, writeFileAtomic } from '../../common/files.ts';
import { CHOICES, type PortChoices } from './choices.ts';
import { configSchema } from './schema.ts';

/** Name of the file that remembers a port, in the folder the user works in. */
export const CONFIG_FILE = 'glowport.json';
const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads a glowport.json; paths in the result are absolute.
 *
 * @throws UserError `input` when it is missing, not JSON, or says something it cannot mean (unknown keys included)
 */
export async function readConfig(file: string): Promise<PortChoices> {
  return parseConfig(await readConfigText(file), file);
}

/** Text of a glowport.json, as JSON has it. @throws UserError `input` when it is missing, unreadable or too large */
export async function readConfigText(file: string): Promise<string> {
  const text = (await readBounded(file, MAX_CONFIG_BYTES, say`file`)).toString('utf8');
  return text.replace(/^\ufeff/, '');
}

/** The text of a glowport.json as choices; `file` gives the folder for its paths and the name for messages. */
export function parseConfig(text: string, file: string): PortChoices {
  const name = path.basename(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (e) {
    const why = e instanceof Error ? e.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    throw new UserError('input', say`${name} is not valid JSON: ${why}.`, { do: 'mendChoices', file });
  }
  value = withNewNames(value, file);
  const isValid = validator();
  if (!isValid(value)) {
    throw new UserError('input', say`${name} ${complaint(isValid.errors?.[0])}.`, {
      do: 'mendChoices',
      file,
    });
  }
  return readValues(CHOICES, value, path.dirname(file));
}

/** What a file states under the names that choices had before, under those that they have. @throws UserError `input` for both */
function withNewNames(value: unknown, file: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const stated = new Map(Object.entries(value));
  for (const [key, { formerly }] of Object.entries<Choice>(CHOICES)) {
    if (formerly === undefined || !stated.has(formerly)) continue;
    if (stated.has(key)) {
      throw new UserError(
        'input',
        say`${path.basename(file)} says "${formerly}" and "${key}", which are the same.`,
        { do: 'mendChoices', file },
      );
    }
    stated.set(key, stated.get(formerly));
    stated.delete(formerly);
  }
  return Object.fromEntries(stated);
}

/** Values of a file's object, what it does not state by default. */
function readValues<C extends Choices>(choices: C, stated: unknown, folder: string): ValuesOf<C> {
  return mapChoices(choices, (choice, key) => {
    const value = (stated as Readonly<Record<string, unknown>>)[key];
    if (choice.kind === 'group') return readValues(choice.choices, value ?? {}, folder);
    if (value === undefined) return choice.default;
    if (choice.kind === 'numberLists') return Array.isArray(value) ? { '': value } : value;
    return withPaths(choice, value, (p) => path.resolve(folder, p));
  });
}

/**
 * Writes a glowport.json that repeats the port: paths relative to its folder with forward slashes, choices that are the
 * default left out. The file is replaced whole or not at all.
 */
export async function writeConfig(file: string, choices: PortChoices): Promise<void> {
  await writeFileAtomic(file, configText(choices, file));
}

/** Text of the glowport.json that `writeConfig` writes. */
export function configText(choices: PortChoices, file: string): string {
  const folder = path.dirname(path.resolve(file));
  const from = (p: string): string => {
    const relative = path.relative(folder, path.resolve(p)).split(path.sep).join('/');
    return relative === '' ? '.' : relative;
  };
  return `${JSON.stringify(statedValues(CHOICES, choices, from) ?? {}, undefined, 2)}\n`;
}

/** What a file has to state of the values: those that are required, or not the default; undefined when there are none. */
function statedValues(choices: Choices, values: object, from: (p: string) => string): object | undefined {
  const stated = mapChoices(choices, (choice, key) => {
    const value = (values as Readonly<Record<string, unknown>>)[key];
    if (choice.kind === 'group') return statedValues(choice.choices, value as object, from);
    const isDefault = JSON.stringify(value) === JSON.stringify(choice.default);
    if (isDefault && !choice.required) return undefined;
    return choice.kind === 'numberLists' ? shortLists(value as object) : withPaths(choice, value, from);
  });
  const present = Object.entries(stated).filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

/** Lists of numbers as a file has them: one for all for itself. */
function shortLists(lists: object): unknown {
  const [[name, numbers] = [], ...others] = Object.entries(lists) as [string, readonly number[]][];
  return name === '' && others.length === 0 ? numbers : lists;
}

/** A value with its paths replaced. */
function withPaths(choice: Choice, value: unknown, change: (p: string) => string): unknown {
  if (choice.kind === 'paths') return (value as readonly string[]).map(change);
  return choice.kind === 'path' && value !== choice.keyword ? change(value as string) : value;
}

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  compiled ??= new Ajv({ strict: true, verbose: true }).compile(configSchema());
  return compiled;
}

/** ajv's finding as the end of a sentence that begins with the file's name. */
function complaint(error: ErrorObject | undefined): Sentence {
  const where = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const params = (error?.params ?? {}) as Record<string, unknown>;
  const inside = (what: Sentence): Sentence => (where === '' ? what : say`${what} in "${where}"`);
  if (error?.keyword === 'additionalProperties')
    return inside(say`has an unknown key "${String(params['additionalProperty'])}"`);
  if (error?.keyword === 'required') return inside(say`lacks the key "${String(params['missingProperty'])}"`);
  if (error?.keyword === 'enum')
    return say`has a wrong "${where}": it may be ${(params['allowedValues'] as unknown[]).map(String)}`;
  if (error?.keyword === 'pattern' && String(error.data).includes('\0'))
    return say`has a wrong "${where}": it has the character NUL, which no path and no argument may have`;
  if (where === '') return say`must hold an object`;
  return say`has a wrong "${where}": it ${error?.message ?? say`is not understood`}`;
}
