import { type Inference, isBefore, type Moment } from './trace.ts';

/** What a layer's tensor is at a point of an inference. */
export type TensorState =
  | 'unwritten' // the layer has not begun
  | 'running'
  | 'there'
  | 'gone'; // another layer has written over it

/** What is known of a program's layers beforehand. */
export interface LayerFacts {
  /** The first layer that writes over this one's output; undefined when none does. */
  readonly overwrittenBy: number | undefined;
  /** Whether it is a function that is called; its code may also stand between two calls. */
  readonly isCalled: boolean;
}

/** What a layer's tensor is. @param now where the board stands */
export function tensorState(
  layers: readonly LayerFacts[],
  layer: number,
  inference: Inference,
  now: Moment,
): TensorState {
  const { began, ended, entered, left } = inference;
  const hasEnded = (k: number): boolean => ended[k] !== undefined && !isBefore(now, ended[k]);
  // standing before its call, a layer has written nothing
  const hasBegun = (k: number): boolean => {
    if (hasEnded(k)) return true;
    if (layers[k]!.isCalled) return isBefore(began[k], now);
    if (k === 0) return isBefore(entered, now);
    return isBefore(ended[k - 1], now) || (!layers[k - 1]!.isCalled && hasBegun(k - 1));
  };
  if (!hasEnded(layer)) {
    const isUnderWay = !left || isBefore(now, left);
    return hasBegun(layer) && isUnderWay ? 'running' : 'unwritten';
  }
  const over = layers[layer]!.overwrittenBy;
  return over !== undefined && hasBegun(over) ? 'gone' : 'there';
}
