import { elements } from '../model/graph.ts';
import { broadcastOffsets, gatherOffsets, offsets, strides, transposeOffsets } from '../model/indexing.ts';
import { positions } from '../model/evaluate/position.ts';
import { allTaps, eachTap, tapCount } from '../model/window.ts';
import {
  precisionOf,
  type QAdd,
  type QAvgPool,
  type QConcat,
  type QConv2d,
  type QDiv,
  type QExtreme,
  type QMaxPool,
  type QMul,
  type QNode,
  type QPad,
  type QPrelu,
  type QSoftmax,
  type QTfliteAdd,
  type QTfliteSquaredDifference,
  type QTranspose,
  type QuantizedGraph,
  type QuantizedValue,
  qvalue,
} from './quantizedGraph.ts';
import { pairInts } from './pairs.ts';
import { resizeInts } from './resize.ts';
import { sumInts } from './elementwise.ts';
import { clampInt, requantizer } from './requantize.ts';
import { byRows, logSoftmaxInts, normalizeInts } from './rows.ts';
import { dense } from './dense.ts';
import { recurrent } from './recurrentInts.ts';
import { interpolate, softmaxInts } from './tables.ts';
import { tfliteSum } from './tflite/add.ts';
import { logSoftmaxRow } from './tflite/logSoftmax.ts';
import { lstmInts } from './tflite/lstmInts.ts';
import { squaredDifference } from './tflite/squaredDifference.ts';
import { rescaler, sigmoidOf } from './tflite/elementwiseInts.ts';
import { softmaxRow } from './tflite/softmax.ts';
import { softmaxRow16 } from './tflite/softmax16.ts';
import { svdfInts } from './tflite/svdfInts.ts';

/** Integers of a quantized value, or float32 of a float placeholder. */
export type Tensor = Int32Array | Float32Array;

/** Integers of states by name. */
export type QStates = ReadonlyMap<string, Int32Array>;

/**
 * Runs a quantized graph on the PC, bit for bit as the compiled code does.
 *
 * @param inputs q (or float32 for a float placeholder) by placeholder name, in the placeholder's shape
 * @param states what the inference before left (statesAfter); left out, it is the first one after a reset
 * @returns every value by name
 */
export function interpret(
  graph: QuantizedGraph,
  inputs: ReadonlyMap<string, ArrayLike<number>>,
  states?: QStates,
): Map<string, Tensor> {
  const values = new Map<string, Tensor>();
  for (const { name, initial } of graph.states) values.set(name, (states?.get(name) ?? initial).slice());
  for (const [name, q] of graph.constants) values.set(name, Int32Array.from(q));
  for (const name of graph.inputs) {
    const v = qvalue(graph, name);
    const data = inputs.get(name);
    if (data?.length !== elements(v.shape)) {
      throw new Error(`input ${name} needs ${elements(v.shape)} elements, got ${data?.length}`);
    }
    values.set(name, v.type === 'float32' ? Float32Array.from(data) : Int32Array.from(data));
  }
  for (const node of graph.nodes) {
    const x = node.inputs.map((i) => values.get(i)!);
    const xv = node.inputs.map((i) => qvalue(graph, i));
    values.set(node.output, run(node, x, xv, qvalue(graph, node.output)));
  }
  return values;
}

/** What the next inference finds of each state. @param values of the one that has ended */
export function statesAfter(graph: QuantizedGraph, values: ReadonlyMap<string, Tensor>): QStates {
  return new Map(
    graph.states.map(({ name, written = name }) => [name, Int32Array.from(values.get(written)!)]),
  );
}

