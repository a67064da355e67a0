/** Builds Keras files in both of their forms from one description: HDF5 as Keras 2 saves it, a zip file as Keras 3 does. */
import { buildZip } from '../../sdk/zipBuilder.ts';
import { type DatasetSpec, type GroupSpec, hdf5File } from './hdf5Builder.ts';

export type Form = 'h5' | 'keras';
export const FORMS: readonly Form[] = ['h5', 'keras'];

/** One of a layer's weights: its name in Keras 2, its numbers, and in which part of the layer Keras 3 has it (`cell`). */
export type WeightSpec = readonly [name: string, dataset: DatasetSpec, part?: string];

/** What a layer is called with: a layer's output (`conv`, `twice@1` for the second call of it), or a number. */
export type ArgumentSpec = string | number;

export interface LayerSpec {
  readonly type: string;
  readonly name: string;
  /** Keras 3's module, where it is not that of layers. */
  readonly module?: string;
  readonly config?: object;
  /** In a Functional model: what each call of it reads. */
  readonly calls?: readonly (readonly ArgumentSpec[])[];
  readonly weights?: readonly WeightSpec[];
  /** Of an indexed tensor: what stands between the brackets, as each form has it. */
  readonly indices?: Readonly<Record<Form, unknown>>;
  /** A model as a layer. */
  readonly model?: ModelSpec;
}

