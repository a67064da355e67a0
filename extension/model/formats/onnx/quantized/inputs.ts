import { say } from '../../../../common/errors/sentence.ts';
import type { FlowingParams } from '../../../import/operand.ts';
import type { GraphProto, NodeProto, ValueInfoProto } from '../proto.ts';
import { readTensor } from '../tensor.ts';
import { offsetOf } from './params.ts';

/** Element types of inputs that may have a scale. */
const TYPES: ReadonlyMap<number, FlowingParams['type']> = new Map([
  [2, 'UINT8'],
  [3, 'INT8'],
]);

const MOVES: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Identity',
]);

/** Whether an operator reads integers with a scale and a zero point behind each. */
function isQuantizing(operator: string): boolean {
  return operator.startsWith('QLinear') || operator === 'QGemm' || operator === 'DequantizeLinear';
}

/** What an input's integers stand for, as what reads them says; undefined for one of real numbers. */
export function inputParams(graph: GraphProto): (input: ValueInfoProto) => FlowingParams | undefined {
  return ({ name, type }) => {
    const stored = TYPES.get(type?.tensorType?.elemType ?? 0);
    const reader = stored && readerOf(name, graph.node);
    if (!reader) return undefined;
    const [scale, zero = 0] = [reader.scale, reader.zero].map((constant) => numberOf(graph, constant));
    return scale !== undefined && scale > 0
      ? { scale, offset: offsetOf(zero, stored), type: stored }
      : undefined;
  };
}

/** Names of scale and zero point beside the first use of a tensor that has them. */
function readerOf(
  name: string,
  nodes: readonly NodeProto[],
): { readonly scale: string; readonly zero: string } | undefined {
  const same = new Set([name]);
  for (const { opType, input, output } of nodes) {
    const k = input.findIndex((i) => same.has(i));
    if (k < 0) continue;
    if (isQuantizing(opType)) return { scale: input[k + 1] ?? '', zero: input[k + 2] ?? '' };
    if (MOVES.has(opType) && k === 0) for (const moved of output) same.add(moved);
  }
  return undefined;
}

/** A constant that is one number. */
function numberOf(graph: GraphProto, name: string): number | undefined {
  const node = graph.node.find((n) => n.opType === 'Constant' && n.output[0] === name);
  const tensor =
    graph.initializer.find((t) => t.name === name) ?? node?.attribute.find((a) => a.name === 'value')?.t;
  if (!tensor) return undefined;
  const { data } = readTensor(tensor, say`Tensor '${name}'`);
  return data.length === 1 ? data[0] : undefined;
}
