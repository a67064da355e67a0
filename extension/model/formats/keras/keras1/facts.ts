import type { Hdf5Object } from '../hdf5/file.ts';
import { isObject, type Json, type JsonObject, text } from '../json.ts';
import { groupsOf, listedWeights } from '../weights.ts';

/** What a file of Keras 1 tells of all its layers together. */
export interface Keras1Facts {
  /** Whether Theano computed the network: it turns the kernels of convolutions around and pads in its own way. */
  readonly theano: boolean;
  /** `th` or `tf`, where all layers that say it agree; the others of Keras 1 keep it out of the file. */
  readonly order: string | undefined;
}

/** Fields that no later Keras writes. */
const OLD_FIELDS = ['W_regularizer', 'border_mode', 'dim_ordering', 'inner_activation'];

/** Whether a model was written by Keras 1, which does not always tell its version. */
export function isOfKeras1(model: JsonObject): boolean {
  return objectsIn(model).some((object) => OLD_FIELDS.some((name) => Object.hasOwn(object, name)));
}

/** @param weights the groups of all layers */
export function keras1Facts(model: JsonObject, weights: Hdf5Object): Keras1Facts {
  const orders = new Set(objectsIn(model).flatMap((object) => text(object, 'dim_ordering') ?? []));
  const names = groupsOf(weights).flatMap(listedWeights);
  return {
    // TensorFlow calls a variable `dense_1_W:0`, Theano `dense_1_W`
    theano: names.length > 0 && !names.some((name) => /:[0-9]+$/.test(name)),
    order: orders.size === 1 ? [...orders][0] : undefined,
  };
}

function objectsIn(json: Json): JsonObject[] {
  const found: JsonObject[] = [];
  const todo: Json[] = [json];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (isObject(value)) found.push(value);
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value) as Json[]) todo.push(inner);
  }
  return found;
}
