/** What both stand-ins share: reading the model as Glow does, with its refusals. */
import { existsSync, readFileSync } from 'node:fs';
import { abort } from './commandLine.mjs';
import { importedOnnx } from '../../support/importedOnnx.ts';
import { changedModel, decodeModel, toNumber } from '../../../extension/model/formats/onnx/proto.ts';

/** Operators that Glow's ONNX loader has; enough for the models of the tests. */
const LOADS = new Set(
  'Conv Relu MaxPool AveragePool GlobalAveragePool Gemm MatMul Add Mul Reshape Transpose Flatten Softmax Identity Concat Pad Constant BatchNormalization Sigmoid Tanh LeakyRelu Clip Squeeze Unsqueeze Sub Div Dropout Shape ReduceMax Max QuantizeLinear DequantizeLinear'.split(
    ' ',
  ),
);
/** What Glow knows a TensorFlow Lite model by: its name, not its bytes. */
const isTflite = (file) => file.endsWith('tflite');

/**
 * A model that Glow could load.
 * @returns the graph, the ONNX file's own nodes, and whether the model brings its quantization along
 */
export function loadModel(file, defines) {
  const missing = () =>
    abort(`Can't find the model or network files for ${file}.`, 'MODEL_LOADER_INVALID_PROTOBUF');
  if (!existsSync(file)) missing();
  const bytes = readFileSync(file);
  if (isTflite(file)) return { ...onnxModel(twinOf(bytes), defines), isQuantized: true };
  return { ...onnxModel(bytes, defines), isQuantized: false };
}

/** These stand-ins read no TensorFlow Lite: a test says which ONNX file is the same network. */
function twinOf(bytes) {
  const twin = process.env.STAND_IN_TFLITE ?? '';
  if (bytes.toString('latin1', 4, 8) !== 'TFL3') abort('TensorFlowLite model has an invalid identifier!');
  if (twin === '') abort('this stand-in knows no ONNX file of the same network: STAND_IN_TFLITE');
  return readFileSync(twin);
}

/** The importer reads no Max; of a value and itself it is nothing. */
function withoutMax(bytes) {
  return changedModel(bytes, ({ graph }) => {
    const same = graph.node.filter((n) => n.opType === 'Max' && new Set(n.input).size === 1);
    for (const node of same) Object.assign(node, { opType: 'Identity', input: node.input.slice(0, 1) });
    return same.length > 0;
  });
}

function onnxModel(bytes, defines) {
  let decoded;
  try {
    decoded = decodeModel(bytes);
  } catch {
    abort('Failed to parse ModelProto', 'MODEL_LOADER_INVALID_PROTOBUF');
  }
  const sizes = {};
  for (const text of defines) {
    const m = /^([^,]+),(\d+)$/.exec(text);
    if (!m) abort(`Invalid ONNX symbol definition: ${text}`);
    sizes[m[1]] = Number(m[2]);
  }
  const constants = new Set(decoded.graph.initializer.map((t) => t.name));
  for (const input of decoded.graph.input.filter((i) => !constants.has(i.name))) {
    for (const { dimParam, dimValue } of input.type.tensorType.shape.dim) {
      if (dimParam !== '' && toNumber(dimValue) === 0 && !(dimParam in sizes)) {
        abort(
          `ONNX model symbol '${dimParam}' is undefined. Define the symbol with the following command line option: -onnx-define-symbol=${dimParam},<value> and each 'dim_value' of tensor shape proto must be greater than 0.`,
        );
      }
    }
  }
  const { node: nodes } = decoded.graph;
  const int32s = new Set(decoded.graph.initializer.filter((t) => t.dataType === 6).map((t) => t.name));
  for (const { opType, input } of nodes) {
    if (!LOADS.has(opType)) abort(`Failed to load operator ${opType} .`, 'MODEL_LOADER_UNSUPPORTED_OPERATOR');
    if (opType === 'DequantizeLinear' && int32s.has(input[0])) abort('Src must be quantized');
  }
  let graph;
  try {
    graph = importedOnnx(withoutMax(bytes), { name: 'model', defines: sizes });
  } catch (e) {
    abort(`this stand-in cannot load the model: ${e.message}`);
  }
  const opset = decoded.opsetImport.find((o) => o.domain === '');
  for (const { opType, input, output } of nodes) {
    const rank = (graph.values.get(output[0]) ?? graph.values.get(input[0]))?.shape.length;
    if (opType === 'Softmax' && toNumber(opset.version) === 13 && rank !== 4) {
      abort('SoftMax 13 input dims must be 4');
    }
  }
  return { graph, nodes };
}
