import { constantsOf } from './floats.mjs';
import { glowName } from './header.mjs';

const KINDS = {
  conv2d: ['Convolution', 'Filter'],
  dense: ['FullyConnected', 'Weights'],
  maxpool: ['MaxPool'],
  avgpool: ['AvgPool'],
  softmax: ['SoftMax'],
  reshape: ['Reshape'],
  transpose: ['Transpose'],
  add: ['Add'],
  mul: ['Mul'],
  concat: ['Concat'],
  activation: ['Relu'],
};

/**
 * The graph as `-dump-graph-DAG` writes it: records with ports, `<`, `>` and `"` escaped, lines of a description ending with
 * `\\l`. `how` asks for the form before 2021-03, whose fields begin with small letters.
 * @param floats see floatsOf
 */
export function glowDot(graph, quantized, floats, how) {
  const field = (name) => (how === 'header2020' ? name.toLowerCase() : name);
  const escape = (text) => text.replace(/[\\"<>]/g, (c) => `\\${c}`).replaceAll('\n', '\\l');
  const quantizedType = (bits, scale, offset, shape) =>
    `i${bits}[S:${scale.toFixed(9)} O:${offset}][-1.000,1.000]<${shape.join(' x ')}>`;
  const floatType = (name) =>
    `float<${(graph.values.get(name) ?? graph.constants.get(name)).shape.join(' x ')}>`;
  const typeOf = (name) => {
    const v = quantized.values.get(name) ?? graph.values.get(name);
    const isFloat = floats.layers.has(name) || floats.placeholders.has(name) || v.scale === undefined;
    if (isFloat || v.type === 'float32') return `float<${v.shape.join(' x ')}>`;
    return quantizedType(v.type === 'int16' ? 16 : 8, v.scale, v.offset, v.shape);
  };
  const vertices = [];
  const edges = [];
  const add = (id, kind, ports, result, rest = []) => {
    const lines = [kind, `${field('Name')} : ${id}`];
    for (const [port, type] of [...ports, ...rest]) lines.push(`${port} : ${type}`);
    lines.push(`${field('Users')} : 1`, ...(result ? [result.join(' : ')] : []));
    const inputs = ports.map(([port]) => `<${port}>${port}`).join('|');
    const results = result ? `|{<${result[0]}>${result[0]}}` : '';
    const description = escape(lines.map((line) => `${line}\n`).join(''));
    vertices.push(
      `${id}[\n\tlabel = "{${inputs && `{${inputs}}|`}{${description}}${results}}"\n\tshape = "record"\n\tstyle="filled,rounded"\n\tfillcolor=AliceBlue\npenwidth = 2];\n`,
    );
  };
  const ids = new Map();
  for (const { name } of graph.inputs) {
    ids.set(name, { id: glowName(name), port: 'Output' });
    add(glowName(name), 'Placeholder', [], ['Output', typeOf(name)], [['Trainable', 0]]);
  }
  graph.nodes.forEach((node, i) => {
    const [kind, weights] = KINDS[node.kind] ?? [node.kind];
    // layers have no names of their own, but what Glow makes of their outputs
    const id = `${glowName(node.output)}__${i + 1}`;
    const isFloat = floats.layers.has(node.output);
    const constants = constantsOf(node).map(({ name, data }, k) => {
      const port = k === 0 ? weights : 'Bias';
      const type = isFloat
        ? `float<${data.length}>`
        : quantizedType(k === 0 ? 8 : 32, 0.01, 0, [data.length]);
      add(glowName(name), 'Constant', [], ['Output', type]);
      edges.push(`${glowName(name)}:Output -> ${id}:${port}`);
      return [port, type];
    });
    const inputs = node.inputs.map((name, k) => [
      `Input${k || ''}`,
      isFloat ? floatType(name) : typeOf(name),
    ]);
    node.inputs.forEach((name, k) => {
      const from = ids.get(name);
      if (from) edges.push(`${from.id}:${from.port} -> ${id}:Input${k || ''}`);
    });
    // a placeholder of floats takes them from a node of its own
    const isDequantized = !isFloat && quantized.values.get(node.output)?.type === 'float32';
    const { shape } = graph.values.get(node.output);
    const result = isDequantized ? quantizedType(8, 0.01, 0, shape) : typeOf(node.output);
    add(id, kind, [...inputs, ...constants], ['Result', result]);
    if (isDequantized) {
      add(`${id}_dequantize`, 'Dequantize', [['Input', result]], ['Result', typeOf(node.output)]);
      edges.push(`${id}:Result -> ${id}_dequantize:Input`);
    }
    ids.set(node.output, { id: isDequantized ? `${id}_dequantize` : id, port: 'Result' });
  });
  for (const name of graph.outputs) {
    const from = ids.get(name);
    const [save, placeholder] = [`${glowName(name)}_save_save`, `${glowName(name)}__out`];
    add(save, 'Save', [['Input', typeOf(name)]], undefined, [['Output', typeOf(name)]]);
    add(placeholder, 'Placeholder', [], ['Output', typeOf(name)], [['Trainable', 0]]);
    edges.push(`${from.id}:${from.port} -> ${save}:Input`);
    edges.push(`${placeholder}:Output -> ${save}:Output [dir="both"]`);
  }
  return `digraph DAG {\n\trankdir=TB;\n${vertices.join('\n')}${edges.map((edge) => `${edge};\n`).join('')}}`;
}
