import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import type { Value } from '../../graph.ts';
import { checkNodeCount } from '../../import/checks.ts';
import { damaged } from '../../import/refusal.ts';
import type { KerasNode } from './context.ts';
import type { KerasFile } from './container.ts';
import { inputShape } from './inputShape.ts';
import { field, isList, isObject, type Json, type JsonObject, text } from './json.ts';
import { isModel, type Layer, ofEachStep, readLayers, type TensorRef, tensorsOf } from './layer.ts';
import { layerOfKeras1 } from './keras1/layer.ts';
import { renewedWeights } from './keras1/weights.ts';
import { KERAS_LIMITS } from './limits.ts';
import { type Call, callsInOrder, countedFromZero, keyOf } from './calls.ts';
import { activationOf, snakeCase } from './names.ts';
import type { LayerPlace } from './weights.ts';

/** A model with the models in it spread out: what its layers compute, in an order that can be computed. */
export interface Network {
  readonly inputs: readonly Value[];
  readonly outputs: readonly string[];
  readonly nodes: readonly KerasNode[];
  /** Numbers that layers are called with, by the names that their nodes read. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** @throws UserError 'model' when the layers do not fit together, or a class of models is not read */
export function readNetwork(file: KerasFile): Network {
  const spread = new Spread(file);
  const outputs = spread.model(file.model, { names: undefined, prefix: '', place: undefined, depth: 0 });
  return { inputs: spread.inputs, outputs, nodes: spread.nodes, numbers: spread.numbers };
}

/** Where a model stands in the models around it. */
interface Surroundings {
  /** What it is called with; undefined for the outermost, whose inputs are the network's. */
  readonly names: readonly string[] | undefined;
  /** Before the names of its layers. */
  readonly prefix: string;
  readonly place: LayerPlace | undefined;
  readonly depth: number;
}

class Spread {
  readonly inputs: Value[] = [];
  readonly nodes: KerasNode[] = [];
  readonly numbers = new Map<string, number>();
  readonly #file: KerasFile;

  constructor(file: KerasFile) {
    this.#file = file;
  }

  /** Adds a model's layers. @returns the names of its outputs */
  model(model: JsonObject, around: Surroundings): string[] {
    if (around.depth > KERAS_LIMITS.depth) throw damaged(say`The model holds models in models in models`);
    const { keras1 } = this.#file;
    const saved = readLayers(model);
    const layers = keras1 ? saved.map((layer) => layerOfKeras1(layer, keras1)) : saved;
    const places = placesOf(layers, around.place);
    const type = text(model, 'class_name') ?? '';
    if (!isModel({ type })) throw ownClass(type);
    return type === 'Sequential'
      ? this.#sequential(model, layers, places, around)
      : this.#functional(model, layers, places, around);
  }

  #sequential(model: JsonObject, layers: readonly Layer[], places: Places, around: Surroundings): string[] {
    const [first] = layers;
    if (!first) throw damaged(say`A model has no layers`);
    let value = around.names?.[0];
    const branches = isModel(first) ? undefined : field(first.config, 'layers');
    if (isList(branches)) {
      // of Keras 1: a layer that joins models
      const joined = branches.flatMap((branch) => this.#branch(branch, around));
      [value] = this.#call({ layer: first, index: 0, arguments: [] }, joined, places, around);
    } else if (value === undefined) {
      const isDeclared = first.type === 'InputLayer';
      const name = isDeclared ? first.name : `${first.name}_input`;
      value = this.#input(name, inputShape(name, first.config) ?? inputShape(name, field(model, 'config')));
    }
    for (const layer of isList(branches) ? layers.slice(1) : layers) {
      if (layer.type === 'InputLayer') continue;
      [value] = this.#call({ layer, index: 0, arguments: [] }, [value!], places, around);
    }
    return [value!];
  }

  /** A model with inputs of its own. @returns the names of its outputs */
  #branch(branch: Json, { names, prefix, depth }: Surroundings): string[] {
    if (!isObject(branch) || names) throw damaged(say`A layer joins what is no model with inputs of its own`);
    return this.model(branch, { names, prefix, place: undefined, depth: depth + 1 });
  }

