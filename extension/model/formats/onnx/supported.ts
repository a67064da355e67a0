import { UserError } from '../../../common/error.ts';
import { say, type Sentence, someOf } from '../../../common/errors/sentence.ts';
import type { Reason, Refused } from '../../import/importNetwork.ts';
import type { OnnxNode, OperatorImporter } from './context.ts';
import { ONNX_LIMITS } from './limits.ts';
import { OPERATORS, SINCE } from './operators.ts';

/** How many operators a refusal names. */
const MOST_NAMED = 10;

/** Operators on integers, which models that are quantized already have. */
const QUANTIZED = /Quantize|QLinear|Integer$/;

const FLOAT_MODEL = say`Give the float32 model from before quantization: GlowPort quantizes it itself.`;

/** What reads a node; undefined when its operator is not supported. */
export function importerOf(node: OnnxNode): OperatorImporter | undefined {
  return OPERATORS.get(operatorOf(node));
}

/**
 * The nodes whose operators are not supported, or not part of the model's own operator set: what they mean there is anybody's guess.
 * Undefined when there is none.
 */
export function refusedOf(nodes: readonly OnnxNode[], opset: number): Refused<OnnxNode> | undefined {
  const unsupported = nodes.filter((node) => !importerOf(node));
  const tooNew = nodes.filter((node) => sinceOf(node) > opset);
  const reasons = [
    ...unsupported.map((node): [OnnxNode, Reason] => [node, unsupportedReason(node)]),
    ...tooNew.map((node): [OnnxNode, Reason] => [node, tooNewReason(node, opset)]),
  ];
  if (reasons.length === 0) return undefined;
  const error = unsupported.length > 0 ? unsupportedError(unsupported) : tooNewError(tooNew[0]!, opset);
  return { error, nodes: new Map(reasons) };
}

function sinceOf(node: OnnxNode): number {
  return SINCE.get(operatorOf(node)) ?? 0;
}

function tooNewReason(node: OnnxNode, opset: number): Reason {
  const since = sinceOf(node);
  const why = say`is part of ai.onnx from ${since} on; the model says that it is ai.onnx ${opset}`;
  return { operator: node.type, why, needed: newerOpset(since) };
}

function tooNewError(node: OnnxNode, opset: number): UserError {
  const since = sinceOf(node);
  const what = node.name === '' ? say`The model has` : say`Node '${node.name}' is`;
  return new UserError(
    'model',
    say`${what} ${node.type}, which is part of ai.onnx from ${since} on; the model says that it is ai.onnx ${opset}.`,
    newerOpset(since),
  );
}

function newerOpset(since: number): Sentence {
  return say`Export it with opset ${since} or newer (torch.onnx.export: opset_version, tf2onnx: --opset).`;
}

function unsupportedReason(node: OnnxNode): Reason {
  const needed = QUANTIZED.test(node.type) ? FLOAT_MODEL : say`Build the model without this operator.`;
  return { operator: operatorOf(node), why: say`is an operator that is not supported`, needed };
}

/** Names every operator which is not supported, with its first node. */
function unsupportedError(nodes: readonly OnnxNode[]): UserError {
  const first = new Map<string, OnnxNode>();
  for (const node of nodes) if (!first.has(operatorOf(node))) first.set(operatorOf(node), node);
  const isQuantized = [...first.values()].map(({ type }) => QUANTIZED.test(type));
  return new UserError('model', first.size === 1 ? sentenceOf([...first.values()][0]!) : listOf(first), [
    ...(isQuantized.includes(true) ? [FLOAT_MODEL] : []),
    ...(isQuantized.includes(false) ? [supported()] : []),
  ]);
}

/** Every supported operator; those of other domains than ONNX's own have theirs before them. */
function supported(): Sentence {
  const names = [...OPERATORS.keys()];
  const isOwn = (name: string): boolean => !name.includes('.');
  const others = names.filter((name) => !isOwn(name));
  return say`Supported are ${names.filter(isOwn)} of ai.onnx ${ONNX_LIMITS.minOpset} to ${ONNX_LIMITS.maxOpset}, and ${others}.`;
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
