import type { Remedy } from './remedy.ts';
import type { Sentence } from './sentence.ts';

/** One of the nodes because of which a model cannot be expressed. */
export interface Problem {
  /** Its name, unique in the model. */
  readonly node: string;
  readonly operator: string;
  /** The node in a sentence: "Conv node 'c1'". */
  readonly label: Sentence;
  /** What is wrong, behind the label: "has weights that are not finite". */
  readonly why: Sentence;
  /** What would be needed. */
  readonly needed: readonly Remedy[];
}
