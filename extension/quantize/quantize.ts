import { UserError } from '../common/error.ts';
import { UnusedNames } from '../common/unusedNames.ts';
import { say } from '../common/errors/sentence.ts';
import type {
  Constant,
  ActivationNode,
  Clamp,
  Conv2dNode,
  ConvTranspose2dNode,
  DenseNode,
  Graph,
  Node,
  PadNode,
  PoolNode,
} from '../model/graph.ts';
import { activationFunction, quantizedToEven } from '../model/functions.ts';
import { isIntegerGraph } from '../model/formats/tflite/integers.ts';
import { sameParams } from '../model/params.ts';
import { positionValues } from '../model/positions.ts';
import { tapCounts } from '../model/window.ts';
import { tfliteIntegers } from './tflite/network.ts';
import { lowerAdd, lowerConcat, lowerMul } from './elementwise.ts';
import { withFloatEnds } from './floatEnds.ts';
import { lowerRecurrent, recurrentStates } from './recurrent.ts';
import {
  givenAverages,
  givenPrelu,
  givenProduct,
  givenTable,
  givenWeights,
  hasGivenParams,
} from './onnx/given.ts';
import { givenSum } from './onnx/sum.ts';
import type { QuantizeOptions } from './options.ts';
import { lowerDiv, lowerExtreme, lowerPrelu } from './pairs.ts';
import {
  positionValue,
  qvalue,
  type QAvgPool,
  type QConv2d,
  type QDense,
  type QInterpolate,
  type QLookup,
  type QMaxPool,
  type QNode,
  type QPad,
  type QRecurrent,
  type QSoftmax,
  type QState,
  type QuantizedGraph,
  type QuantizedValue,
} from './quantizedGraph.ts';
import type { Ranges } from './ranges.ts';
import { lowerResize } from './resize.ts';
import { chooseRequant, type Requant } from './requantize.ts';
import { checkSoftmax, lowerLogSoftmax, lowerNormalize } from './rows.ts';
import { limits, type QuantParams, quantizeReal } from './schemas.ts';
import { exponentTable, interpolationTable, lookupTable } from './tables.ts';
import { ordinary } from './transposed.ts';
import { chooseValueParams, extent } from './valueParams.ts';
import { quantizeWeights } from './weights.ts';

/** Largest sum that still has room to be rounded in 32 bits. */
const MAX_SUM = 2 ** 31 - 2 ** 24;

/** Multiplier bits of requantizations whose scales are given, not chosen. */
const FREE_BITS = 15;

/**
 * Turns a float graph into integers; one whose file has it in integers keeps these.
 *
 * @param ranges observed range of every value (profile())
 */
export function quantize(graph: Graph, ranges: Ranges, options: QuantizeOptions): QuantizedGraph {
  const quantized = isIntegerGraph(graph)
    ? tfliteIntegers(graph, options.rounding)
    : lowered(graph, ranges, options);
  return options.floatPlaceholders ? withFloatEnds(quantized) : quantized;
}

function lowered(graph: Graph, ranges: Ranges, options: QuantizeOptions): QuantizedGraph {
  const isGiven = hasGivenParams(graph);
  // what the file has in 8 bits stays so
  const own = isGiven ? { ...options, precision: 'int8' as const } : options;
  const lowering = new Lowering(graph, ranges, chooseValueParams(graph, ranges, own), own, isGiven);
  for (const input of graph.inputs) lowering.input(input.name, input.shape);
  for (const { name } of graph.states) lowering.state(name);
  for (const node of graph.nodes) lowering.node(node);
  return lowering.finish();
}

/** Nodes whose operands a file's parameters take to those of the output first: they commute with rounding. */
const IN_OUTPUT: ReadonlySet<Node['kind']> = new Set(['concat', 'max', 'min']);

/** Builds the quantized graph node by node; values are defined before they are used. */
class Lowering {
  readonly #graph: Graph;
  readonly #ranges: Ranges;
  readonly #params: ReadonlyMap<string, QuantParams>;
  readonly #options: QuantizeOptions;
  /** The file has parameters of its own for values. */
  readonly #isGiven: boolean;
  readonly #values = new Map<string, QuantizedValue>();
  readonly #constants = new Map<string, Int16Array>();
  readonly #nodes: QNode[] = [];
  readonly #positions: ReadonlyMap<string, number>;
  readonly #unusedNames: UnusedNames;
  readonly #unusedNodeNames: UnusedNames;

