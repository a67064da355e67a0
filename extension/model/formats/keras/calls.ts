import { say } from '../../../common/errors/sentence.ts';
import { damaged } from '../../import/refusal.ts';
import { type Argument, isModel, type Layer, type TensorRef } from './layer.ts';

/** One call of a layer; a layer that several others share is called as often. */
export interface Call {
  readonly layer: Layer;
  readonly index: number;
  readonly arguments: readonly Argument[];
}

/** A tensor's name among those of its model. */
export function keyOf({ layer, call, output }: TensorRef): string {
  return JSON.stringify([layer, call, output]);
}

/**
 * The calls of a Functional model that its outputs depend on, each behind what it reads.
 * @throws UserError 'model' when a call reads what is not there, or itself
 */
export function callsInOrder({ layers, outputs }: Wiring): Call[] {
  const calls = new Map<string, Call>();
  for (const layer of layers) {
    const list = layer.calls.length === 0 ? [[]] : layer.calls;
    list.forEach((args, index) => calls.set(callKey(layer.name, index), { layer, index, arguments: args }));
  }
  const ordered: Call[] = [];
  const state = new Map<Call, 'open' | 'done'>();
  const todo = [...outputs].reverse().map((ref) => callOf(calls, ref));
  for (let call = todo.at(-1); call; call = todo.at(-1)) {
    const missing = state.has(call) ? [] : tensorsIn(call.arguments).map((ref) => callOf(calls, ref));
    if (state.get(call) === 'open' || missing.length === 0) {
      todo.pop();
      if (state.get(call) !== 'done') ordered.push(call);
      state.set(call, 'done');
      continue;
    }
    state.set(call, 'open');
    for (const other of missing.reverse()) {
      if (state.get(other) === 'open')
        throw damaged(say`Layer '${other.layer.name}' reads what is made of its own output`);
      if (!state.has(other)) todo.push(other);
    }
  }
  return ordered;
}

/** The layers of a Functional model, and what comes out of it. */
export interface Wiring {
  readonly layers: readonly Layer[];
  readonly outputs: readonly TensorRef[];
}

/**
 * The same with calls counted from 0: a model that is called in another one has a call of its own before those in most versions
 * of Keras, so that what reads it begins at 1.
 */
export function countedFromZero({ layers, outputs }: Wiring): Wiring {
  const least = new Map<string, number>();
  const all = [...outputs, ...layers.flatMap((layer) => layer.calls.flatMap(tensorsIn))];
  for (const { layer, call } of all) least.set(layer, Math.min(call, least.get(layer) ?? call));
  const shifted = new Set(layers.filter((l) => isModel(l) && least.get(l.name) === 1).map((l) => l.name));
  const counted = (ref: TensorRef) => (shifted.has(ref.layer) ? { ...ref, call: ref.call - 1 } : ref);
  return {
    outputs: outputs.map(counted),
    layers: layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) =>
        call.map((argument) =>
          'tensor' in argument ? { ...argument, tensor: counted(argument.tensor) } : argument,
        ),
      ),
    })),
  };
}

function tensorsIn(call: readonly Argument[]): TensorRef[] {
  return call.flatMap((argument) => ('tensor' in argument ? [argument.tensor] : []));
}

function callKey(layer: string, index: number): string {
  return JSON.stringify([layer, index]);
}

function callOf(calls: ReadonlyMap<string, Call>, { layer, call }: TensorRef): Call {
  const found = calls.get(callKey(layer, call));
  if (!found) throw damaged(say`The model reads layer '${layer}', which it has not`);
  return found;
}
