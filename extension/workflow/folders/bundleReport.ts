import type { LayerReport, Placeholder } from '../../bundle/bundle.ts';
import { STORED_TYPES, type TensorPlace } from '../../bundle/tensorPlace.ts';
import type { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

/** What NAME.report.json says beside the header. */
export interface BundleReport {
  readonly placeholders: readonly Placeholder[];
  readonly layers: readonly LayerReport[];
  readonly states?: readonly TensorPlace[];
}

/**
 * Reads a bundle's report.
 * @param bad makes the error for one that is no such report
 */
export function parseReport(text: string, bad: (what: Sentence) => UserError): BundleReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad(say`its report is not JSON`);
  }
  const { placeholders, layers, states } = (value ?? {}) as Readonly<Record<keyof BundleReport, unknown>>;
  if (!isListOf(isPlaceholder, placeholders) || !isListOf(isLayer, layers)) {
    throw bad(say`its report lacks placeholders or layers`);
  }
  return { placeholders, layers, ...(isListOf(isPlace, states) ? { states } : {}) };
}

function isPlaceholder(value: unknown): value is Placeholder {
  const { cName, direction, scale, offset, byteOffset, byteSize } = (value ?? {}) as Partial<Placeholder>;
  return (
    typeof cName === 'string' &&
    (direction === 'input' || direction === 'output') &&
    [scale, offset, byteOffset, byteSize].every(isNumber)
  );
}

function isLayer(value: unknown): value is LayerReport {
  const layer = (value ?? {}) as Partial<LayerReport>;
  const { inputShape, outputShape, codeBytes, assemblySymbols, output } = layer;
  return (
    [layer.name, layer.operator, layer.symbol, layer.variant].every(isText) &&
    [layer.scale, layer.offset, layer.macs, layer.constantBytes, layer.predictedCycles].every(isNumber) &&
    isListOf(isNumber, inputShape) &&
    isListOf(isNumber, outputShape) &&
    (codeBytes === undefined || isNumber(codeBytes)) &&
    (assemblySymbols === undefined || isListOf(isText, assemblySymbols)) &&
    (output === undefined || isPlace(output))
  );
}

function isPlace(value: unknown): value is TensorPlace {
  const {
    value: name,
    memory,
    byteOffset,
    type,
    bias,
    shape,
    strides,
    overwrittenBy,
  } = (value ?? {}) as Partial<TensorPlace>;
  return (
    isText(name) &&
    (memory === 'mutable' || memory === 'activations') &&
    STORED_TYPES.some((t) => t === type) &&
    isNumber(bias) &&
    [byteOffset, overwrittenBy ?? 0].every(isCount) &&
    isListOf(isCount, shape) &&
    isListOf(isCount, strides) &&
    shape.length === strides.length
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf<T>(is: (value: unknown) => value is T, list: unknown): list is T[] {
  return Array.isArray(list) && list.every(is);
}
