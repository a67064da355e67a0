import { UNTOLD_ORDER } from '../context.ts';
import { field, isList, isObject, type Json, type JsonObject, text } from '../json.ts';
import type { Layer } from '../layer.ts';
import type { Keras1Facts } from './facts.ts';

/** Classes that were renamed. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['AtrousConvolution1D', 'Conv1D'],
  ['AtrousConvolution2D', 'Conv2D'],
  ['Convolution1D', 'Conv1D'],
  ['Convolution2D', 'Conv2D'],
  ['Deconvolution2D', 'Conv2DTranspose'],
  ['SeparableConvolution2D', 'SeparableConv2D'],
  ['TimeDistributedDense', 'Dense'],
]);

/** Fields that were renamed, of whichever class; those that do not matter at inference are left out. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['atrous_rate', 'dilation_rate'],
  ['bias', 'use_bias'],
  ['border_mode', 'padding'],
  ['filter_length', 'kernel_size'],
  ['inner_activation', 'recurrent_activation'],
  ['length', 'size'],
  ['nb_filter', 'filters'],
  ['output_dim', 'units'],
  ['pool_length', 'pool_size'],
  ['stride', 'strides'],
  ['subsample', 'strides'],
  ['subsample_length', 'strides'],
]);

/** What a Merge layer is by its mode. */
const MERGES: ReadonlyMap<string, string> = new Map([
  ['ave', 'Average'],
  ['concat', 'Concatenate'],
  ['max', 'Maximum'],
  ['mul', 'Multiply'],
  ['sum', 'Add'],
]);

/** Layers on maps whose order of axes Keras 1 does not save. */
const UNORDERED: ReadonlySet<string> = new Set(['Cropping2D', 'UpSampling2D', 'ZeroPadding2D']);

const ORDERS: ReadonlyMap<string, string> = new Map([
  ['tf', 'channels_last'],
  ['th', 'channels_first'],
]);

/**
 * A layer of Keras 1 as Keras 2 would have written it, and one that is in it (TimeDistributed, Bidirectional). What Keras 2 has not
 * is told in the layer's class, so that it is refused by that.
 *
 * Source: what the classes of Keras 1.2.2 save (`get_config`).
 */
export function layerOfKeras1(layer: Layer, facts: Keras1Facts): Layer {
  const { type, config } = renewed(layer.type, layer.config, facts);
  const inner = field(config, 'layer');
  const innerConfig = field(inner, 'config');
  const innerType = text(inner, 'class_name');
  if (innerType === undefined || !isObject(innerConfig)) return { ...layer, type, className: type, config };
  const renewedInner = renewed(innerType, innerConfig, facts);
  const wrapped = { class_name: renewedInner.type, config: renewedInner.config };
  return { ...layer, type, className: type, config: { ...config, layer: wrapped } };
}

interface Renewed {
  readonly type: string;
  readonly config: JsonObject;
}

function renewed(oldType: string, old: JsonObject, { theano, order }: Keras1Facts): Renewed {
  const type = typeOf(oldType, old, theano);
  const entries = Object.entries(old).map(([name, value]) => [FIELDS.get(name) ?? name, value] as const);
  const config: Record<string, Json> = Object.fromEntries(entries);
  const ownOrder = UNORDERED.has(type) ? (order ?? UNTOLD_ORDER) : text(old, 'dim_ordering');
  if (ownOrder !== undefined) config['data_format'] = ORDERS.get(ownOrder) ?? ownOrder;
  const [rows, columns] = [field(old, 'nb_row'), field(old, 'nb_col')];
  if (rows !== undefined && columns !== undefined) config['kernel_size'] = [rows, columns];
  if (type === 'Concatenate') config['axis'] = field(old, 'concat_axis') ?? -1;
  if (isObject(config['padding'])) config['padding'] = sidesOf(config['padding'], type);
  const whole = field(old, 'output_shape');
  if (type === 'Conv2DTranspose' && isList(whole)) {
    config['output_size'] = config['data_format'] === 'channels_first' ? whole.slice(2) : whole.slice(1, 3);
  }
  const before = theano && config['padding'] === 'same' ? theanoPadding(type, config) : undefined;
  return { type, config: before ? { ...config, same_before: before } : config };
}

function typeOf(type: string, config: JsonObject, theano: boolean): string {
  const mode = field(config, 'mode');
  if (type === 'Merge') {
    const merge = typeof mode === 'string' ? MERGES.get(mode) : undefined;
    return merge ?? `Merge (${typeof mode === 'string' ? mode : 'a function'})`;
  }
  if (type === 'BatchNormalization' && mode !== undefined && mode !== 0) {
    return `BatchNormalization (mode ${JSON.stringify(mode)})`;
  }
  if (theano && type === 'Deconvolution2D') return 'Deconvolution2D (Theano)';
  return CLASSES.get(type) ?? type;
}

/** Paddings by names as a list. */
function sidesOf(padding: JsonObject, type: string): Json {
  const names = type === 'ZeroPadding1D' ? ['left_pad', 'right_pad'] : ['top_pad', 'bottom_pad', 'left_pad', 'right_pad']; // prettier-ignore
  return names.map((name) => field(padding, name) ?? 0);
}

/** How much Theano puts before a map that is padded in the way `same`. */
function theanoPadding(type: string, config: JsonObject): number[] {
  const [kernel, dilations, sizes] = ['kernel_size', 'dilation_rate', 'pool_size'].map((name) => {
    const value = field(config, name);
    return (isList(value) ? value : [value ?? 1]).map(Number);
  }) as [number[], number[], number[]];
  if (type.endsWith('Pooling1D') || type.endsWith('Pooling2D')) {
    return sizes.map((size) => (size > 2 && size % 2 === 1 ? size - 2 : size - 1));
  }
  return kernel.map((size, k) => Math.floor(((size - 1) * (dilations[k] ?? dilations[0]!) + 1) / 2));
}