  #functional(model: JsonObject, layers: readonly Layer[], places: Places, around: Surroundings): string[] {
    const config = field(model, 'config');
    const values = new Map<string, string>();
    const declared = tensorsOf(field(config, 'input_layers'));
    const wiring = countedFromZero({ layers, outputs: tensorsOf(field(config, 'output_layers')) });
    for (const call of callsInOrder(wiring)) {
      const { layer, index } = call;
      if (layer.type === 'InputLayer') {
        const at = declared.findIndex((ref) => ref.layer === layer.name);
        const value = around.names
          ? around.names[at]
          : this.#input(layer.name, inputShape(layer.name, layer.config));
        if (value === undefined) throw damaged(say`Nothing goes into '${around.prefix}${layer.name}'`);
        values.set(keyOf({ layer: layer.name, call: 0, output: 0 }), value);
        continue;
      }
      const names = call.arguments.map((argument, k) => {
        if ('tensor' in argument) return valueOf(values, argument.tensor);
        const name = `${around.prefix}${layer.name}:${index}:number_${k}`;
        this.numbers.set(name, argument.number);
        return name;
      });
      const made = this.#call(call, names, places, around);
      made.forEach((value, output) => values.set(keyOf({ layer: layer.name, call: index, output }), value));
    }
    return wiring.outputs.map((ref) => valueOf(values, ref));
  }

  #input(name: string, shape: readonly number[] | undefined): string {
    if (!shape) throw damaged(say`Input '${name}' has no shape`);
    this.inputs.push({ name, shape });
    return name;
  }

  /** Adds a call of a layer. @returns the names of what it makes */
  #call(call: Call, names: readonly string[], places: Places, around: Surroundings): string[] {
    const { index } = call;
    const place = places.get(call.layer.name)!;
    const layer = ofEachStep(call.layer);
    const name = around.prefix + layer.name + (index === 0 ? '' : `:${index}`);
    if (isModel(layer)) {
      const model = { class_name: layer.type, config: layer.config };
      return this.model(model, { names, prefix: `${name}/`, place, depth: around.depth + 1 });
    }
    const { version, weights, keras1 } = this.#file;
    const activation = activationOf(layer);
    const own = weights(place);
    const shared = { version, weights: keras1 ? renewedWeights(layer, own, keras1) : own };
    const named = call.arguments.flatMap(({ key }) => key ?? []);
    const computed = activation ? `${name}/linear` : name;
    this.nodes.push({
      type: layer.type,
      name,
      inputs: names,
      outputs: [computed],
      config: layer.indices ? { ...layer.config, indices: layer.indices[index] ?? null } : layer.config,
      named,
      ...shared,
    });
    if (activation) {
      const applied = { name: `${name}/${activation.name}`, inputs: [computed], outputs: [name] };
      this.nodes.push({ type: activation.type, ...applied, config: activation.config, named: [], ...shared });
    }
    checkNodeCount(this.nodes.length);
    return [name];
  }
}

function ownClass(type: string): UserError {
  return new UserError(
    'model',
    say`The model is of the class '${type}'; Sequential and Functional models are read.`,
    say`Build it with keras.Sequential or keras.Model(inputs, outputs): a class of your own keeps its network in Python code.`,
  );
}

type Places = ReadonlyMap<string, LayerPlace>;

/** Where each layer's weights are, by the layers' names. */
function placesOf(layers: readonly Layer[], parent: LayerPlace | undefined): Places {
  const counts = new Map<string, number>();
  const places = new Map<string, LayerPlace>();
  for (const { name, className } of layers) {
    const snakeClass = snakeCase(className);
    const rank = counts.get(snakeClass) ?? 0;
    counts.set(snakeClass, rank + 1);
    if (places.has(name)) throw damaged(say`The model has two layers '${name}'`);
    places.set(name, { name, snakeClass, rank, parent });
  }
  return places;
}

function valueOf(values: ReadonlyMap<string, string>, ref: TensorRef): string {
  const value = values.get(keyOf(ref));
  if (value === undefined) throw damaged(say`Layer '${ref.layer}' does not make what another reads of it`);
  return value;
}
