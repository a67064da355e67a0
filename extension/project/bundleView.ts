import type { Bundle, ElementType, Placeholder } from '../bundle/bundle.ts';
import { headerMacro, resetFunction } from '../bundle/header.ts';
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

/** Values for main.c from a bundle. The first output is the one whose elements are classes, or that is one (ArgMax). */
export function bundleView(bundle: Bundle, weights: WeightPlace, modelName: string) {
  const prefix = headerMacro(identifier(bundle.name));
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  const outputs = bundle.placeholders
    .filter((p) => p.direction === 'output')
    .map((p) => view(p, bundle.name, ''));
  const [first] = outputs;
  if (inputs.length === 0 || !first) {
    throw new UserError(
      'model',
      first
        ? say`The network "${bundle.name}" has no input.`
        : say`The network "${bundle.name}" has no output.`,
      say`Export it again.`,
    );
  }
  // positions for many, such as a class for each pixel, are no list of classes
  const result = first.type === 'index32' && first.count > 1 ? undefined : first;
  const isClass = result?.type === 'index32';
  const otherOutputs = outputs.filter((o) => o !== result);
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
    inputs: inputs.map((p) => view(p, bundle.name, testDataSuffix(p, inputs))),
    severalInputs: inputs.length > 1,
    imageInput: inputs.length === 1 && isImage(inputs[0]!.shape),
    result,
    isClass,
    otherOutputs,
    /** Confidences or further outputs: all that is printed but a class. */
    printsNumbers: !isClass || otherOutputs.length > 0,
    floatOutputs: outputs.some((o) => o.isFloat),
  };
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
    isWide: p.type === 'int32' || p.type === 'index32',
    real:
      p.type === 'float32' || p.type === 'index32'
        ? ''
        : `${p.scale} * (value ${p.offset < 0 ? '+' : '-'} ${Math.abs(p.offset)})`,
    count: p.shape.reduce((n, d) => n * d, 1),
    byteSize: p.byteSize,
  };
}

/** Height x width x 1 or 3 channels, in either layout, batch 1. */
function isImage(shape: readonly number[]): boolean {
  const [n, a, b, c] = shape;
  return shape.length === 4 && n === 1 && (a! <= 3 || c! <= 3) && b! > 1;
}
