import { isWide } from '../common/wideType.ts';
import type { Answer, Bundle, ElementType, Placeholder } from '../bundle/bundle.ts';
import { decimalOf } from '../bundle/decimal.ts';
import { headerMacro, resetFunction } from '../bundle/header.ts';
import { reconstructionOf } from '../bundle/reconstruction.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { identifier } from './names.ts';
import type { WeightPlace } from './options.ts';

const CTYPES: Readonly<Record<ElementType, string>> = {
  int8: 'int8_t',
  int16: 'int16_t',
  int32: 'int32_t',
  index32: 'int32_t',
  float32: 'float',
};

/** A placeholder as main.c sees it. */
export interface PlaceholderView {
  readonly name: string;
  readonly cName: string;
  /** Macro of its offset in the mutable memory. */
  readonly macro: string;
  /** The function that prints it; outputs only. */
  readonly printer: string;
  /** The test data's array (a symbol of the ELF file) and the file it is included from; inputs only. */
  readonly symbol: string;
  readonly incFile: string;
  readonly shape: string;
  readonly type: ElementType;
  readonly isFloat: boolean;
  readonly ctype: string;
  /** Of a type that is a long for gcc, which PRINTF's %d does not take. */
  readonly isWide: boolean;
  /** How the real number follows from a quantized one, such as `0.5 * (value + 3)`; empty for float32, and for positions. */
  readonly real: string;
  readonly count: number;
  readonly byteSize: number;
}

/** An output that is printed by its name. */
interface NamedOutput extends PlaceholderView {
  /** Numbers on a line; 0: a line for each. */
  readonly perLine: number;
  /** The real number stands behind each. */
  readonly isReal: boolean;
}

/** What firmware answers where nobody says: classes, as AN13438 has them. */
const CLASSES: Answer = { task: 'classify' };

/** Values for main.c from a bundle, whose first output is what `answer` is about. */
export function bundleView(bundle: Bundle, weights: WeightPlace, modelName: string, answer = CLASSES) {
  const prefix = headerMacro(identifier(bundle.name));
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  const outputs = bundle.placeholders.filter((p) => p.direction === 'output');
  const [input] = inputs;
  const [output] = outputs;
  if (!input || !output) {
    throw new UserError(
      'model',
      output
        ? say`The network "${bundle.name}" has no input.`
        : say`The network "${bundle.name}" has no output.`,
      say`Export it again.`,
    );
  }
  const inputViews = inputs.map((p) => view(p, bundle.name, testDataSuffix(p, inputs)));
  const first = view(output, bundle.name, '');
  const isResult = isPrintedAsClasses(output, answer);
  const isClass = isResult && first.type === 'index32';
  const hasReals = areRealsPrinted(output, answer);
  const otherOutputs = (isResult ? outputs.slice(1) : outputs).map((p): NamedOutput => {
    const one = view(p, bundle.name, '');
    return { ...one, perLine: perLine(one), isReal: hasReals && p === output };
  });
  return {
    name: bundle.name,
    modelName,
    prefix,
    hasSource: bundle.source !== undefined,
    constantBytes: bundle.constantBytes,
    activationBytes: bundle.activationBytes,
    /** The function that gives the network its first state; '' where it keeps none. */
    reset: bundle.stateBytes > 0 ? resetFunction(identifier(bundle.name)) : '',
    weightsInFlash: weights === 'flash',
    inputs: inputViews,
    severalInputs: inputs.length > 1,
    imageInput: inputs.length === 1 && isImage(input.shape),
    outputs: outputs.map((p) => view(p, bundle.name, '')),
    first,
    /** The output that is printed as classes. */
    result: isResult ? first : undefined,
    isClass,
    otherOutputs,
    /** How real numbers are printed; undefined where none are. */
    decimal: hasReals ? decimalView(output) : undefined,
    reconstruction:
      answer.task === 'anomaly'
        ? reconstructionView(input, inputViews[0]!, output, first, answer)
        : undefined,
    /** Numbers are printed that end a line, or that stand within one. */
    printsLines: (isResult && !isClass) || otherOutputs.some((o) => o.perLine === 0 && !o.isReal),
    printsInline: otherOutputs.some((o) => o.perLine > 0 || o.isReal),
    floatOutputs: outputs.some((p) => p.type === 'float32'),
  };
}

/** Whether the first output is printed as classes; positions for many, such as a class for each pixel, are no list of them. */
export function isPrintedAsClasses(
  { type, shape }: Pick<Placeholder, 'type' | 'shape'>,
  { task }: Answer,
): boolean {
  return task === 'classify' && (type !== 'index32' || countOf(shape) === 1);
}

