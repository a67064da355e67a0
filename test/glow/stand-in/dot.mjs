/** The graph as `-dump-graph-DAG` writes it: records with ports, `<`, `>` and `"` escaped, lines ending with `\l`. */
export function glowDot(graph, quantized, floats) {
  const escape = (text) => text.replace(/[\\"<>]/g, (c) => `\\${c}`).replaceAll('\n', '\\l');
  const kinds = {
    conv2d: 'Convolution',
    dense: 'FullyConnected',
    maxpool: 'MaxPool',
    avgpool: 'AvgPool',
    softmax: 'SoftMax',
    reshape: 'Reshape',
    add: 'Add',
    mul: 'Mul',
    concat: 'Concat',
  };
  const type = (name) => {
    const v = quantized.values.get(name) ?? graph.values.get(name);
    const shape = `<${v.shape.join(' x ')}>`;
    const isFloatInput = v.type === 'float32' && quantized.inputs.includes(name);
    if (floats.has(name) || isFloatInput || v.scale === undefined) return `float${shape}`;
    return `i8[S:${v.scale.toFixed(9)} O:${v.offset}][-1.000,1.000]${shape}`;
  };
  const vertices = [];
  const edges = [];
  const ids = new Map();
  const add = (value, kind, name, inputs) => {
    const id = `v${String(ids.size).padStart(4, '0')}`;
    ids.set(value, id);
    const description = `${kind}\nname : ${name}\n${inputs.map((i, n) => `Input${n || ''} : ${type(i)}\n`).join('')}users : 1\nResult : ${type(value)}\n`;
    const row = inputs.length ? '{<Input>Input}|' : '';
    vertices.push(
      `${id}[\n\tlabel = "{${row}{${escape(description)}}|{<Result>Result}}"\n\tshape = "record"\n\tstyle="filled,rounded"\n\tfillcolor=Snow3\npenwidth = 2];\n`,
    );
    for (const i of inputs) if (ids.has(i)) edges.push(`${ids.get(i)}:Result -> ${id}:Input`);
  };
  for (const v of graph.inputs) add(v.name, 'Placeholder', v.name, []);
  for (const node of graph.nodes) add(node.output, kinds[node.kind] ?? node.kind, node.name, node.inputs);
  return `digraph DAG {\n\trankdir=TB;\n${vertices.join('\n')}${edges.join(';\n')};\n}`;
}