export interface ModelSpec {
  readonly layers: readonly LayerSpec[];
  /** Of a Functional model. */
  readonly ends?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

/** An input's layer; the shape without the batch. */
export function input(name: string, shape: readonly (number | null)[]): LayerSpec {
  return { type: 'InputLayer', name, config: { shape } };
}

/** What is changed on the way into a file. */
export interface Edits {
  readonly config?: (json: string) => string;
  /** The HDF5 file in a zip file. */
  readonly weights?: (file: Buffer) => Uint8Array;
}

export function kerasFile(spec: ModelSpec, form: Form, edits: Edits = {}): Buffer {
  const config = edited(JSON.stringify(modelConfig('model', spec, form)), edits.config);
  if (form === 'h5') {
    return hdf5File({
      attributes: { keras_version: '2.15.0', backend: 'tensorflow', model_config: config },
      children: { model_weights: namedGroups(spec) },
    });
  }
  return buildZip([
    { name: 'metadata.json', data: '{"keras_version": "3.10.0"}', store: true },
    { name: 'config.json', data: config },
    { name: 'model.weights.h5', data: edited(hdf5File(numberedGroups(spec)), edits.weights), store: true },
  ]);
}

function edited<T, U>(value: T, edit: ((value: T) => U) | undefined): T | U {
  return edit ? edit(value) : value;
}

function modelConfig(name: string, { layers, ends }: ModelSpec, form: Form): object {
  const listed = layers.map((layer) => {
    const { type, module = 'keras.layers', config = {}, calls = [], model, indices } = layer;
    const inner = model ? (modelConfig(layer.name, model, form) as { config: object }).config : {};
    const { shape, ...rest } = config as { shape?: (number | null)[] };
    const field = form === 'h5' ? 'batch_input_shape' : 'batch_shape';
    return {
      ...(form === 'keras' ? { module, registered_name: null } : {}),
      class_name: type,
      name: layer.name,
      config: { name: layer.name, ...rest, ...inner, ...(shape ? { [field]: [null, ...shape] } : {}) },
      ...(ends
        ? {
            inbound_nodes: calls.map((call) =>
              form === 'h5' ? oldCall(call, indices?.h5) : newCall(call, indices?.keras),
            ),
          }
        : {}),
    };
  });
  const refs = (names: readonly string[]) => names.map((n) => refOf(n));
  return {
    class_name: ends ? 'Functional' : 'Sequential',
    config: {
      name,
      layers: listed,
      ...(ends ? { input_layers: refs(ends.inputs), output_layers: refs(ends.outputs) } : {}),
    },
  };
}

function refOf(name: string): [string, number, number] {
  const [layer, call = '0'] = name.split('@') as [string, string?];
  return [layer, Number(call), 0];
}

/** Keras 2: an operator's second operand goes by a name. */
function oldCall(call: readonly ArgumentSpec[], indices?: unknown): unknown {
  if (indices !== undefined) return [...refOf(call[0] as string), { slice_spec: indices }];
  if (typeof call[1] === 'number') return [[...refOf(call[0] as string), { y: call[1], name: null }]];
  return call.map((argument) => [...refOf(argument as string), {}]);
}

function newCall(call: readonly ArgumentSpec[], indices?: unknown): unknown {
  const args = call.map((argument) =>
    typeof argument === 'number'
      ? argument
      : {
          class_name: '__keras_tensor__',
          config: { shape: [], dtype: 'float32', keras_history: refOf(argument) },
        },
  );
  if (indices !== undefined) return { args: [...args, indices], kwargs: {} };
  const isOperation = call.some((argument) => typeof argument === 'number');
  return { args: isOperation || args.length === 1 ? args : [args], kwargs: {} };
}

/** A group for each layer of the outermost model, with the weights of all layers below it. */
function namedGroups({ layers }: ModelSpec): GroupSpec {
  const children = layers.map(({ name, weights, model }) => {
    const below = model
      ? model.layers.map((inner) => [inner.name, inner.weights ?? []] as const)
      : [[name, weights ?? []] as const];
    const names = below.flatMap(([owner, list]) => list.map(([weight]) => `${owner}/${weight}:0`));
    const owners = below.map(([owner, list]) => [
      owner,
      list.reduce<GroupSpec>((group, [weight, data]) => inserted(group, `${weight}:0`.split('/'), data), {
        children: {},
      }),
    ]);
    return [
      name,
      { attributes: { weight_names: names }, children: Object.fromEntries(owners) as GroupSpec['children'] },
    ];
  });
  return {
    attributes: { layer_names: layers.map((l) => l.name) },
    children: Object.fromEntries(children) as GroupSpec['children'] & object,
  };
}

/** A group with a dataset at the end of a path. */
function inserted(group: GroupSpec, path: readonly string[], data: DatasetSpec): GroupSpec {
  const [first, ...rest] = path as [string, ...string[]];
  const known = group.children?.[first] as GroupSpec | undefined;
  const child = rest.length === 0 ? data : inserted(known ?? { children: {} }, rest, data);
  return { ...group, children: { ...group.children, [first]: child } };
}

/** Groups called after classes, as the public files of Keras 3 have them. */
const GROUPS: Readonly<Record<string, string>> = {
  Conv1DTranspose: 'conv1d_transpose',
  Conv2DTranspose: 'conv2d_transpose',
  BatchNormalization: 'batch_normalization',
  DepthwiseConv1D: 'depthwise_conv1d',
  DepthwiseConv2D: 'depthwise_conv2d',
  GroupNormalization: 'group_normalization',
  LayerNormalization: 'layer_normalization',
  SeparableConv1D: 'separable_conv1d',
  SeparableConv2D: 'separable_conv2d',
  PReLU: 'p_re_lu',
  SimpleRNN: 'simple_rnn',
  TimeDistributed: 'time_distributed',
};

function numberedGroups({ layers }: ModelSpec): GroupSpec {
  const counts = new Map<string, number>();
  const groups = layers.map(({ type, weights = [], model }) => {
    const base = GROUPS[type] ?? type.toLowerCase();
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    let group: GroupSpec = { children: { vars: { children: {} } } };
    const parts = new Map<string, number>();
    for (const [, data, part = ''] of weights) {
      const k = parts.get(part) ?? 0;
      parts.set(part, k + 1);
      group = inserted(group, [...(part === '' ? [] : part.split('/')), 'vars', String(k)], data);
    }
    const inner = model ? numberedGroups(model).children : {};
    return [count === 0 ? base : `${base}_${count}`, { children: { ...group.children, ...inner } }] as const;
  });
  return { children: { layers: { children: Object.fromEntries(groups) } } };
}
