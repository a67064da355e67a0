import { field, isList, isObject, type Json, type JsonObject, text } from './json.ts';
import { damaged } from '../../import/refusal.ts';
import { say } from '../../../common/errors/sentence.ts';
import { KERAS_LIMITS } from './limits.ts';

/** A layer of a model as its file has it. */
export interface Layer {
  /** Its class; with `ops.` before it for an operation, `custom ` for a class of the model's own. */
  readonly type: string;
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** What it reads, each time that it is called; empty in a Sequential model. */
  readonly calls: readonly (readonly Argument[])[];
  /** Of a layer that indexes a tensor: what stands between the brackets, in each call. */
  readonly indices?: readonly (Json | undefined)[];
}

/** Classes of models, which may be layers of others. */
const MODELS: ReadonlySet<string> = new Set(['Sequential', 'Functional', 'Model']);

export function isModel({ type }: Pick<Layer, 'type'>): boolean {
  return MODELS.has(type);
}

/** A tensor that a layer makes: which call of it, and which of its outputs. */
export interface TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** What a layer is called with. `key` where it goes by a name. */
export type Argument = ({ readonly tensor: TensorRef } | { readonly number: number }) & {
  readonly key?: string;
};

/** Layers of a model that Keras serialized. */
export function readLayers(model: JsonObject): Layer[] {
  const config = field(model, 'config');
  // Sequential models were a plain list before Keras 2.2.3
  const list = isList(config) ? config : field(config, 'layers');
  if (!isList(list)) throw damaged(say`The model has no list of layers`);
  return list.map((layer, k) => {
    const className = text(layer, 'class_name');
    const layerConfig = field(layer, 'config');
    const name = text(layerConfig, 'name') ?? text(layer, 'name');
    // the layers of a model in a model may be a plain list, and the name with them gone
    const isSound = isObject(layerConfig) || isList(layerConfig);
    if (className === undefined || !isSound)
      throw damaged(say`A layer of the model has no class or no configuration`);
    const type = typeOf(className, text(layer, 'module'), text(layer, 'registered_name'));
    const inbound = field(layer, 'inbound_nodes');
    return {
      type,
      className,
      name: name ?? `${className}_${k}`,
      config: isObject(layerConfig) ? layerConfig : { layers: layerConfig },
      ...(INDEXES.has(type) ? indexingCalls(inbound) : { calls: readCalls(inbound) }),
    };
  });
}

/** Layers that compute each time step alone whether they are told so or not: all work along the last axis, or element by element. */
const STEPWISE: ReadonlySet<string> = new Set([
  'Activation',
  'Dense',
  'Dropout',
  'LeakyReLU',
  'ReLU',
  'Rescaling',
]);

/** The layer that a TimeDistributed one repeats, where that changes nothing. */
export function ofEachStep(layer: Layer): Layer {
  if (layer.type !== 'TimeDistributed') return layer;
  const inner = field(layer.config, 'layer');
  const config = field(inner, 'config');
  const type = text(inner, 'class_name');
  if (type === undefined || !STEPWISE.has(type) || !isObject(config)) return layer;
  return { ...layer, type, className: type, config };
}

function typeOf(className: string, module = 'keras.layers', registered = className): string {
  if (registered.includes('>') && !registered.startsWith('keras>')) {
    return `custom ${className}`;
  }
  return module.includes('.ops.') ? `ops.${className}` : className;
}

/** The tensors that a list such as `output_layers` names. */
export function tensorsOf(json: Json | undefined): TensorRef[] {
  return argumentsOf(json).flatMap((argument) => ('tensor' in argument ? [argument.tensor] : []));
}

/** Layers that Keras makes of x[...]. */
const INDEXES: ReadonlySet<string> = new Set(['SlicingOpLambda', 'ops.GetItem']);

/** Calls with the tensor that is indexed; a tensor between the brackets goes by their name. */
function indexingCalls(inbound: Json | undefined): Pick<Layer, 'calls' | 'indices'> {
  const calls = readCalls(inbound).map((call) => call.filter((argument) => 'tensor' in argument));
  return { calls, indices: isList(inbound) ? inbound.map(indicesOf) : [] };
}

function indicesOf(call: Json): Json | undefined {
  if (!isList(call)) {
    const args = field(call, 'args');
    return isList(args) && args.length > 1 ? args[1] : field(field(call, 'kwargs'), 'key');
  }
  const [first, , , more] = call;
  return isList(first) && call.length === 1 ? indicesOf(first) : field(more, 'slice_spec');
}

function readCalls(inbound: Json | undefined): Argument[][] {
  return isList(inbound) ? inbound.map((call) => argumentsOf(call)) : [];
}

/** Keras 2 has lists of [layer, call, output, arguments by name], Keras 3 an object with `args` and `kwargs`. */
function argumentsOf(json: Json | undefined, depth = 0, key?: string): Argument[] {
  if (depth > KERAS_LIMITS.nesting) throw damaged(say`A layer of the model reads lists in lists in lists`);
  const named = key === undefined ? {} : { key };
  if (typeof json === 'number') return [{ number: json, ...named }];
  if (isList(json)) {
    const [layer, call, output, more] = json;
    if (typeof layer === 'string' && typeof call === 'number') {
      const argument = layer === '_CONSTANT_VALUE' ? constantOf(output) : tensorOf(layer, call, output);
      return [{ ...argument, ...named }, ...namedArguments(more, depth)];
    }
    return json.flatMap((part) => argumentsOf(part, depth + 1, key));
  }
  if (!isObject(json)) return [];
  if (text(json, 'class_name') === '__keras_tensor__') {
    return argumentsOf(field(field(json, 'config'), 'keras_history'), depth + 1, key);
  }
  if (!isList(json['args'])) return [];
  return [...argumentsOf(json['args'], depth + 1), ...namedArguments(json['kwargs'], depth)];
}

/** Numbers by name are options, unless an arithmetic operator has them for its second operand. */
function namedArguments(json: Json | undefined, depth: number): Argument[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const isOperand = key === 'y' || key === 'x2';
    // at inference a layer does what it does in training: few layers may ignore that
    if (key === 'training' && value === true) return [{ number: 1, key }];
    return typeof value === 'number' && !isOperand ? [] : argumentsOf(value, depth + 1, key);
  });
}

function constantOf(value: Json | undefined): { number: number } {
  if (typeof value !== 'number') throw damaged(say`A constant of the model is no number`);
  return { number: value };
}

function tensorOf(layer: string, call: number, output: Json | undefined): { tensor: TensorRef } {
  if (typeof output !== 'number') throw damaged(say`What reads layer '${layer}' does not say which output`);
  return { tensor: { layer, call, output } };
}
