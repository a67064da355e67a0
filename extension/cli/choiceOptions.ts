import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Choice, mapChoices } from '../common/choice.ts';
import { type NormalizeOptions, outdatedBy } from '../data/normalize/options.ts';
import { collect } from './options.ts';
import type { QuantizeOptions } from '../quantize/options.ts';
import { type ChoiceKey, CHOICES, DEFAULT_CHOICES, type PortChoices } from '../workflow/choices/choices.ts';

/*
 * The options of a port's choices. None has a default in commander: what is not given is undefined, so that glowport.json
 * can say it, and only then the default.
 */

/** What the command line calls a choice: its option and, where the choice's own description does not serve, its help. */
interface Called {
  readonly option: string;
  /** What it was called before; still taken. */
  readonly formerly?: string;
  readonly help?: string;
}

/** Undefined for what is no option: the model is an argument, two choices are for other ways to work, and requirements are validate's own. */
type CallsOf<C> = {
  readonly [K in keyof C]: C[K] extends { readonly kind: 'group'; readonly choices: infer G }
    ? CallsOf<G>
    : Called | undefined;
};

const CALLED = {
  model: undefined,
  board: { option: '--board <id>', help: 'board, such as frdmke16z; "glowport boards" lists all' },
  samples: { option: '--samples <path...>', formerly: '--images <path...>' },
  input: { option: '--input <sample>' },
  out: { option: '--out <dir>' },
  labels: { option: '--labels <file>' },
  task: { option: '--task <which>' },
  threshold: { option: '--threshold <error>' },
  sdk: { option: '--sdk <place>' },
  into: undefined,
  run: { option: '--run <where>' },
  port: undefined,
  weights: { option: '--weights <where>' },
  reuseInput: { option: '--reuse-input' },
  console: { option: '--console <which>' },
  name: { option: '--name <name>' },
  defines: {
    option: '--define <symbol=size>',
    help: 'size of a symbolic dimension, such as N=1; may be repeated',
  },
  compiler: { option: '--compiler <which>' },
  glowArguments: {
    option: '--glow-arg <argument>',
    help: "further argument of Glow's model-compiler, such as --glow-arg=-use-cmsis; may be repeated",
  },
  requirements: undefined,
  quantization: {
    schema: { option: '--schema <schema>' },
    weightSchema: { option: '--weight-schema <schema>' },
    precision: { option: '--precision <type>' },
    biasPrecision: { option: '--bias-precision <type>' },
    channelwise: { option: '--channelwise' },
    range: { option: '--range <choice>' },
    rounding: { option: '--rounding <how>' },
    floatPlaceholders: { option: '--float-placeholders' },
  },
  image: {
    mode: { option: '--image-mode <mode>' },
    layout: { option: '--image-layout <layout>' },
    channelOrder: { option: '--channel-order <order>' },
    resize: { option: '--resize' },
  },
  sound: {
    sampleRate: { option: '--sample-rate <hz>' },
    mono: { option: '--mono' },
    segment: { option: '--segment <samples>' },
    segmentHop: { option: '--segment-hop <samples>' },
    features: { option: '--features <kind>' },
    convention: { option: '--feature-convention <library>' },
    nFft: { option: '--n-fft <samples>' },
    winLength: { option: '--win-length <samples>' },
    hopLength: { option: '--hop-length <samples>' },
    windowFunction: { option: '--window-function <name>' },
    padding: { option: '--center-padding <how>' },
    power: { option: '--power <exponent>' },
    nMels: { option: '--n-mels <count>' },
    fMin: { option: '--fmin <hz>' },
    fMax: { option: '--fmax <hz>' },
    melScale: { option: '--mel-scale <name>' },
    melNorm: { option: '--mel-norm <name>' },
    log: { option: '--feature-log <kind>' },
    epsilon: { option: '--log-epsilon <value>' },
    topDb: { option: '--top-db <db>' },
    dbReference: { option: '--db-ref <value>' },
    nMfcc: { option: '--n-mfcc <count>' },
    layout: { option: '--feature-layout <layout>' },
  },
  normalize: {
    mean: { option: '--mean <numbers>' },
    std: { option: '--std <numbers>' },
    minmax: { option: '--minmax <low,high>' },
    from: { option: '--normalize-from <what>' },
  },
} satisfies CallsOf<typeof CHOICES>;

