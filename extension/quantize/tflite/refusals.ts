import { UserError } from '../../common/error.ts';
import type { Problem } from '../../common/errors/problem.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { IntegerGraph } from '../../model/formats/tflite/integers.ts';
import { nodeLabel } from '../../model/import/context.ts';
import { errorOfAll, ModelRefusal, withProblems } from '../../model/import/modelRefusal.ts';
import { sketchOfFile } from '../../model/import/sketch.ts';

const GIVE_FLOAT = say`Give the float32 model from before quantization: GlowPort quantizes it itself.`;

/**
 * The nodes of a quantized network that cannot be computed in its integers. Behind one of them the lowering goes on, as the import of a
 * network does (model/import/importNetwork.ts): what reads of it is left out without a word, so that all nodes that are why are told.
 */
export class IntegerRefusals {
  readonly #refused: { readonly problem: Problem; readonly error: UserError }[] = [];
  readonly #unsupported: TfliteNode[] = [];
  /** Tensors that nodes which are left out would have made. */
  readonly #leftOut = new Set<number>();

  /** Lowers a node, unless it reads what there is not; a refusal is kept. @param lower undefined for an operator that is not supported */
  of(node: TfliteNode, lower: (() => void) | undefined): void {
    if (lower && node.operator.inputs.some((index) => this.#leftOut.has(index))) return this.#leaveOut(node);
    try {
      if (lower) return lower();
      this.#unsupported.push(node);
      throw wrongNode(node, say`is not computed in integers yet`, GIVE_FLOAT);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'model') throw error;
      this.#refused.push({ problem: problemOf(node, error), error });
      this.#leaveOut(node);
    }
  }

  #leaveOut({ operator }: TfliteNode): void {
    for (const index of operator.outputs) this.#leftOut.add(index);
  }

  /** @throws UserError 'model' of all nodes that are refused */
  check(): void {
    const [first] = this.#refused;
    if (!first) return;
    const problems = this.#refused.map(({ problem }) => problem);
    if (this.#unsupported.length === problems.length)
      throw withProblems(unsupported(this.#unsupported), problems);
    throw withProblems(problems.length === 1 ? first.error : errorOfAll(problems), problems);
  }
}

/** An error because of a node; `why` continues "CONV_2D node 'CONV_2D_3' …". */
export function wrongNode(node: TfliteNode, why: Sentence, advice: Sentence): UserError {
  const label = nodeLabel(node.type, node.name);
  const error = new UserError('model', say`${label} ${why}.`, advice);
  const problem = { node: node.name, operator: node.type, label, why, needed: error.remedies };
  return withProblems(error, [problem]);
}

/** Runs `lower`. @throws ModelRefusal of the network as its file has it, where it cannot be expressed */
export function drawable<T>({ name, integers, ...graph }: IntegerGraph, lower: () => T): T {
  try {
    return lower();
  } catch (e) {
    if (!(e instanceof UserError) || e.code !== 'model') throw e;
    const { network, names, nodes } = integers;
    const shapes = new Map(network.tensors.map(({ shape }, k) => [names[k]!, shape]));
    const inputs = graph.inputs.map((input) => input.name);
    const sketch = sketchOfFile({ name, inputs, outputs: graph.outputs, nodes }, (tensor) =>
      shapes.get(tensor),
    );
    throw new ModelRefusal(e, sketch);
  }
}

/** What an error says of a node, which may not have been said of it. */
function problemOf(node: TfliteNode, { problems: [own], sentence, remedies }: UserError): Problem {
  const why = say`is not computed in integers: ${sentence}`;
  return (
    own ?? {
      node: node.name,
      operator: node.type,
      label: nodeLabel(node.type, node.name),
      why,
      needed: remedies,
    }
  );
}

function unsupported(nodes: readonly TfliteNode[]): UserError {
  const types = [...new Set(nodes.map((n) => n.type))];
  return new UserError(
    'model',
    types.length === 1
      ? say`The model is quantized, and has an operator that is not computed in integers yet: ${types} (operator ${nodes[0]!.index}).`
      : say`The model is quantized, and has ${types.length} operators that are not computed in integers yet: ${types}.`,
    GIVE_FLOAT,
  );
}