  constructor(
    graph: Graph,
    ranges: Ranges,
    params: ReadonlyMap<string, QuantParams>,
    options: QuantizeOptions,
    isGiven: boolean,
  ) {
    this.#isGiven = isGiven;
    this.#graph = graph;
    this.#ranges = ranges;
    this.#params = params;
    this.#options = options;
    this.#positions = positionValues(graph);
    this.#unusedNames = new UnusedNames(
      (name) => graph.values.has(name) || graph.constants.has(name) || this.#values.has(name),
    );
    const nodeNames = new Set(graph.nodes.map((n) => n.name));
    this.#unusedNodeNames = new UnusedNames((name) => nodeNames.has(name));
    const range = limits(options.precision);
    for (const c of graph.constants.values()) {
      const p = params.get(c.name)!;
      const q = Int16Array.from(c.data, (x) => quantizeReal(x, p, range));
      const [lo, hi] = extent(q);
      this.#constants.set(c.name, q);
      this.#values.set(c.name, { name: c.name, shape: c.shape, type: options.precision, ...p, lo, hi });
    }
  }

  input(name: string, shape: readonly number[]): void {
    this.#define(name, name, shape);
  }

  state(name: string): void {
    this.#define(name, name, this.#graph.values.get(name)!.shape);
  }

  node(node: Node): void {
    const { output } = node;
    const shape = this.#graph.values.get(node.output)!.shape;
    const isInOutput = node.kind === 'pad' || (this.#isGiven && IN_OUTPUT.has(node.kind));
    const inputs = isInOutput ? node.inputs.map((input) => this.#asOf(node, input)) : node.inputs;
    this.#define(output, output, shape, this.#clampOf(node));
    if (node.kind === 'convTranspose2d') this.#transposed({ ...node, inputs });
    else this.#nodes.push(this.#lower(node, inputs, output));
    if (node.kind === 'recurrent') this.#recurrentStates(inputs);
  }

  /** A transposed convolution as ordinary ones, all in its output's parameters. */
  #transposed(node: ConvTranspose2dNode): void {
    const [from, shape] = [node.inputs[0]!, node.output].map((name) => qvalue(this.#state, name).shape);
    const fresh = (suffix: string): string => this.#unusedNames.like(node.output + suffix);
    for (const part of ordinary(node, from!, shape!, fresh)) {
      const { inputs, output } = part.node;
      if (output !== node.output) this.#define(output, node.output, part.shape, node.clamp);
      const name = part.node.name === node.name ? node.name : this.#unusedNodeNames.like(part.node.name);
      this.#nodes.push(this.#lower({ ...part.node, name }, inputs, output));
    }
  }

  /** States inside of a recurrent layer have its parameters. */
  #recurrentStates(inputs: readonly string[]): void {
    const layer = this.#nodes.at(-1) as QRecurrent;
    const states = recurrentStates(layer, qvalue(this.#state, layer.output));
    for (const [k, params] of states.entries()) {
      const name = inputs[k + 1];
      if (name !== undefined) this.#values.set(name, { ...qvalue(this.#state, name), ...params });
    }
  }

  /** An input in the parameters of its node's output: requantized where they differ, a constant quantized with them. */
  #asOf(node: Node, input: string): string {
    const constant = this.#graph.constants.get(input);
    return constant
      ? this.#constantAs(node.output, constant)
      : this.#inParamsOf(node.output, input, node.name);
  }

  /** A constant in the parameters of another value. */
  #constantAs(other: string, { name, shape, data }: Constant): string {
    const x = qvalue(this.#state, name);
    const p = this.#params.get(other)!;
    if (sameParams(x, p)) return name;
    const range = limits(this.#options.precision);
    const q = Int16Array.from(data, (v) =>
      this.#isGiven ? quantizedToEven(v, p) : quantizeReal(v, p, range),
    );
    const [lo, hi] = extent(q);
    const own = this.#unusedNames.like(`${name}_requantized`);
    this.#constants.set(own, q);
    this.#values.set(own, { name: own, shape, type: this.#options.precision, ...p, lo, hi });
    return own;
  }

  /** A value in the parameters of another, requantized where they differ. */
  #inParamsOf(other: string, input: string, forWhat: string): string {
    const x = qvalue(this.#state, input);
    const { scale, offset } = this.#params.get(other)!;
    if (sameParams(x, { scale, offset })) return input;
    const output = this.#unusedNames.like(`${input}_requantized`);
    this.#define(output, other, x.shape);
    this.#nodes.push({
      name: this.#unusedNodeNames.like(`requantize_${forWhat}`),
      inputs: [input],
      output,
      ...(this.#isGiven
        ? { kind: 'lookup', function: 'requantize', table: givenTable((real) => real, x, { scale, offset }) }
        : lowerConcat([x], qvalue(this.#state, output), x.shape.length - 1)),
    });
    return output;
  }

  finish(): QuantizedGraph {
    const states = this.#graph.states.map(({ name, written, initial }): QState => {
      const v = qvalue(this.#state, name);
      const limits = { qmin: v.lo, qmax: v.hi };
      return {
        name,
        written: written && this.#inParamsOf(name, written, name),
        initial: Int32Array.from(initial, (x) => quantizeReal(x, v, limits)),
      };
    });
    // constants that others stand for, in their readers' parameters, are in nobody's way
    const needed = new Set<string | undefined>([
      ...this.#nodes.flatMap((node) => node.inputs),
      ...states.map((s) => s.written),
      ...this.#graph.outputs,
    ]);
    for (const name of [...this.#constants.keys()]) {
      if (needed.has(name)) continue;
      this.#constants.delete(name);
      this.#values.delete(name);
    }
    return {
      name: this.#graph.name,
      inputs: this.#graph.inputs.map((i) => i.name),
      outputs: this.#graph.outputs,
      states,
      values: this.#values,
      constants: this.#constants,
      nodes: this.#nodes,
    };
  }

  #lower(node: Exclude<Node, ConvTranspose2dNode>, inputs: readonly string[], output: string): QNode {
    const x = qvalue(this.#state, inputs[0]!);
    const y = qvalue(this.#state, output);
    const base = { name: node.name, inputs, output };
    switch (node.kind) {
      case 'conv2d':
        return {
          ...this.#weighted(node, x, y),
          ...geometry(node),
          ...base,
          kind: 'conv2d',
          groups: node.groups,
        } satisfies QConv2d;
      case 'dense':
        return { ...this.#weighted(node, x, y), ...base, kind: 'dense' } satisfies QDense;
      case 'maxpool':
        return { ...geometry(node), ...base, kind: 'maxpool' } satisfies QMaxPool;
      case 'avgpool':
        return {
          ...this.#averages(node, x, y),
          ...geometry(node),
          ...base,
          kind: 'avgpool',
        } satisfies QAvgPool;
      case 'activation':
        return { ...base, ...this.#function(node, x, y) };
      case 'softmax': {
        checkSoftmax(node.name, x);
        const { table, step } = exponentTable(x.scale, this.#options.precision);
        return {
          ...base,
          kind: 'softmax',
          table,
          step,
          outScale: Math.round(1 / y.scale),
        } satisfies QSoftmax;
      }
      case 'logSoftmax':
        return { ...base, ...lowerLogSoftmax(node.name, x, y, this.#options.precision) };
      case 'normalize':
        return { ...base, ...lowerNormalize(node, x, y, this.#options.precision) };
      case 'position':
        return { ...base, kind: 'position', of: node.of, among: node.among };
      case 'add':
        return { ...base, ...this.#sum(x, qvalue(this.#state, inputs[1]!), y, 1) };
      case 'mul':
        return { ...base, ...this.#product(x, qvalue(this.#state, inputs[1]!), y) };
      case 'sub':
        return { ...base, ...this.#sum(x, qvalue(this.#state, inputs[1]!), y, -1) };
      case 'max':
      case 'min':
        return { ...base, ...lowerExtreme(node.kind, x, qvalue(this.#state, inputs[1]!), y) };
      case 'div':
        return { ...base, ...lowerDiv(x, qvalue(this.#state, inputs[1]!), y) };
      case 'prelu':
        return { ...base, ...this.#prelu(x, qvalue(this.#state, inputs[1]!), y) };
      case 'concat':
        return {
          ...base,
          ...lowerConcat(
            inputs.map((i) => qvalue(this.#state, i)),
            y,
            node.axis,
          ),
        };
      case 'pad':
        return { ...base, ...this.#pad(node, y) };
      case 'reshape':
        return { ...base, kind: 'reshape' };
      case 'transpose':
        return { ...base, kind: 'transpose', perm: node.perm };
      case 'resize':
        return { ...base, ...lowerResize(node, x) };
      case 'gather':
        return { ...base, kind: 'gather', indices: node.indices };
      case 'recurrent':
        return { ...base, ...lowerRecurrent(node, this.#ranges, x, y, this.#options) };
    }
  }

  #weighted(node: Conv2dNode | DenseNode, x: QuantizedValue, y: QuantizedValue) {
    const { name, weights, bias, given } = node;
    return {
      ...(given && this.#isGiven
        ? givenWeights(name, weights, bias, given, [x, y], this.#options.rounding)
        : quantizeWeights(weights, bias, x, y, this.#options)),
      outChannels: node.bias.length,
      lo: y.lo,
      hi: y.hi,
    };
  }

  #sum(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue, sign: 1 | -1) {
    return this.#isGiven ? givenSum(a, b, y, sign) : lowerAdd(a, b, y, sign);
  }

  #product(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue) {
    return this.#isGiven ? givenProduct(a, b, y, this.#options.rounding) : lowerMul(a, b, y);
  }

  #prelu(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue) {
    return this.#isGiven ? givenPrelu(a, b, y, this.#options.rounding) : lowerPrelu(a, b, y);
  }

  /** One requantization for every number of elements that some window counts. */
  #averages(node: PoolNode, x: QuantizedValue, y: QuantizedValue) {
    const low = Math.min(0, x.lo - x.offset);
    const high = Math.max(0, x.hi - x.offset);
    const ranges: { n: number; min: number; max: number }[] = [];
    for (const n of countsOf(node, x, y)) {
      const most = Math.floor(MAX_SUM / Math.max(high, -low));
      if (n > most) {
        throw new UserError(
          'model',
          say`'${node.name}' averages over ${n} values; the sum of at most ${most} of type ${x.type} fits 32 bits.`,
          say`Average in two steps: over parts of the map first, then over their averages.`,
        );
      }
      ranges.push({ n, min: n * low, max: n * high });
    }
    const given = this.#isGiven ? givenAverages(ranges, x, y, this.#options.rounding) : undefined;
    const requantByCount = new Map(
      ranges.map(({ n, ...range }, i): [number, Requant] => [
        n,
        given?.[i] ?? chooseRequant(x.scale / (y.scale * n), y.offset, range, FREE_BITS),
      ]),
    );
    return { countIncludePad: node.countIncludePad, requantByCount, lo: y.lo, hi: y.hi };
  }

  #function(
    node: ActivationNode,
    x: QuantizedValue,
    y: QuantizedValue,
  ): Pick<QLookup, 'kind' | 'function' | 'table'> | Pick<QInterpolate, 'kind' | 'function' | 'table'> {
    const fn = activationFunction(node.fn);
    if (this.#isGiven) return { kind: 'lookup', function: node.fn.type, table: givenTable(fn, x, y) };
    return this.#options.precision === 'int8'
      ? { kind: 'lookup', function: node.fn.type, table: lookupTable(fn, x, y) }
      : { kind: 'interpolate', function: node.fn.type, table: interpolationTable(fn, x, y) };
  }

  #pad(node: PadNode, y: QuantizedValue): Pick<QPad, 'kind' | 'pads' | 'value'> {
    return {
      kind: 'pad',
      pads: node.pads,
      value: quantizeReal(node.value, y, limits(this.#options.precision)),
    };
  }

  /** The clamp fused into a node, or the one that its operator implies. */
  #clampOf(node: Node): Clamp | undefined {
    if ('clamp' in node) return node.clamp;
    return node.kind === 'activation' && node.fn.type === 'clip' ? node.fn : undefined;
  }

  #define(name: string, paramsOf: string, shape: readonly number[], clamp?: Clamp): void {
    const p = this.#params.get(paramsOf)!;
    const positions = this.#positions.get(paramsOf);
    if (positions !== undefined) {
      this.#values.set(name, positionValue(name, shape, positions));
      return;
    }
    const range = limits(this.#options.precision);
    const quantized = (real: number): number =>
      this.#isGiven ? quantizedToEven(real, p) : quantizeReal(real, p, range);
    const lo = clamp ? quantized(clamp.min) : range.qmin;
    const hi = clamp ? quantized(clamp.max) : range.qmax;
    this.#values.set(name, { name, shape, type: this.#options.precision, ...p, lo, hi });
  }

  get #state(): QuantizedGraph {
    return {
      name: this.#graph.name,
      inputs: [],
      outputs: [],
      states: [],
      values: this.#values,
      constants: this.#constants,
      nodes: [],
    };
  }
}

/** The numbers of elements that the windows of an average pooling count. */
function countsOf(node: PoolNode, x: QuantizedValue, y: QuantizedValue): Iterable<number> {
  if (node.countIncludePad) return [node.kernel[0] * node.kernel[1]];
  const [, height, width] = x.shape as [number, number, number];
  const [, outHeight, outWidth] = y.shape as [number, number, number];
  return tapCounts(node, [height, width], [outHeight, outWidth]);
}

function geometry(node: Conv2dNode | PoolNode) {
  return { kernel: node.kernel, strides: node.strides, dilations: node.dilations, pads: node.pads };
}
