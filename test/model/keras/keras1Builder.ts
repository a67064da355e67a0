/** Builds files as Keras 1.2 saves them. */
import { type DatasetSpec, type GroupSpec, hdf5File } from './hdf5Builder.ts';
import type { Edits } from './kerasBuilder.ts';

export interface OldLayer {
  readonly type: string;
  readonly name: string;
  readonly config?: object;
  /** By what their names have behind the layer's: `W`, `b`. */
  readonly weights?: Readonly<Record<string, DatasetSpec>>;
  /** In a functional model: the layers that it reads. */
  readonly reads?: readonly string[];
  /** Whose weights stand in the group of another layer. */
  readonly group?: string;
}

export interface OldModel {
  /** A list for Sequential, or a functional model with its ends. */
  readonly layers: readonly OldLayer[];
  readonly ends?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
  /** Layers of models that a Merge at the beginning joins. */
  readonly branches?: readonly (readonly OldLayer[])[];
  /** Layers of models at the end of a Sequential one. */
  readonly nested?: readonly (readonly OldLayer[])[];
  readonly theano?: boolean;
  /** As the file tells it; left out when null. */
  readonly version?: string | null;
}

/** What a layer of Keras 1 has beside its own fields. */
const TRAINED = { trainable: true, W_regularizer: null, W_constraint: null };

export function keras1File(spec: OldModel, { config: edit = (json) => json }: Edits = {}): Buffer {
  const { layers, ends, branches = [], nested = [], theano, version = '1.2.2' } = spec;
  const list = (of: readonly OldLayer[]) =>
    of.map(({ type, name, config }) => ({ class_name: type, config: { name, ...TRAINED, ...config } }));
  const model = (of: readonly OldLayer[]) => ({ class_name: 'Sequential', config: list(of) });
  const joined = branches.map(model);
  const [first, ...rest] = list(layers);
  const merged = { ...first!, config: { ...first!.config, layers: joined } };
  const refs = (names: readonly string[]) => names.map((name) => [name, 0, 0]);
  const functional = {
    name: 'model_1',
    layers: list(layers).map((layer, k) => ({
      ...layer,
      name: layers[k]!.name,
      inbound_nodes: layers[k]!.reads ? [refs(layers[k]!.reads)] : [],
    })),
    input_layers: refs(ends?.inputs ?? []),
    output_layers: refs(ends?.outputs ?? []),
  };
  const whole = ends
    ? { class_name: 'Model', config: functional }
    : {
        class_name: 'Sequential',
        config: [branches.length > 0 ? merged : first, ...rest, ...nested.map(model)],
      };
  return hdf5File({
    attributes: {
      ...(version === null ? {} : { keras_version: version }),
      model_config: edit(JSON.stringify(whole)),
    },
    children: {
      model_weights: groups([...branches.flat(), ...layers, ...nested.flat()], theano ? '' : ':0'),
    },
  });
}

function groups(layers: readonly OldLayer[], suffix: string): GroupSpec {
  const names = [...new Set(layers.map((layer) => layer.group ?? layer.name))];
  const groupOf = (name: string): GroupSpec => {
    const own = layers.filter((layer) => (layer.group ?? layer.name) === name);
    const weights = own.flatMap((layer) =>
      Object.entries(layer.weights ?? {}).map(
        ([weight, data]) => [`${layer.name}_${weight}${suffix}`, data] as const,
      ),
    );
    return {
      attributes: { weight_names: weights.map(([weight]) => weight) },
      children: Object.fromEntries(weights),
    };
  };
  return {
    attributes: { layer_names: names },
    children: Object.fromEntries(names.map((name) => [name, groupOf(name)])),
  };
}
