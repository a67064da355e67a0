import type { QMaxPool, QNode } from '../../quantize/quantizedGraph.ts';
import type { Border } from '../values/layout.ts';
import type { Step, StepKind, StepNode, StepOf } from '../values/step.ts';

/**
 * What all kernels of an operator agree on with the rest of the program: how its operands have to lie in memory, what it can
 * compute along with itself, and whether it can write over what it reads.
 */
export interface Family<N extends StepNode = StepNode> {
  /** Inputs that have to lie without a border, one element after the other. */
  readonly contiguousInputs?: boolean;
  readonly contiguousOutput?: boolean;
  /** Border of zero points that is read around the input, so that no kernel tests for the edge. */
  border?(node: N): Border;
  /**
   * A max pooling that is computed together with the operator.
   *
   * @param inputShape of the operator
   * @param reader the only operator that reads its output
   */
  fuses?(node: N, inputShape: readonly number[], reader: QNode): reader is QMaxPool;
  /**
   * Elements by which the input must start behind the output, so that no write (its border included) reaches an element that is
   * read later; undefined where the step cannot be computed in place.
   */
  inPlaceGap?(step: Step<N>): number | undefined;
}

export type Families = { readonly [K in StepKind]: Family<StepOf<K>['node']> };
