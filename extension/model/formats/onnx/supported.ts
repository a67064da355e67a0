import { UserError } from '../../../common/error.ts';
import { say, type Sentence, someOf } from '../../../common/errors/sentence.ts';
import { LEAVE_OUT_ARG_MAX } from '../../import/refusal.ts';
import type { OnnxNode, OperatorImporter } from './context.ts';
import { ONNX_LIMITS } from './limits.ts';
import { OPERATORS, SINCE } from './operators.ts';

/** How many operators a refusal names. */
const MOST_NAMED = 10;

/** Operators on integers, which models that are quantized already have. */
const QUANTIZED = /Quantize|QLinear|Integer$/;

/** What reads a node; undefined when its operator is not supported. */
export function importerOf({ type, domain }: OnnxNode): OperatorImporter | undefined {
  return domain === '' || domain === 'ai.onnx' ? OPERATORS.get(type) : undefined;
}

/** @throws UserError 'model' for an operator that the model's own operator set does not have: what it means is anybody's guess */
export function refuseTooNew(nodes: readonly OnnxNode[], opset: number): void {
  for (const node of nodes) {
    const since = SINCE.get(operatorOf(node)) ?? 0;
    if (since <= opset) continue;
    const what = node.name === '' ? say`The model has` : say`Node '${node.name}' is`;
    throw new UserError(
      'model',
      say`${what} ${node.type}, which is part of ai.onnx from ${since} on; the model says that it is ai.onnx ${opset}.`,
      say`Export it with opset ${since} or newer (torch.onnx.export: opset_version, tf2onnx: --opset).`,
    );
  }
}

/** @throws UserError 'model' that names every operator which is not supported, with its first node */
export function refuseUnsupported(nodes: readonly OnnxNode[]): void {
  const first = new Map<string, OnnxNode>();
  for (const node of nodes) {
    const operator = operatorOf(node);
    if (!first.has(operator) && !importerOf(node)) first.set(operator, node);
  }
  if (first.size === 0) return;
  const quantized = [...first.values()].some(({ type }) => QUANTIZED.test(type));
  throw new UserError(
    'model',
    first.size === 1 ? sentenceOf([...first.values()][0]!) : listOf(first),
    quantized
      ? say`Give the float32 model from before quantization: GlowPort quantizes it itself.`
      : [
          ...(first.has('ArgMax') ? [LEAVE_OUT_ARG_MAX] : []),
          say`Supported are ${[...OPERATORS.keys()]} of ai.onnx ${ONNX_LIMITS.minOpset} to ${ONNX_LIMITS.maxOpset}.`,
        ],
  );
}

function sentenceOf(node: OnnxNode): Sentence {
  return node.name === ''
    ? say`The model has the operator ${operatorOf(node)}, which is not supported.`
    : say`Node '${node.name}' is ${operatorOf(node)}, an operator that is not supported.`;
}

function listOf(first: ReadonlyMap<string, OnnxNode>): Sentence {
  const named = [...first].map(([operator, { name }]) =>
    name === '' ? operator : say`${operator} (node '${name}')`,
  );
  return say`The model has ${first.size} operators that are not supported: ${someOf(named, MOST_NAMED)}.`;
}

/** The operator with the domain that it is of, where that is not ONNX's own. */
function operatorOf({ type, domain }: OnnxNode): string {
  return domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`;
}
