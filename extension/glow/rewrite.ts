import { type ChangedModel, changedModel, toNumber } from '../model/formats/onnx/proto.ts';

type Graph = NonNullable<ChangedModel['graph']>;
type Node = Graph['node'][number];

/**
 * An ONNX model as Glow's tools are given it: the same network, with a Softmax that they stumble over said in another way. A
 * model that has none stays as it is, byte for byte.
 *
 * @param bytes a file that `decodeModel` took
 */
export function rewrittenForGlow(bytes: Uint8Array): Uint8Array {
  return changedModel(
    bytes,
    (model) => model.graph !== undefined && !hasSubgraph(model.graph) && raiseSoftmax(model, model.graph),
  );
}

/**
 * A model with outputs that Glow makes integers. It converts an output only where the Dequantize stands right before it, and
 * leaves that above what only moves elements: the transposes around NCHW operators too, which no file has. So the elements
 * go in one row through a Max of themselves: it is quantized, changes nothing, and Glow moves nothing over it. The outputs
 * keep names and order of elements; their shape becomes one row.
 *
 * @param bytes a file that `decodeModel` took
 * @param outputs names of the outputs
 */
export function withIntegerOutputs(bytes: Uint8Array, outputs: readonly string[]): Uint8Array {
  return changedModel(bytes, ({ graph }) => {
    if (!graph || hasSubgraph(graph)) return false;
    const given = graph.output.filter((o) => outputs.includes(o.name) && producerOf(graph, o.name));
    const free = freeName(graph);
    const row = free('row');
    for (const output of given) {
      const { name } = output;
      const [computed, flat] = [free('computed'), free('flat')];
      rename(graph, name, computed);
      graph.node.push(node('Reshape', [computed, row], flat), node('Max', [flat, flat], name));
      if (output.type?.tensorType) delete output.type.tensorType.shape;
    }
    graph.initializer.push({
      name: row,
      dims: [2],
      dataType: INT64,
      int64Data: [1, -1],
    } as unknown as Tensor);
    return given.length > 0;
  });
}

/** What a subgraph takes from around it is not read. */
function hasSubgraph(graph: Graph): boolean {
  return graph.node.some((n) => n.attribute.some((a) => a.g.length > 0));
}

type Tensor = Graph['initializer'][number];
/** TensorProto.DataType. */
const INT64 = 7;

function node(opType: string, input: string[], output: string): Node {
  return { opType, input, output: [output], attribute: [] } as unknown as Node;
}

/** Makes names that a graph has not, each another. */
function freeName(graph: Graph): (wanted: string) => string {
  const taken = new Set([
    ...[...graph.input, ...graph.output, ...graph.initializer].map((v) => v.name),
    ...graph.node.flatMap((n) => [...n.input, ...n.output]),
  ]);
  return (wanted) => {
    let name = wanted;
    for (let n = 1; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
}

function producerOf(graph: Graph, value: string): Node | undefined {
  return graph.node.find((n) => n.output.includes(value));
}

function rename(graph: Graph, from: string, to: string): void {
  const named = (name: string): string => (name === from ? to : name);
  for (const node of graph.node) {
    node.input = node.input.map(named);
    node.output = node.output.map(named);
  }
}

const SOFTMAX: ReadonlySet<string> = new Set(['Softmax', 'LogSoftmax']);
/** Glow reads Softmax of this operator set in a way of its own that takes four dimensions only; of later ones it does not. */
const SOFTMAX_SET = 13;

/**
 * Raises the operator set 13 by one in models whose Softmax runs over the last dimension: then Glow takes it on any number
 * of dimensions. No operator means anything else in set 14 without the attributes that came with it.
 */
function raiseSoftmax(model: ChangedModel, graph: Graph): boolean {
  const set = model.opsetImport.find((o) => o.domain === '' || o.domain === 'ai.onnx');
  const softmaxes = graph.node.filter((n) => SOFTMAX.has(n.opType));
  if (!set || toNumber(set.version) !== SOFTMAX_SET || softmaxes.length === 0) return false;
  if (!softmaxes.every((n) => isOverLast(graph, n))) return false;
  set.version = SOFTMAX_SET + 1;
  for (const node of softmaxes) {
    // without it Glow takes the second dimension, as older sets have it
    const rest = node.attribute.filter((a) => a.name !== 'axis');
    node.attribute = [...rest, integer('axis', -1)];
  }
  return true;
}

/** An attribute of one integer; fields that it lacks are not written. */
function integer(name: string, i: number): Node['attribute'][number] {
  return { name, i, type: 2 } as Node['attribute'][number];
}

function isOverLast(graph: Graph, node: Node): boolean {
  const axis = node.attribute.find((a) => a.name === 'axis');
  if (!axis || toNumber(axis.i) === -1) return true;
  return toNumber(axis.i) === 1 && isOfRank2(graph, node);
}

/** Whether what a node takes is known to have two dimensions: by the operator that makes it, or what the file says of the output. */
function isOfRank2(graph: Graph, node: Node): boolean {
  const source = producerOf(graph, node.input[0] ?? '');
  if (source?.domain === '' && (source.opType === 'Gemm' || source.opType === 'Flatten')) return true;
  const output = graph.output.find((o) => node.output.includes(o.name));
  return output?.type?.tensorType?.shape?.dim.length === 2;
}
