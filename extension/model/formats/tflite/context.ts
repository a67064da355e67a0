import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { OperatorContext } from '../../import/context.ts';
import type { FileNode } from '../../import/fileNode.ts';
import type { CurrentNode, GraphImport, Result } from '../../import/graphImport.ts';
import type { TfliteOperator } from './model.ts';
import type { OperatorType } from './names.ts';
import type { OptionsOf } from './options.ts';
import type { TfliteTensor } from './tensor.ts';

/** Operators that only move data. */
const MOVES: ReadonlySet<string> = new Set(['RESHAPE', 'TRANSPOSE', 'SQUEEZE', 'EXPAND_DIMS']);

/** Operators have no names in a file: these have their type and their place. */
export interface TfliteNode extends FileNode {
  readonly index: number;
  readonly operator: TfliteOperator;
  /** The first output; undefined when there is none. */
  readonly result: TfliteTensor | undefined;
}

/** @param names of the tensors */
export function tfliteNode(
  operator: TfliteOperator,
  index: number,
  tensors: readonly TfliteTensor[],
  names: readonly string[],
): TfliteNode {
  const { type } = operator;
  const named = (list: readonly number[]): string[] => list.map((k) => (k < 0 ? '' : names[k]!));
  const name = `${type}_${index}`;
  const [inputs, outputs] = [named(operator.inputs), named(operator.outputs)];
  return { type, name, index, operator, result: tensors[operator.outputs[0] ?? -1], inputs, outputs };
}

/** One operator while it is imported: beside what all formats have, its options. */
export class TfliteContext<K extends OperatorType = OperatorType> extends OperatorContext<TfliteNode> {
  readonly options: OptionsOf<K>;

  constructor(graph: GraphImport, node: CurrentNode<TfliteNode>) {
    super(graph, node, MOVES.has(node.file.type));
    this.options = node.file.operator.options as OptionsOf<K>;
  }

  /** The k-th operand as constant integers. */
  ints(k: number, what: Sentence): readonly number[] {
    const list = this.optionalInts(k, what);
    if (!list) this.refuse(say`has no input ${k}`);
    return list;
  }

  /** The k-th operand as two constant integers for each dimension. */
  pairs(k: number, what: Sentence, rank: number): [number, number][] {
    const list = this.ints(k, what);
    if (list.length !== 2 * rank)
      this.refuse(say`has ${list.length} numbers for ${what}; ${2 * rank} are needed`);
    return Array.from({ length: rank }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
  }
}

/** What reads an operator. */
export type OperatorImporter<K extends OperatorType = OperatorType> = (ctx: TfliteContext<K>) => Result;
