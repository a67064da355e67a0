import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readBounded, writeFileAtomic } from '../../common/files.ts';
import { productRoot } from '../../common/resources.ts';
import { AUTO_SDK, DEFAULT_CHOICES, type PortChoices } from './choices.ts';

/** Name of the file that remembers a port, in the folder the user works in. */
export const CONFIG_FILE = 'glowport.json';
const MAX_CONFIG_BYTES = 1024 * 1024;

/** glowport.json as it stands in the file: every choice optional but the first three, paths relative to its folder. */
type ConfigFile = Partial<
  Omit<PortChoices, 'quantization' | 'image'> & {
    quantization: Partial<PortChoices['quantization']>;
    image: Partial<PortChoices['image']>;
  }
>;

/**
 * Reads a glowport.json; paths in the result are absolute.
 *
 * @throws UserError `input` when it is missing, not JSON, or says something it cannot mean (unknown keys included)
 */
export async function readConfig(file: string): Promise<PortChoices> {
  const text = (await readBounded(file, MAX_CONFIG_BYTES, say`file`)).toString('utf8');
  return parseConfig(text, file);
}

/** The text of a glowport.json as choices; `file` gives the folder for its paths and the name for messages. */
export function parseConfig(text: string, file: string): PortChoices {
  const name = path.basename(file);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (e) {
    const why = e instanceof Error ? e.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    throw new UserError('input', say`${name} is not valid JSON: ${why}.`, say`Mend ${file} or delete it.`);
  }
  const isValid = validator();
  if (!isValid(value)) {
    throw new UserError(
      'input',
      say`${name} ${complaint(isValid.errors?.[0])}.`,
      say`Mend ${file} or delete it.`,
    );
  }
  const read = value as ConfigFile;
  const at = (p: string): string => path.resolve(path.dirname(file), p);
  const atIf = (p: string | undefined): string | undefined => (p === undefined ? undefined : at(p));
  return {
    model: at(read.model ?? ''),
    board: read.board ?? '',
    images: (read.images ?? []).map(at),
    input: atIf(read.input),
    out: atIf(read.out),
    run: read.run ?? DEFAULT_CHOICES.run,
    into: atIf(read.into),
    port: read.port,
    weights: read.weights ?? DEFAULT_CHOICES.weights,
    reuseInput: read.reuseInput ?? DEFAULT_CHOICES.reuseInput,
    sdk: read.sdk === AUTO_SDK ? AUTO_SDK : atIf(read.sdk),
    console: read.console ?? DEFAULT_CHOICES.console,
    name: read.name,
    labels: atIf(read.labels),
    defines: read.defines ?? {},
    compiler: read.compiler ?? DEFAULT_CHOICES.compiler,
    glowArguments: read.glowArguments ?? [],
    quantization: { ...DEFAULT_CHOICES.quantization, ...read.quantization },
    image: { ...DEFAULT_CHOICES.image, ...read.image },
  };
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
  const fromIf = (p: string | undefined): string | undefined => (p === undefined ? undefined : from(p));
  const text: ConfigFile = {
    model: from(choices.model),
    board: choices.board,
    images: choices.images.map(from),
    input: fromIf(choices.input),
    out: fromIf(choices.out),
    labels: fromIf(choices.labels),
    sdk: choices.sdk === AUTO_SDK ? AUTO_SDK : fromIf(choices.sdk),
    into: fromIf(choices.into),
    ...changed(
      {
        run: choices.run,
        port: choices.port,
        weights: choices.weights,
        reuseInput: choices.reuseInput,
        console: choices.console,
        name: choices.name,
        defines: choices.defines,
        compiler: choices.compiler,
      },
      DEFAULT_CHOICES,
    ),
    ...(choices.glowArguments.length > 0 ? { glowArguments: choices.glowArguments } : {}),
    quantization: changed(choices.quantization, DEFAULT_CHOICES.quantization),
    image: changed(choices.image, DEFAULT_CHOICES.image),
  };
  const present = Object.entries(text).filter(
    ([, v]) =>
      v !== undefined && !(typeof v === 'object' && !Array.isArray(v) && Object.keys(v).length === 0),
  );
  return `${JSON.stringify(Object.fromEntries(present), undefined, 2)}\n`;
}

/** The entries that differ from the defaults. */
function changed<T extends object>(values: T, defaults: Partial<Record<keyof T, unknown>>): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, v]) => v !== defaults[key as keyof T]),
  ) as Partial<T>;
}

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  if (!compiled) {
    const schema = path.join(productRoot, 'templates', 'glowport.schema.json');
    compiled = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  }
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
  if (where === '') return say`must hold an object`;
  return say`has a wrong "${where}": it ${error?.message ?? say`is not understood`}`;
}