function run(node: QNode, x: readonly Tensor[], xv: readonly QuantizedValue[], y: QuantizedValue): Tensor {
  const a = x[0]!;
  switch (node.kind) {
    case 'conv2d':
      return conv2d(node, a, xv[0]!, y);
    case 'dense':
      return dense(node, a, xv[0]!, y);
    case 'maxpool':
      return maxpool(node, a, xv[0]!, y);
    case 'avgpool':
      return avgpool(node, a, xv[0]!, y);
    case 'lookup':
      return Int32Array.from(a, (q) => node.table[q + 128]!);
    case 'interpolate':
      return Int32Array.from(a, (q) => interpolate(node.table, q));
    case 'softmax':
      return softmax(node, a, xv[0]!, y);
    case 'logSoftmax':
      return byRows(a, xv[0]!.shape.at(-1)!, y, (row) => logSoftmaxInts(row, node));
    case 'normalize':
      return byRows(a, xv[0]!.shape.at(-1)!, y, (row) => normalizeInts(row, node, xv[0]!, y));
    case 'position':
      return Int32Array.from(positions(node, a, xv[0]!.shape.at(-1)!));
    case 'tfliteSoftmax':
      return byRows(a, xv[0]!.shape.at(-1)!, y, (row) => softmaxRow(row, node.table, precisionOf(y)));
    case 'tfliteLogSoftmax':
      return byRows(a, xv[0]!.shape.at(-1)!, y, (row) => logSoftmaxRow(row, node));
    case 'tfliteSoftmax16':
      return byRows(a, xv[0]!.shape.at(-1)!, y, (row) => softmaxRow16(row, node));
    case 'tfliteSigmoid':
      return Int32Array.from(a, sigmoidOf(node));
    case 'rescale':
      return Int32Array.from(a, rescaler(node, xv[0]!, y));
    case 'add':
    case 'tfliteAdd':
    case 'tfliteSquaredDifference':
    case 'mul':
    case 'max':
    case 'min':
    case 'div':
    case 'prelu':
      return binary(node, x, xv, y);
    case 'concat':
      return concat(node, x, xv, y);
    case 'pad':
      return pad(node, a, xv[0]!, y);
    case 'reshape':
      return a;
    case 'transpose':
      return transpose(node, a, xv[0]!);
    case 'resize':
      return resizeInts(node, a, xv[0]!.shape);
    case 'gather':
      return Int32Array.from(gatherOffsets(xv[0]!.shape, node.indices), (i) => a[i]!);
    case 'recurrent':
      return recurrent(node, x as readonly Int32Array[], xv[0]!, y);
    case 'tfliteLstm':
      return lstmInts(node, x as readonly Int32Array[], xv);
    case 'tfliteSvdf':
      return svdfInts(node, x as readonly Int32Array[], xv, y);
    case 'quantize':
      return quantizeFloats(a as Float32Array, y);
    case 'dequantize':
      return dequantizeFloats(a as Int32Array, xv[0]!);
  }
}

function conv2d(node: QConv2d, x: Tensor, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const [, ih, iw, ic] = xv.shape as [number, number, number, number];
  const [, oh, ow, oc] = y.shape as [number, number, number, number];
  const gi = ic / node.groups;
  const go = oc / node.groups;
  const taps = node.kernel[0] * node.kernel[1];
  const rows = allTaps(node, 0, oh, ih);
  const columns = allTaps(node, 1, ow, iw);
  const out = new Int32Array(oh * ow * oc);
  const requantizers = node.requant.map((r) => requantizer(r, y.offset));
  // of each tap inside: where its pixel's channels and its weights begin
  const pixelStart = new Int32Array(taps);
  const weightStart = new Int32Array(taps);
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++) {
      let inside = 0;
      eachTap(node, rows[oy]!, columns[ox]!, iw, (pixel, tap) => {
        pixelStart[inside] = pixel * ic;
        weightStart[inside++] = tap * gi;
      });
      for (let k = 0; k < oc; k++) {
        const firstChannel = Math.floor(k / go) * gi;
        let acc = node.bias[k]!;
        for (let t = 0; t < inside; t++) {
          const xi = pixelStart[t]! + firstChannel;
          const wi = k * taps * gi + weightStart[t]!;
          for (let i = 0; i < gi; i++) acc += node.weights[wi + i]! * (x[xi + i]! - xv.offset);
        }
        const requantize = requantizers[k] ?? requantizers[0]!;
        out[(oy * ow + ox) * oc + k] = clampInt(requantize(acc), node.lo, node.hi);
      }
    }
  }
  return out;
}

function maxpool(node: QMaxPool, x: Tensor, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const [, oh, ow, oc] = y.shape as [number, number, number, number];
  const [, ih, iw] = xv.shape as [number, number, number, number];
  const rows = allTaps(node, 0, oh, ih);
  const columns = allTaps(node, 1, ow, iw);
  const out = new Int32Array(oh * ow * oc).fill(-32768);
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++) {
      const o = (oy * ow + ox) * oc;
      eachTap(node, rows[oy]!, columns[ox]!, iw, (pixel) => {
        for (let k = 0; k < oc; k++) out[o + k] = Math.max(out[o + k]!, x[pixel * oc + k]!);
      });
    }
  }
  return out;
}

