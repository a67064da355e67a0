import type { DrawnKind, DrawnNode, GraphDrawing } from '../../webview/shared/pictures/graph.ts';

/** A node of Glow's graph, from its `-dump-graph-DAG` file. */
export interface GlowNode {
  readonly id: string;
  /** Such as `Convolution`, `Placeholder`. */
  readonly kind: string;
  readonly name: string;
  /** Every type in its description, by port, such as Result: `i8[S:0.02 O:-5][-2.46,2.64]<1 x 10>`. */
  readonly types: ReadonlyMap<string, string>;
}

export interface GlowGraph {
  readonly nodes: readonly GlowNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

const MAX_GRAPH_CHARACTERS = 16 * 1024 * 1024;
const MAX_NODES = 20_000;

/**
 * Reads the DOT file that model-compiler writes with `-dump-graph-DAG`: a record for each node (`{inputs|{description}|
 * results}`, lines ending with `\l`, `<`, `>`, `"` escaped) and an edge for each value.
 * @returns undefined when it is no such file
 */
export function readGlowGraph(text: string): GlowGraph | undefined {
  if (text.length > MAX_GRAPH_CHARACTERS || !/^\s*digraph\s/.test(text)) return undefined;
  const nodes: GlowNode[] = [];
  for (const [, id, label] of text.matchAll(/^[ \t]*(\w+)[ \t]*\[\s*label\s*=\s*"((?:[^"\\]|\\.)*)"/gm)) {
    if (nodes.length >= MAX_NODES) return undefined;
    const node = readNode(id!, label!);
    if (node) nodes.push(node);
  }
  const edges = [...text.matchAll(/^[ \t]*(\w+)(?::\w+)?[ \t]*->[ \t]*(\w+)(?::\w+)?/gm)].map(
    ([, from, to]) => ({
      from: from!,
      to: to!,
    }),
  );
  return nodes.length === 0 ? undefined : { nodes, edges };
}

function readNode(id: string, label: string): GlowNode | undefined {
  // the description is the field that begins with the kind's name; ports stand in fields of their own
  const lines = label
    .replace(/\\l/g, '\n')
    .replace(/\\(.)/g, '$1')
    .split('\n')
    .map((line) => line.trim());
  const kind = /(?:^|[{|])([A-Za-z]\w*)$/.exec(lines[0] ?? '')?.[1];
  if (!kind) return undefined;
  const types = new Map<string, string>();
  let name = '';
  for (const line of lines.slice(1)) {
    const m = /^(\w+)\s*:\s*(.*)$/.exec(line);
    if (!m) continue;
    // `name` before 2021-03
    if (/^name$/i.test(m[1]!)) name = m[2]!.replace(/^"|"$/g, '');
    else if (/^(?:i\d+|ui\d+|index\d+|float(?:16)?|bool)\b/.test(m[2]!)) types.set(m[1]!, m[2]!);
  }
  return { id, kind, name, types };
}

/** What computes nothing: memories, and the conversions between floats and integers. */
const NO_WORK: ReadonlySet<string> = new Set([
  ...['Placeholder', 'Constant', 'Storage', 'Save'],
  ...['Quantize', 'Dequantize', 'ConvertTo', 'Reshape', 'Transpose'],
]);

/** Kinds of the nodes that compute in floating point, each once: those that Glow has no integer kernel for, or no range of. */
export function floatKinds(graph: GlowGraph): string[] {
  const floating = graph.nodes.filter(
    (node) =>
      !NO_WORK.has(node.kind) &&
      [...node.types].some(([port, type]) => /^(Result|Output)$/i.test(port) && isFloat(type)),
  );
  return [...new Set(floating.map((node) => node.kind))];
}

function isFloat(type: string): boolean {
  return /^float/.test(type);
}

const KINDS: readonly (readonly [RegExp, DrawnKind])[] = [
  [/^(Placeholder|Constant|Storage|Save)/, 'placeholder'],
  [/Convolution/, 'convolution'],
  [/FullyConnected|MatMul/, 'dense'],
  [/Pool/, 'pool'],
  [/Relu|Sigmoid|Tanh|SoftMax|IntLookupTable|Clip/i, 'activation'],
  [/Add|Mul|Sub|Div|Max|Min|Quantize|Rescale/, 'arithmetic'],
];

/** Glow's graph as the bundle's picture shows it. Constants are left out: each is a box that says nothing. */
export function glowDrawing(name: string, graph: GlowGraph): GraphDrawing {
  const shown = graph.nodes.filter((node) => node.kind !== 'Constant');
  const ids = new Set(shown.map((n) => n.id));
  return {
    name,
    nodes: shown.map((node): DrawnNode => {
      const type = node.types.get('Result') ?? node.types.get('Output') ?? [...node.types.values()].at(-1);
      const lines = [node.name, ...(type === undefined ? [] : typeLines(type))];
      return {
        id: node.id,
        kind: KINDS.find(([pattern]) => pattern.test(node.kind))?.[1] ?? 'shape',
        title: node.kind,
        lines: lines.filter((line) => line !== ''),
      };
    }),
    edges: graph.edges.filter((e) => ids.has(e.from) && ids.has(e.to)),
  };
}

/** `i8[S:0.02 O:-5][...]<1 x 10>` as shape and type on one line, scale and offset on the next. */
function typeLines(type: string): string[] {
  const shape = /<([^<>]*)>/.exec(type)?.[1]?.replace(/ x /g, '\u00d7') ?? '';
  const element = /^\w+/.exec(type)?.[0] ?? '';
  const quantized = /S:([^ :\]]+) O:(-?\d+)/.exec(type);
  const first = `${shape} ${element.replace(/^i(\d)/, 'int$1')}`.trim();
  return quantized ? [first, `scale ${Number(quantized[1])}, offset ${quantized[2]}`] : [first];
}
