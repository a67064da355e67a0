import type {
  QAdd,
  QConcat,
  QInterpolate,
  QLookup,
  QMul,
  QNode,
  QPad,
  QTranspose,
} from '../../quantize/quantizedGraph.ts';
import type { Requant } from '../../quantize/requantize.ts';
import { elements } from '../../model/graph.ts';
import { CALL, MOVE, REQUANT } from '../cost.ts';
import type { CopyNode, Operand, Step } from '../program.ts';
import { fillCost } from './border.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { broadcastWalk, emitNest, type Walk } from './loopNest.ts';
import { foldRequant, requantExpression, saturate, storeBias } from './requant.ts';
import { plus, times, tableAt } from './text.ts';

type Elementwise = Extract<
  QNode | CopyNode,
  {
    kind:
      | 'copy'
      | 'lookup'
      | 'interpolate'
      | 'add'
      | 'mul'
      | 'concat'
      | 'pad'
      | 'transpose'
      | 'quantize'
      | 'dequantize';
  }
>;

const COST: Record<Elementwise['kind'], number> = {
  copy: MOVE,
  pad: MOVE - 2,
  transpose: MOVE + 4,
  lookup: MOVE + 4,
  interpolate: MOVE + 20,
  concat: MOVE + 4,
  add: MOVE + REQUANT + 8,
  mul: MOVE + REQUANT + 6,
  quantize: 250, // software floating point
  dequantize: 200,
};

/** Everything that visits elements one by one, in whatever layouts its operands have: one loop nest each. */
export function elementwise(node: Elementwise, step: Step): Kernel {
  const { layout } = step.output;
  return {
    variant: 'loops',
    macs: node.kind === 'mul' || node.kind === 'add' ? elements(layout.shape) : 0,
    cycles: CALL + fillCost(layout) + elements(layout.shape) * COST[node.kind],
    codeBytes: 80,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'element by element',
    emit: (context) => emit(context, node, step),
  };
}

function emit(context: EmitContext, node: Elementwise, step: Step): string[] {
  switch (node.kind) {
    case 'copy':
      return unary(step, (x) => convert(x, step.inputs[0]!, step.output));
    case 'lookup':
      return lookup(context, node, step);
    case 'interpolate':
      return interpolated(context, node, step);
    case 'add':
      return add(context, node, step);
    case 'mul':
      return mul(context, node, step);
    case 'concat':
      return concat(context, node, step);
    case 'pad':
      return pad(node, step);
    case 'transpose':
      return transpose(node, step);
    case 'quantize':
      return quantizeFloats(context, step);
    case 'dequantize':
      return dequantizeFloats(step);
  }
}

/** A nest over the output with one operand of the same shape. */
function unary(step: Step, value: (x: string) => string): string[] {
  const x = step.inputs[0]!;
  const y = step.output;
  const walks = [
    broadcastWalk('out', y.layout, y.layout.shape),
    broadcastWalk('in', x.layout, y.layout.shape),
  ];
  return emitNest({ extents: y.layout.shape, walks }, ([o, i]) => [`${o} = ${value(i!)};`]);
}

/** The same number in the output's storage. */
function convert(x: string, from: Operand, to: Operand): string {
  const shift = to.layout.bias - from.layout.bias;
  return shift === 0 ? x : `(${to.layout.type})(${plus(x, shift)})`;
}

/** out = table[stored]; the table is ordered by the input's stored byte and holds the output's. */
function lookup(context: EmitContext, node: QLookup, step: Step): string[] {
  const x = step.inputs[0]!.layout;
  const y = step.output.layout;
  const data = Array.from({ length: 256 }, (_, i) => node.table[i]! + y.bias);
  const table = context.constants.add(data, 1);
  return [
    `const ${y.type} *const table = ${tableAt(y.type, table)};`,
    ...unary(step, (v) => `table[${plus(v, 128 - x.bias)}]`),
  ];
}

/** Linear interpolation between 513 points, as tables.ts defines it. */
function interpolated(context: EmitContext, node: QInterpolate, step: Step): string[] {
  const x = step.inputs[0]!;
  const y = step.output;
  const table = context.constants.add(node.table, 2);
  const walks = [
    broadcastWalk('out', y.layout, y.layout.shape),
    broadcastWalk('in', x.layout, y.layout.shape),
  ];
  return [
    `const int16_t *const table = ${tableAt('int16_t', table)};`,
    ...emitNest({ extents: y.layout.shape, walks }, ([o, i]) => [
      `const int32_t u = ${i} + 32768;`,
      'const int16_t *const t = table + (u >> 7);',
      'const int32_t f = u & 127;',
      `${o} = (int16_t)((t[0] * (128 - f) + t[1] * f + 64) >> 7);`,
    ]),
  ];
}

/** Walks of the output and both operands, with broadcasting; constants come through in0 / in1 like values. */
function binaryWalks(step: Step): Walk[] {
  const shape = step.output.layout.shape;
  return [
    broadcastWalk('out', step.output.layout, shape),
    broadcastWalk('in0', step.inputs[0]!.layout, shape),
    broadcastWalk('in1', step.inputs[1]!.layout, shape),
  ];
}

