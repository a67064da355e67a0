import { UserError } from '../../../common/error.ts';
import { say, type Sentence, someOf } from '../../../common/errors/sentence.ts';
import type { Reason, Refused } from '../../import/importNetwork.ts';
import type { OperatorImporter, TfliteNode } from './context.ts';
import { OPERATORS } from './operators.ts';

/** How many operators a refusal names. */
const MOST_NAMED = 10;

/** Custom operators that stand for all that an NPU computes, in small letters. */
const OF_NPUS: readonly string[] = ['neutrongraph', 'ethos-u', 'edgetpu-custom-op'];

/** Why operators that are not supported are so, beside being unknown: what is said in a list and of a node, and what helps. */
const KINDS = {
  npu: {
    why: (name: string): Sentence => say`${name}, which is compiled for an NPU`,
    problem: say`is compiled for an NPU`,
    advice: say`Ask for the file from before it was converted for the NPU: that one has the network in it.`,
  },
  flex: {
    why: (name: string): Sentence => say`${name}, which only TensorFlow itself computes`,
    problem: say`is computed by TensorFlow itself only`,
    advice: say`Convert the model without TensorFlow's own operators: converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS].`,
  },
  custom: {
    why: (name: string): Sentence => say`${name}, a custom operator`,
    problem: say`is a custom operator`,
    advice: say`Ask for the file from before its conversion, and convert the part without custom operators.`,
  },
  builtin: {
    why: (name: string): Sentence => say`${name}`,
    problem: say`is an operator that is not supported`,
    advice: say`Supported are ${Object.keys(OPERATORS)}.`,
  },
} as const;

/** What reads a node; undefined when its operator is not supported. */
export function importerOf({ operator }: TfliteNode): OperatorImporter | undefined {
  const importers: Readonly<Record<string, unknown>> = OPERATORS;
  return importers[operator.type] as OperatorImporter | undefined;
}

/**
 * The nodes whose operators are not supported; undefined when all are.
 * @param live the nodes that are read
 */
export function refusedOf(live: readonly TfliteNode[]): Refused<TfliteNode> | undefined {
  const unsupported = live.filter((node) => !importerOf(node));
  const first = new Map<string, TfliteNode>();
  for (const node of unsupported) if (!first.has(operatorOf(node))) first.set(operatorOf(node), node);
  const kinds = new Set([...first.values()].map(kindOf));
  if (first.size === 0) return undefined;
  const named = [...first.values()].map((node) => {
    const { why } = KINDS[kindOf(node)];
    return say`${why(operatorOf(node))} (operator ${node.index})`;
  });
  const error = new UserError(
    'model',
    first.size === 1
      ? say`The model has an operator that is not supported: ${named}.`
      : say`The model has ${first.size} operators that are not supported: ${someOf(named, MOST_NAMED)}.`,
    [
      ...(['npu', 'flex', 'custom', 'builtin'] as const)
        .filter((k) => kinds.has(k))
        .map((k) => KINDS[k].advice),
    ],
  );
  return { error, nodes: new Map(unsupported.map((node) => [node, reasonOf(node)])) };
}

function reasonOf(node: TfliteNode): Reason {
  const { problem, advice } = KINDS[kindOf(node)];
  const needed = kindOf(node) === 'builtin' ? say`Build the model without this operator.` : advice;
  return { operator: operatorOf(node), why: problem, needed };
}

function kindOf({ operator }: TfliteNode): keyof typeof KINDS {
  if (operator.type !== 'CUSTOM') return 'builtin';
  const name = operator.custom.toLowerCase();
  if (OF_NPUS.includes(name)) return 'npu';
  return name.startsWith('flex') ? 'flex' : 'custom';
}

/** The operator as it is told: a custom one by its own name, one of a schema to come by its number. */
function operatorOf({ operator: { type, custom, code } }: TfliteNode): string {
  if (type === 'CUSTOM') return custom === '' ? type : custom;
  return type === 'UNKNOWN' ? `BUILTIN_${code}` : type;
}
