import { say } from '../../../common/errors/sentence.ts';
import { damaged } from '../../import/refusal.ts';
import type { Dataset } from './hdf5/dataset.ts';
import type { Hdf5Object } from './hdf5/file.ts';

/** A layer in its model, and in the models around that. */
export interface LayerPlace {
  readonly name: string;
  /** Its class as files of Keras 3 write it: `conv2d`. */
  readonly snakeClass: string;
  /** How many layers of this class stand before it in its model. */
  readonly rank: number;
  readonly parent: LayerPlace | undefined;
}

/** The weights of one layer, in the order in which it made them: those that are trained first. */
export interface LayerWeights {
  readonly count: number;
  /** @throws UserError 'input' or 'model' when the file is damaged there */
  readonly read: (k: number) => Dataset;
}

/** Finds the weights of a layer. */
export type WeightStore = (layer: LayerPlace) => LayerWeights;

const NONE: LayerWeights = layerWeights([]);

/** Of whole models in HDF5: a group for each layer of the outermost model, which lists the names of all weights below it. */
export function namedWeights(root: Hdf5Object): WeightStore {
  return (layer) => {
    let top = layer;
    while (top.parent) top = top.parent;
    const group = root.child(top.name);
    if (!group) return NONE;
    const all = listedWeights(group);
    const own = top === layer ? all : all.filter((name) => isOf(name, layer.name));
    return layerWeights(own.map((name) => group.child(name)));
  };
}

/** The groups in a group. */
export function groupsOf(root: Hdf5Object): readonly Hdf5Object[] {
  return root.names().flatMap((name) => root.child(name) ?? []);
}

/** The names of the weights in a group; HDF5 limits an attribute's size, so that a long list is cut into several. */
export function listedWeights(group: Hdf5Object): readonly string[] {
  const attribute = 'weight_names';
  const whole = group.texts(attribute);
  if (whole) return whole;
  const parts: string[] = [];
  for (let k = 0; ; k++) {
    const part = group.texts(`${attribute}${k}`);
    if (!part) return parts;
    for (const name of part) parts.push(name);
  }
}

/** Parts of a recurrent layer, in the names of weights: `forward_lstm`, `lstm_cell_1`. */
const NAMED_PART = /^(?:forward_|backward_)|_cell(?:_[0-9]+)?$/;

/** Whether a weight's name (`block/conv/kernel:0`, `block/lstm/lstm_cell/kernel:0`) is of a layer (`conv`, `lstm`). */
function isOf(weight: string, layer: string): boolean {
  const owners = weight.split('/').slice(0, -1);
  while (owners.length > 0 && owners.at(-1) !== layer && NAMED_PART.test(owners.at(-1)!)) owners.pop();
  return owners.length > 0 && `/${owners.join('/')}`.endsWith(`/${layer}`);
}

/** Where Keras 3, and TensorFlow 2.13 before it, keep the layers of a model. */
const CONTAINERS = ['layers', '_layer_checkpoint_dependencies'];

/** Of zip files: groups called after the layers' classes, numbered, with numbered weights in each. */
export function numberedWeights(root: Hdf5Object): WeightStore {
  const groupOf = (layer: LayerPlace): Hdf5Object | undefined => {
    const model = layer.parent ? groupOf(layer.parent) : root;
    for (const name of CONTAINERS) {
      const container = model?.child(name);
      if (container) return ranked(container, layer);
    }
    return undefined;
  };
  return (layer) => {
    return layerWeights(variablesOf(groupOf(layer), PARTS_DEPTH));
  };
}

/** What layers have inside, by the names of groups: a recurrent one its cell, Bidirectional and TimeDistributed theirs. */
const PARTS = ['cell', 'forward_layer', 'backward_layer', 'layer'];
/** A cell in a layer in another. */
const PARTS_DEPTH = 2;

function variablesOf(group: Hdf5Object | undefined, depth: number): Hdf5Object[] {
  const vars = group?.child('vars');
  const found: Hdf5Object[] = [];
  for (let weight = vars?.child('0'); weight; weight = vars?.child(String(found.length))) found.push(weight);
  const inside = depth > 0 ? PARTS.flatMap((part) => variablesOf(group?.child(part), depth - 1)) : [];
  return [...found, ...inside];
}

/** The group of a layer: TensorFlow 2.13 leaves numbers out, the order is the same. */
function ranked(container: Hdf5Object, { snakeClass, rank }: LayerPlace): Hdf5Object | undefined {
  const numbered = container.names().flatMap((name) => {
    if (name === snakeClass) return [{ name, number: 0 }];
    const number = name.startsWith(`${snakeClass}_`) ? Number(name.slice(snakeClass.length + 1)) : NaN;
    return Number.isInteger(number) ? [{ name, number }] : [];
  });
  const found = numbered.sort((a, b) => a.number - b.number)[rank];
  return found && container.child(found.name);
}

/** The weights of a layer that are at these places; undefined where the file names one that it has not. */
export function layerWeights(objects: readonly (Hdf5Object | undefined)[]): LayerWeights {
  return {
    count: objects.length,
    read: (k) => {
      const object = objects[k];
      if (!object) throw damaged(say`The file names weights that it does not hold`);
      return object.dataset();
    },
  };
}