/** Whether real numbers stand behind the first output's integers. */
export function areRealsPrinted(
  { type, shape }: Pick<Placeholder, 'type' | 'shape'>,
  { task }: Answer,
): boolean {
  return task === 'regress' && type !== 'index32' && countOf(shape) <= MOST_LINES;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** Most elements of an output that have a line each. */
const MOST_LINES = 16;
/** Characters of a line, so that a reader of 256 takes the longest; a name has 100 at most. */
const LINE_LENGTH = 240;
/** Characters of a number and the space before it. */
const NUMBER_LENGTH: Readonly<Record<ElementType, number>> = {
  int8: ' -128'.length,
  int16: ' -32768'.length,
  int32: ' -2147483648'.length,
  index32: ' -2147483648'.length,
  float32: ' -2000000000'.length,
};

/** How many numbers of a large output stand on a line; 0 for one of which each has its own. */
function perLine({ cName, count, type }: PlaceholderView): number {
  if (count <= MOST_LINES) return 0;
  const numbers = LINE_LENGTH - `${cName}[${count}]:`.length;
  return Math.min(MOST_LINES, Math.floor(numbers / NUMBER_LENGTH[type]));
}

/** How main.c prints real numbers; see {@link Decimal}. */
function decimalView(output: Placeholder) {
  const decimal = decimalOf(output);
  if (!decimal) return undefined;
  const { offset, factor, shift, decimals } = decimal;
  return {
    ...{ offset, factor, shift },
    half: shift > 0 ? String(2n ** BigInt(shift - 1)) : '',
    unit: `1e${-decimals}`,
    /** Of the ten digits the one before the point, where there are others behind it. */
    whole: Math.min(9, 9 - decimals),
    point: decimals > 0,
    /** What stands before the ten digits of a number below 1. */
    leading: decimals > 9 ? `0.${'0'.repeat(decimals - 10)}` : '',
    /** What follows the digits of a large number. */
    zeros: '0'.repeat(Math.max(0, -decimals)),
  };
}

/** How main.c computes the reconstruction error; see {@link Reconstruction}. */
function reconstructionView(
  input: Placeholder,
  inputView: PlaceholderView,
  output: Placeholder,
  outputView: PlaceholderView,
  answer: Answer,
) {
  const { unit, count, factors, threshold } = reconstructionOf(input, output, answer);
  return {
    ...{ count, factors, threshold },
    unit,
    squared: (unit ** 2).toPrecision(6),
    half: Math.floor(count / 2),
    hasThreshold: threshold !== undefined,
    limit: answer.threshold?.value.toPrecision(6) ?? '',
    perUnit: floatLiteral(1 / unit),
    input: { ...inputView, scale: floatLiteral(Math.fround(input.scale)), offset: input.offset },
    output: { ...outputView, scale: floatLiteral(Math.fround(output.scale)), offset: output.offset },
  };
}

/** A float32 in C. */
function floatLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/**
 * Symbol of the array in the firmware that holds an input's test data: `testImage` for what may be a picture, else `testInput`, with
 * `_NAME` behind it when there are several inputs. Other test data can be written over it in a built ELF file.
 */
export function testDataSymbol(bundle: Bundle, input: Placeholder): string {
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  return symbolOf(input, bundle.name, testDataSuffix(input, inputs));
}

function symbolOf({ shape }: Placeholder, network: string, suffix: string): string {
  return besideNetwork(`${isImage(shape) ? 'testImage' : 'testInput'}${suffix}`, network);
}

function testDataSuffix(input: Placeholder, inputs: readonly Placeholder[]): string {
  return inputs.length > 1 ? `_${identifier(input.cName)}` : '';
}

/** A name of main.c's own, which the network's function must not have. */
function besideNetwork(name: string, network: string): string {
  return name === network ? `${name}_` : name;
}

function view(p: Placeholder, network: string, suffix: string): PlaceholderView {
  const cName = identifier(p.cName);
  return {
    name: p.name,
    cName,
    macro: `${headerMacro(network)}_${cName}`,
    printer: besideNetwork(`print_${cName}`, network),
    symbol: symbolOf(p, network, suffix),
    incFile: `${isImage(p.shape) ? 'test_image' : 'test_input'}${suffix}.inc`,
    shape: p.shape.join('x'),
    type: p.type,
    isFloat: p.type === 'float32',
    ctype: CTYPES[p.type],
    isWide: isWide(p.type),
    real:
      p.type === 'float32' || p.type === 'index32'
        ? ''
        : `${p.scale} * (value ${p.offset < 0 ? '+' : '-'} ${Math.abs(p.offset)})`,
    count: countOf(p.shape),
    byteSize: p.byteSize,
  };
}

/** Height x width x 1 or 3 channels, in either layout, batch 1; a single row is none, such as of a recording or of sensors. */
function isImage(shape: readonly number[]): boolean {
  const [n, a, b, c] = shape as [number, number, number, number];
  const isColour = (channels: number): boolean => channels === 1 || channels === 3;
  const isArea = (height: number, width: number): boolean => height > 1 && width > 1;
  return shape.length === 4 && n === 1 && ((isColour(c) && isArea(a, b)) || (isColour(a) && isArea(b, c)));
}