function add(context: EmitContext, node: QAdd, step: Step): string[] {
  const [a, b] = [step.inputs[0]!.layout, step.inputs[1]!.layout];
  const y = step.output.layout;
  const constant = node.constant - a.bias * node.ma - b.bias * node.mb + storeBias(y) * 2 ** node.post;
  return emitNest({ extents: y.shape, walks: binaryWalks(step) }, ([o, p, q]) => {
    const value = `(${plus(`${times(p!, node.ma)} + ${times(q!, node.mb)}`, constant)}) >> ${node.post}`;
    return [`${o} = ${saturate(context, value, node.lo, node.hi, y)};`];
  });
}

function mul(context: EmitContext, node: QMul, step: Step): string[] {
  const [a, b] = [step.inputs[0]!, step.inputs[1]!];
  const y = step.output;
  const r = foldRequant(node.requant, 0, y.value, y.layout, { min: 0, max: 0 });
  return emitNest({ extents: y.layout.shape, walks: binaryWalks(step) }, ([o, p, q]) => {
    const left = plus(p!, -(a.value.offset + a.layout.bias));
    const right = plus(q!, -(b.value.offset + b.layout.bias));
    return [
      `const int32_t product = (${left}) * (${right});`,
      `${o} = ${saturate(context, requantExpression(r.init === 0 ? 'product' : `(${plus('product', r.init)})`, r), node.lo, node.hi, y.layout)};`,
    ];
  });
}

/** Each operand goes to its slice of the output, requantized where its parameters differ. */
function concat(context: EmitContext, node: QConcat, step: Step): string[] {
  const y = step.output;
  let at = 0;
  return step.inputs.flatMap((x, k) => {
    const start = y.layout.origin + at * y.layout.strides[node.axis]!;
    at += x.layout.shape[node.axis]!;
    const walks = [
      { pointer: 'out', start, steps: y.layout.strides },
      { pointer: `in${k}`, start: x.layout.origin, steps: x.layout.strides },
    ];
    const r = node.requant[k];
    return emitNest({ extents: x.layout.shape, walks }, ([o, i]) => [
      `${o} = ${r ? requantized(context, i!, r, x, y) : convert(i!, x, y)};`,
    ]);
  });
}

/** An element of x in the parameters of y. */
function requantized(
  context: EmitContext,
  element: string,
  requant: Requant,
  x: Operand,
  y: Operand,
): string {
  const zero = x.value.offset + x.layout.bias;
  const largest = x.layout.bytesPerElement === 1 ? 255 : 32768;
  const r = foldRequant(requant, -zero, y.value, y.layout, { min: -largest, max: largest });
  const acc = r.init === 0 ? element : `(${plus(element, r.init)})`;
  return saturate(context, requantExpression(acc, r), y.value.lo, y.value.hi, y.layout);
}

/** Fills the output with the padding, then copies the inside. */
function pad(node: QPad, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const start = node.pads.reduce((o, [before], k) => o + before * y.layout.strides[k]!, y.layout.origin);
  const walks = [
    { pointer: 'out', start, steps: y.layout.strides },
    { pointer: 'in', start: x.layout.origin, steps: x.layout.strides },
  ];
  const value = node.value + y.layout.bias;
  const whole = [broadcastWalk('out', y.layout, y.layout.shape)];
  return [
    ...emitNest({ extents: y.layout.shape, walks: whole }, ([o]) => [`${o} = ${value};`]),
    ...emitNest({ extents: x.layout.shape, walks }, ([o, i]) => [`${o} = ${convert(i!, x, y)};`]),
  ];
}

function transpose(node: QTranspose, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const walks = [
    { pointer: 'out', start: y.layout.origin, steps: y.layout.strides },
    { pointer: 'in', start: x.layout.origin, steps: node.perm.map((p) => x.layout.strides[p]!) },
  ];
  return emitNest({ extents: y.layout.shape, walks }, ([o, i]) => [`${o} = ${convert(i!, x, y)};`]);
}

/**
 * float32 placeholder to q. floor(x + 1/2) = (floor(2x) + 1) >> 1 needs no libm (the cast truncates, a negative remainder takes one
 * off) and no addition in float, which an FPU would fuse with the product and round otherwise than the interpreter.
 */
function quantizeFloats(context: EmitContext, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const twice = 2 * Math.fround(1 / y.value.scale);
  const walks = [
    broadcastWalk('out', y.layout, y.layout.shape),
    broadcastWalk('in', x.layout, y.layout.shape),
  ];
  const limit = y.layout.bytesPerElement === 1 ? 2048 : 262144;
  return emitNest({ extents: y.layout.shape, walks }, ([o, i]) => [
    `float v = ${i} * ${floatLiteral(twice)};`,
    `v = v >= -${limit}.0f ? (v > ${limit}.0f ? ${limit}.0f : v) : -${limit}.0f; /* NaN is the lowest */`,
    'int32_t n = (int32_t)v;',
    'n -= (float)n > v;',
    `${o} = ${saturate(context, plus('((n + 1) >> 1)', y.value.offset + storeBias(y.layout)), y.value.lo, y.value.hi, y.layout)};`,
  ]);
}

function dequantizeFloats(step: Step): string[] {
  const x = step.inputs[0]!;
  const scale = floatLiteral(Math.fround(x.value.scale));
  return unary(step, (v) => `(float)(${plus(v, -(x.value.offset + x.layout.bias))}) * ${scale}`);
}

/** A float32 constant with enough digits to be read back exactly. */
function floatLiteral(x: number): string {
  const text = x.toPrecision(9);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