/** A choice that has an option, or options. */
export type OptionKey = {
  [K in ChoiceKey]: (typeof CALLED)[K] extends undefined ? never : K;
}[ChoiceKey];

/** All of them, in the order of the choices. */
export const ALL_CHOICES = (Object.keys(CHOICES) as ChoiceKey[]).filter(
  (key): key is OptionKey => CALLED[key] !== undefined,
);

/** What a command says differently of a choice. */
interface Own {
  readonly help?: string;
  /** The command cannot do without it. */
  readonly mandatory?: true;
}

/** Choices of quantization as they are given on the command line, such as `--precision int16`. */
export function quantizationOptions(choices: Partial<QuantizeOptions>): string {
  return Object.entries(choices)
    .map(([key, value]) => {
      const [option] = CALLED.quantization[key as keyof QuantizeOptions].option.split(' ');
      if (typeof value !== 'boolean') return `${option} ${value}`;
      return value ? option : option!.replace('--', '--no-');
    })
    .join(' ');
}

/** Adds the options of choices to a command, those of a group one after the other. */
export function addChoices(
  command: Command,
  keys: readonly OptionKey[],
  own: Partial<Record<OptionKey, Own>> = {},
): Command {
  for (const key of keys) addOptions(command, CHOICES[key], CALLED[key], own[key] ?? {});
  return command;
}

function addOptions(command: Command, choice: Choice, called: unknown, own: Own): void {
  if (choice.kind === 'group') {
    for (const [key, inner] of Object.entries(choice.choices))
      addOptions(command, inner, calledIn(called, key), {});
    return;
  }
  const { option: flags, formerly, help } = called as Called;
  if (formerly !== undefined) {
    const former = new Option(formerly).argParser(collect).conflicts(attribute(flags));
    command.addOption(former.hideHelp());
  }
  const option = new Option(flags, own.help ?? help ?? helpOf(choice));
  if (choice.kind === 'oneOf') option.choices(choice.values);
  if (choice.kind === 'paths' || choice.kind === 'arguments') option.argParser(collect);
  if (choice.kind === 'sizes') option.argParser(size(choice.maximum));
  if (choice.kind === 'number') option.argParser(number(choice));
  if (choice.kind === 'numberLists') option.argParser(numberList(choice.maxItems));
  command.addOption(option.makeOptionMandatory(own.mandatory === true && formerly === undefined));
  if (choice.kind === 'flag') {
    const off = new Option(
      flags.replace('--', '--no-'),
      choice.off + (choice.default ? '' : ' (the default)'),
    );
    command.addOption(off.hideHelp(!choice.default));
  }
}

/**
 * What the options of these choices say, over what was remembered.
 * @param flags a command's options, as commander gives them
 */
export function givenChoices(
  flags: object,
  keys: readonly OptionKey[],
  base: PortChoices = DEFAULT_CHOICES,
): PortChoices {
  const asked = new Set<string>(keys);
  return mapChoices(CHOICES, (choice, key) => {
    const isNormalize = asked.has(key) && key === 'normalize';
    const before = isNormalize ? normalizeBefore(flags, base) : base[key as ChoiceKey];
    return asked.has(key) ? given(flags, choice, CALLED[key as ChoiceKey], before) : before;
  });
}

/** What is remembered of normalization, without what the options say otherwise. */
function normalizeBefore(flags: object, { normalize }: PortChoices): NormalizeOptions {
  const stated = Object.entries(CALLED.normalize).filter(
    ([, { option }]) => (flags as Record<string, unknown>)[attribute(option)] !== undefined,
  );
  const outdated = outdatedBy(stated.map(([key]) => key));
  return mapChoices(CHOICES.normalize.choices, (choice, key) =>
    outdated.includes(key) ? choice.default : normalize[key as keyof NormalizeOptions],
  );
}

