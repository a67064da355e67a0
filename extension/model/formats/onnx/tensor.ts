import { UserError } from '../../../common/error.ts';
import { say, type Sentence, type Value } from '../../../common/errors/sentence.ts';
import { checkedElements } from '../../import/checks.ts';
import type { IntegerType, ModelConstant } from '../../import/operand.ts';
import { damaged, tooLarge } from '../../import/refusal.ts';
import { ONNX_LIMITS } from './limits.ts';
import { toNumber } from './proto.ts';
import type { TensorProto } from './proto.ts';

/** TensorProto.DataType, for messages. */
const TYPE_NAMES = [
  'UNDEFINED', 'FLOAT', 'UINT8', 'INT8', 'UINT16', 'INT16', 'INT32', 'INT64', 'STRING', 'BOOL', 'FLOAT16', 'DOUBLE',
  'UINT32', 'UINT64', 'COMPLEX64', 'COMPLEX128', 'BFLOAT16', 'FLOAT8E4M3FN', 'FLOAT8E4M3FNUZ', 'FLOAT8E5M2',
  'FLOAT8E5M2FNUZ', 'UINT4', 'INT4', 'FLOAT4E2M1',
]; // prettier-ignore

export const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const UINT32 = 12;
const UINT64 = 13;
type ReadNumber = (view: DataView, i: number) => number;

/** Types of integers by their number in a file: what an element takes, how it is read, what it is called where that matters. */
const INTEGERS = new Map<
  number,
  { readonly bytes: 1 | 2 | 4 | 8; readonly read: ReadNumber; readonly type?: IntegerType }
>([
  [2, { type: 'UINT8', bytes: 1, read: (view, i) => view.getUint8(i) }],
  [3, { type: 'INT8', bytes: 1, read: (view, i) => view.getInt8(i) }],
  [4, { type: 'UINT16', bytes: 2, read: (view, i) => view.getUint16(2 * i, true) }],
  [5, { type: 'INT16', bytes: 2, read: (view, i) => view.getInt16(2 * i, true) }],
  [6, { type: 'INT32', bytes: 4, read: (view, i) => view.getInt32(4 * i, true) }],
  [INT64, { bytes: 8, read: (view, i) => Number(view.getBigInt64(8 * i, true)) }],
  [BOOL, { bytes: 1, read: (view, i) => view.getUint8(i) }],
  [UINT32, { bytes: 4, read: (view, i) => view.getUint32(4 * i, true) }],
  [UINT64, { bytes: 8, read: (view, i) => Number(view.getBigUint64(8 * i, true)) }],
]);

const EXTERNAL = 1;

/** The name of an ONNX element type. */
export function typeName(type: number): Value {
  return TYPE_NAMES[type] ?? say`type ${type}`;
}

/**
 * The content of a TensorProto: FLOAT as Float32Array, integers and BOOL as numbers.
 *
 * @param what names the tensor in messages, such as "Initializer 'w'"
 * @throws UserError 'model' on other types, external data, or data that does not fill the shape
 */
export function readTensor(t: TensorProto, what: Sentence): ModelConstant {
  if (t.dataLocation === EXTERNAL || t.externalData.length > 0) {
    throw new UserError(
      'model',
      say`${what} keeps its data in another file (external data), which is not read.`,
      say`Save the model as one file: torch.onnx.export(..., external_data=False), or onnx.load and onnx.save.`,
    );
  }
  if (t.segment.length > 0)
    throw new UserError('model', say`${what} is stored in segments, which are not read.`, AGAIN);
  const shape = t.dims.map(toNumber);
  const n = checkedElements(shape, what);
  if (t.dataType === FLOAT) return { kind: 'float', shape, data: readFloats(t, n, what) };
  const integers = INTEGERS.get(t.dataType);
  if (integers) {
    const { type } = integers;
    return { kind: 'int', shape, data: readIntegers(t, n, integers, what), ...(type && { type }) };
  }
  throw new UserError(
    'model',
    say`${what} has elements of ${typeName(t.dataType)}; FLOAT (float32) and integers of 8 to 64 bits are read.`,
    say`Export the model in float32; GlowPort quantizes it itself.`,
  );
}

const AGAIN = say`Export the model again, in one file.`;

function readFloats(t: TensorProto, n: number, what: Sentence): Float32Array {
  if (t.rawData.length === 0) {
    checkCount(t.floatData.length, n, what);
    return Float32Array.from(t.floatData);
  }
  checkCount(t.rawData.length / 4, n, what);
  const view = viewOf(t.rawData);
  const data = new Float32Array(n);
  for (let i = 0; i < n; i++) data[i] = view.getFloat32(4 * i, true);
  return data;
}

function readIntegers(
  t: TensorProto,
  n: number,
  { bytes, read }: { readonly bytes: number; readonly read: ReadNumber },
  what: Sentence,
): readonly number[] {
  if (n > ONNX_LIMITS.packedIntegers) {
    throw tooLarge(say`${what} holds ${n} integers: that is no model for a microcontroller.`);
  }
  if (t.rawData.length === 0) {
    const listed = listedIntegers(t);
    checkCount(listed.length, n, what);
    return listed;
  }
  checkCount(t.rawData.length / bytes, n, what);
  const view = viewOf(t.rawData);
  return Array.from({ length: n }, (_, i) => read(view, i));
}

/** Integers that are listed one by one: three fields have them, by their type. */
function listedIntegers({ dataType, int32Data, int64Data, uint64Data }: TensorProto): readonly number[] {
  if (dataType === INT64) return int64Data.map(toNumber);
  return dataType === UINT32 || dataType === UINT64 ? uint64Data.map(toNumber) : int32Data;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkCount(found: number, n: number, what: Sentence): void {
  if (found === n) return;
  throw damaged(say`${what} holds ${Math.floor(found)} elements where its shape needs ${n}`);
}
