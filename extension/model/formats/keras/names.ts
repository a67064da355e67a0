import { field, isObject, type Json, type JsonObject, text } from './json.ts';
import type { Layer } from './layer.ts';

/** A class's name as Keras 3 calls groups of weights after it: DepthwiseConv2D is depthwise_conv2d. */
export function snakeCase(className: string): string {
  return className
    .replace(/[^A-Za-z0-9_]/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** An activation that stands in another layer, as the layer that it would be. */
export interface InnerActivation {
  readonly type: string;
  /** What a node of it is called behind its layer. */
  readonly name: string;
  readonly config: JsonObject;
}

/** Layers whose `activation` is applied to what they compute; in recurrent ones it is part of that. */
const WITH_ACTIVATION: ReadonlySet<string> = new Set([
  ...[
    'Dense',
    'Conv1D',
    'Conv2D',
    'DepthwiseConv1D',
    'DepthwiseConv2D',
    'SeparableConv1D',
    'SeparableConv2D',
  ],
  ...['Conv1DTranspose', 'Conv2DTranspose', 'Conv3D'],
]);

/** The activation in a layer; undefined when there is none. */
export function activationOf({ type, config }: Layer): InnerActivation | undefined {
  const activation = field(config, 'activation');
  if (!WITH_ACTIVATION.has(type) || activation === undefined || activation === 'linear') return undefined;
  return asLayer(activation);
}

/** The layer that an activation's serialized form stands for. */
function asLayer(activation: Json): InnerActivation {
  const type = text(activation, 'class_name');
  const config = field(activation, 'config');
  // a layer as an activation, such as LeakyReLU(0.1)
  if (type !== undefined && type !== 'function' && isObject(config)) return { type, name: type, config };
  const name = functionName(activation);
  return { type: 'Activation', name, config: { activation: name } };
}

/** The name of a function, which may be serialized with its class. */
export function functionName(json: Json): string {
  return typeof json === 'string' ? json : (text(json, 'config') ?? text(json, 'class_name') ?? '');
}