function avgpool(node: QAvgPool, x: Tensor, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const zero = node.isRaw ? 0 : xv.offset;
  const [, oh, ow, oc] = y.shape as [number, number, number, number];
  const [, ih, iw] = xv.shape as [number, number, number, number];
  const rows = allTaps(node, 0, oh, ih);
  const columns = allTaps(node, 1, ow, iw);
  const out = new Int32Array(oh * ow * oc);
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++) {
      const o = (oy * ow + ox) * oc;
      eachTap(node, rows[oy]!, columns[ox]!, iw, (pixel) => {
        for (let k = 0; k < oc; k++) out[o + k]! += x[pixel * oc + k]! - zero;
      });
      const count = node.countIncludePad
        ? node.kernel[0] * node.kernel[1]
        : tapCount(rows[oy]!, columns[ox]!);
      const requantize = requantizer(node.requantByCount.get(count)!, node.isRaw ? 0 : y.offset);
      for (let k = 0; k < oc; k++) out[o + k] = clampInt(requantize(out[o + k]!), node.lo, node.hi);
    }
  }
  return out;
}

function softmax(node: QSoftmax, x: Tensor, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const { table, step, outScale } = node;
  return byRows(x, xv.shape.at(-1)!, y, (row) => softmaxInts(row, table, step, outScale, y.offset, y.hi));
}

function binary(
  node: QAdd | QMul | QExtreme | QDiv | QPrelu | QTfliteAdd | QTfliteSquaredDifference,
  [a, b]: readonly Tensor[],
  [av, bv]: readonly QuantizedValue[],
  y: QuantizedValue,
): Int32Array {
  const ai = broadcastOffsets(av!.shape, y.shape);
  const bi = broadcastOffsets(bv!.shape, y.shape);
  const combine = combination(node, av!, bv!, y);
  return Int32Array.from(ai, (_, i) => clampInt(combine(a![ai[i]!]!, b![bi[i]!]!), node.lo, node.hi));
}

/** The function of two numbers before the clamp. */
function combination(
  node: QAdd | QMul | QExtreme | QDiv | QPrelu | QTfliteAdd | QTfliteSquaredDifference,
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): (p: number, q: number) => number {
  switch (node.kind) {
    case 'add':
      return (p, q) => sumInts(node, p, q, y.offset);
    case 'tfliteAdd':
      return (p, q) => tfliteSum(node, p - a.offset, q - b.offset) + y.offset;
    case 'tfliteSquaredDifference':
      return (p, q) => squaredDifference(node, p - a.offset, q - b.offset) + y.offset;
    case 'mul': {
      const requantize = requantizer(node.requant, y.offset);
      return (p, q) => requantize(Math.imul(p - a.offset, q - b.offset));
    }
    default:
      return pairInts(node, a, b, y);
  }
}

function concat(
  node: QConcat,
  x: readonly Tensor[],
  xv: readonly QuantizedValue[],
  y: QuantizedValue,
): Int32Array {
  const out = new Int32Array(elements(y.shape));
  const inner = elements(y.shape.slice(node.axis + 1));
  const row = y.shape[node.axis]! * inner;
  let at = 0;
  x.forEach((data, k) => {
    const { offset, shape } = xv[k]!;
    const r = node.requant[k];
    const requantize = r && requantizer(r, y.offset);
    const width = shape[node.axis]! * inner;
    for (let i = 0; i < data.length; i++) {
      const q = requantize ? clampInt(requantize(data[i]! - offset), y.lo, y.hi) : data[i]!;
      out[Math.floor(i / width) * row + at + (i % width)] = q;
    }
    at += width;
  });
  return out;
}

function pad(node: QPad, x: Tensor, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const out = new Int32Array(elements(y.shape)).fill(node.value);
  const to = strides(y.shape);
  const first = node.pads.reduce((o, [before], k) => o + before * to[k]!, 0);
  offsets(xv.shape, to).forEach((o, i) => (out[first + o] = x[i]!));
  return out;
}

function transpose(node: QTranspose, x: Tensor, xv: QuantizedValue): Int32Array {
  return Int32Array.from(transposeOffsets(xv.shape, node.perm), (i) => x[i]!);
}

/** One float32 product, as the C code computes it; the rounding behind it is exact. NaN becomes the lowest number. */
function quantizeFloats(x: Float32Array, y: QuantizedValue): Int32Array {
  const inverse = Math.fround(1 / y.scale);
  return Int32Array.from(x, (v) =>
    Number.isNaN(v) ? y.lo : clampInt(Math.floor(Math.fround(v * inverse) + 0.5) + y.offset, y.lo, y.hi),
  );
}

/** As the C code computes it: the integer becomes float32 before the product. */
function dequantizeFloats(q: Int32Array, x: QuantizedValue): Float32Array {
  const scale = Math.fround(x.scale);
  return Float32Array.from(q, (v) => Math.fround(Math.fround(v - x.offset) * scale));
}
