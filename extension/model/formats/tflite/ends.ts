import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import type { Value } from '../../graph.ts';
import { checkedElements, checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import { LIMITS } from '../../import/limits.ts';
import type { FileEnds } from '../format.ts';
import { FlatTable } from './flatbuffer.ts';

/** Numbers of fields in tensorflow/lite/schema/schema.fbs. */
const MODEL = { subgraphs: 2, buffers: 4 } as const;
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2 } as const;
const TENSOR = { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4 } as const;
const QUANTIZATION = { scale: 2 } as const;
const BUFFER = { data: 0 } as const;
/** Its TensorType: UINT8, INT16, INT8. */
const INTEGER_TYPES: readonly number[] = [3, 7, 9];

/**
 * What goes in and out of a TensorFlow Lite model, whose first subgraph is the network; an open batch is 1.
 * @throws UserError 'input' when the bytes are no whole model, 'model' when a name or shape is none
 */
export function tfliteEnds(bytes: Uint8Array): FileEnds {
  const model = FlatTable.root(bytes);
  const [network] = model.tables(MODEL.subgraphs);
  if (!network) {
    throw new UserError('model', say`The model has no network in it.`, say`Convert it again.`);
  }
  const tensors = network.tables(SUBGRAPH.tensors);
  const endsOf = (field: number): Value[] =>
    network.integers(field, LIMITS.operands).map((index) => {
      const tensor = tensors[index];
      if (!tensor) {
        throw new UserError(
          'model',
          say`The model names a tensor ${index} that it has not.`,
          say`Convert it again.`,
        );
      }
      return { name: tensor.text(TENSOR.name, 4 * LIMITS.nameLength), shape: shapeOf(tensor) };
    });
  const [inputs, outputs] = [endsOf(SUBGRAPH.inputs), endsOf(SUBGRAPH.outputs)];
  checkNames([...inputs, ...outputs].map((v) => v.name));
  checkInputNames(inputs.map((v) => v.name));
  checkOutputNames(outputs.map((v) => v.name));
  const buffers = model.tables(MODEL.buffers);
  const isConstant = (tensor: FlatTable): boolean =>
    (buffers[tensor.uint(TENSOR.buffer, 4)]?.byteCount(BUFFER.data) ?? 0) > 0;
  return { inputs, outputs, isQuantized: tensors.some((t) => isQuantized(t) && !isConstant(t)) };
}

function shapeOf(tensor: FlatTable): number[] {
  const shape = tensor.integers(TENSOR.shape, LIMITS.rank).map((d, i) => (d === -1 && i === 0 ? 1 : d));
  checkedElements(shape, say`Tensor '${tensor.text(TENSOR.name, 4 * LIMITS.nameLength)}'`);
  return shape;
}

/** Of a value that is computed: weights of a network in float may be integers, too. */
function isQuantized(tensor: FlatTable): boolean {
  return (
    INTEGER_TYPES.includes(tensor.uint(TENSOR.type, 1)) &&
    (tensor.table(TENSOR.quantization)?.wordCount(QUANTIZATION.scale) ?? 0) > 0
  );
}