function given(flags: object, choice: Choice, called: unknown, before: unknown): unknown {
  if (choice.kind === 'group') {
    return mapChoices(choice.choices, (inner, key) =>
      given(flags, inner, calledIn(called, key), (before as Record<string, unknown>)[key]),
    );
  }
  const { option, formerly = option } = called as Called;
  const valueOf = (name: string): unknown => (flags as Record<string, unknown>)[attribute(name)];
  const value = valueOf(option) ?? valueOf(formerly);
  if (choice.kind === 'sizes') return { ...(before as object), ...(value as object | undefined) };
  return value ?? before;
}

/** Choices of quantization that a command's options state. @param flags as commander gives them */
export function statedQuantization(flags: object): Partial<QuantizeOptions> {
  const nothing = mapChoices(CHOICES.quantization.choices, () => undefined);
  const stated = given(flags, CHOICES.quantization, CALLED.quantization, nothing) as object;
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
}

/** What commander calls the options of these choices, those with former names too, such as for `Option.conflicts`. */
export function attributesOf(keys: readonly OptionKey[]): string[] {
  const of = (choice: Choice, called: unknown): string[] => {
    if (choice.kind === 'group') {
      return Object.entries(choice.choices).flatMap(([key, inner]) => of(inner, calledIn(called, key)));
    }
    const { option, formerly } = called as Called;
    return [option, formerly ?? []].flat().map(attribute);
  };
  return keys.flatMap((key) => of(CHOICES[key], CALLED[key]));
}

function attribute(option: string): string {
  return new Option(option).attributeName();
}

/** The call of a choice inside a group. */
function calledIn(group: unknown, key: string): unknown {
  return (group as Readonly<Record<string, unknown>>)[key];
}

/** A choice's description as the help of an option. */
function helpOf(choice: Choice): string {
  // a name, such as NXP's, stays as it is
  const text = choice.description.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase());
  if (choice.kind === 'flag') return choice.default ? `${text} (the default)` : text;
  const { meanings } = choice.kind === 'oneOf' ? choice : {};
  if (meanings) {
    const said = Object.entries(meanings).map(
      ([word, meaning]) => `${word}${word === choice.default ? ' (the default)' : ''}: ${meaning}`,
    );
    return [text, ...said].join('; ');
  }
  const otherwise =
    choice.kind === 'oneOf' && choice.default !== undefined ? choice.default : choice.otherwise;
  return otherwise === undefined ? text : `${text} (default: ${String(otherwise)})`;
}

/** A number within the limits of its choice, or its keyword. */
function number(choice: Extract<Choice, { readonly kind: 'number' }>): (text: string) => number | string {
  const { minimum, maximum, isWhole, keyword } = choice;
  return (text) => {
    if (text === keyword) return text;
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= minimum && value <= maximum && (!isWhole || Number.isInteger(value))) return value;
    const what = `${isWhole ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`;
    throw new InvalidArgumentError(`It must be ${what}${keyword === undefined ? '' : `, or ${keyword}`}.`);
  };
}

/** `0.5`, `0.485,0.456,0.406`, or with an input's name before it `meta=20,1.5`; a second one is for another input. */
function numberList(
  maxItems: number,
): (
  text: string,
  before?: Readonly<Record<string, readonly number[]>>,
) => Record<string, number[] | readonly number[]> {
  return (text, before = {}) => {
    const at = text.lastIndexOf('=');
    const name = at < 0 ? '' : text.slice(0, at);
    const numbers = text
      .slice(at + 1)
      .split(',')
      .map((t) => (t.trim() === '' ? NaN : Number(t)));
    if (numbers.length > maxItems || !numbers.every(Number.isFinite)) {
      throw new InvalidArgumentError(
        `It must be 1 to ${maxItems} numbers with commas between them, such as 0.5,0.25, behind an input's name and = where it is for one input.`,
      );
    }
    return { ...before, [name]: numbers };
  };
}

/** `N=1`, or `N,1` as Glow's -onnx-define-symbol has it. */
function size(
  maximum: number,
): (text: string, before?: Readonly<Record<string, number>>) => Record<string, number> {
  return (text, before = {}) => {
    const m = /^([^=,\s]{1,64})[=,](\d{1,6})$/.exec(text);
    const value = Number(m?.[2]);
    if (!m || value < 1 || value > maximum) {
      throw new InvalidArgumentError(`It must be a name and a size from 1 to ${maximum}, such as N=1.`);
    }
    return { ...before, [m[1]!]: value };
  };
}
