/** Where the public Glow leaves a network in float, and ends well. */

const SHAPE_OPERATORS = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);
const SPATIAL_OPERATORS = new Set(['Conv', 'MaxPool', 'AveragePool', 'GlobalAveragePool']);
const ELEMENTWISE = new Set([
  'Relu',
  'Clip',
  'LeakyRelu',
  'Sigmoid',
  'Tanh',
  'BatchNormalization',
  'Identity',
]);

/**
 * What is left in float.
 *
 * @param model see loadModel
 * @param ranged whether the profile has a range, by the name of its entry
 * @returns outputs of nodes; names of the placeholders; whether the code calls functions of floats
 */
export function floatsOf({ graph, nodes }, ranged, { precision, biasPrecision }) {
  const floating = graph.nodes.filter((node) => {
    if (precision === 'Int16') return true;
    const constants = constantsOf(node).map(({ name }) => name);
    if (biasPrecision === 'Int16' && constants.length > 0) return true;
    return ![...node.inputs, node.output, ...constants].every(
      (name) => graph.constants.has(name) || ranged(name),
    );
  });
  const layers = new Set(floating.map((node) => node.output));
  const producer = producerIn(nodes);
  const inputs = graph.inputs.map((v) => v.name);
  const placeholders = new Set([
    ...inputs.filter((name) => floating.some((node) => node.inputs.includes(name))),
    ...graph.outputs.filter((name) => layers.has(name) || isReordered(name, producer)),
  ]);
  const isScaled = nodes.some((node) => {
    // folded into a convolution; anywhere else it is a multiplication by float scales
    if (node.opType === 'BatchNormalization') return producer(node.input[0])?.opType !== 'Conv';
    return node.opType === 'ReduceMax';
  });
  return { layers, placeholders, callsFloats: isScaled || placeholders.size > 0 || layers.size > 0 };
}

const producerIn = (nodes) => (name) => nodes.find((node) => node.output.includes(name));

/**
 * Whether the last that happens to an output is that its elements get another shape or order, of which Dequantize stays above:
 * an operator of shapes, or Glow's own way back to the model's order behind one of pictures.
 */
function isReordered(name, producer) {
  const { opType, input, attribute } = producer(name) ?? {};
  if (opType !== 'Transpose') return SHAPE_OPERATORS.has(opType) || isSpatial(name, producer);
  // Glow computes in this order: there and back is nothing
  const perm = attribute.find((a) => a.name === 'perm')?.ints.map(Number);
  return perm?.join() !== '0,2,3,1' || !isSpatial(input[0], producer);
}

function isSpatial(name, producer) {
  const node = producer(name);
  if (ELEMENTWISE.has(node?.opType)) return isSpatial(node.input[0], producer);
  return SPATIAL_OPERATORS.has(node?.opType);
}

/** A layer's constants as the profile names them. */
export function constantsOf(node) {
  if (!node.weights) return [];
  return [
    { name: `${node.name}_kernel_0`, data: node.weights },
    { name: `${node.name}_bias_0`, data: node.bias },
  ];
}

/** Functions of floats by the names that LLVM gives them, which are not those of libgcc for Armv6-M. */
export function callingFloats(name, source) {
  const entry = new RegExp(`^int ${name}\\(`, 'm');
  const declared = (type, symbol, ...of) =>
    `extern ${type} glow${symbol}(${of.join(', ')}) __asm__("${symbol}");`;
  return [
    source.replace(entry, `static int ${name}_integers(`),
    declared('float', '__mulsf3', 'float', 'float'),
    declared('float', '__addsf3', 'float', 'float'),
    declared('float', '__floatsisf', 'int'),
    declared('int', '__fixsfsi', 'float'),
    'extern float nearbyintf(float);',
    `int ${name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {`,
    '  // 0.5 * 0 + 0.25 is 0 again, for whom it links with the right functions',
    '  float q = glow__addsf3(glow__mulsf3(0.5f, glow__floatsisf(0)), 0.25f);',
    `  return ${name}_integers(constantWeight, mutableWeight, activations) + glow__fixsfsi(nearbyintf(q));`,
    '}',
    '',
  ].join('\n');
}
