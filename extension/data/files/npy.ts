import { float16 } from '../../common/float16.ts';
import { say } from '../../common/errors/sentence.ts';
import { badData, type Numbers } from '../numbers.ts';

const MAGIC = '\x93NUMPY';
/** Longest header read, in bytes; NumPy's own are below 200. */
const MAX_HEADER = 64 * 1024;
const MAX_DIMENSIONS = 32;

type Reader = (view: DataView, at: number, little: boolean) => number;

/** NumPy's types by kind and bytes. */
const READERS: Readonly<Record<string, Reader>> = {
  b1: (v, at) => (v.getUint8(at) === 0 ? 0 : 1),
  i1: (v, at) => v.getInt8(at),
  u1: (v, at) => v.getUint8(at),
  i2: (v, at, little) => v.getInt16(at, little),
  u2: (v, at, little) => v.getUint16(at, little),
  i4: (v, at, little) => v.getInt32(at, little),
  u4: (v, at, little) => v.getUint32(at, little),
  i8: (v, at, little) => Number(v.getBigInt64(at, little)),
  u8: (v, at, little) => Number(v.getBigUint64(at, little)),
  f2: (v, at, little) => float16(v.getUint16(at, little)),
  f4: (v, at, little) => v.getFloat32(at, little),
  f8: (v, at, little) => v.getFloat64(at, little),
};

/**
 * An array as NumPy saves it (numpy.lib.format, versions 1 to 3). Its header is Python's text of a dictionary, of which only what NumPy
 * writes is understood; arrays of objects are pickled programs and are refused.
 *
 * @param name of the file, for sentences
 * @throws UserError 'input'
 */
export function readNpy(bytes: Uint8Array, name: string): Numbers {
  const text = (from: number, to: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1');
  if (bytes.length < 10 || text(0, 6) !== MAGIC) throw badData(name, say`is no array of NumPy`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  const begin = version === 1 ? 10 : 12;
  if (version < 1 || version > 3 || bytes.length < begin) {
    throw badData(name, say`is an array of a NumPy version that is not known`);
  }
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataAt = begin + length;
  if (length > MAX_HEADER || dataAt > bytes.length) throw cutOff(name);

  const header = text(begin, dataAt);
  const type = /'descr':\s{0,9}'([<>|=]?)([a-zA-Z])(\d{1,4})'/.exec(header);
  const order = /'fortran_order':\s{0,9}(True|False)/.exec(header);
  const dims = /'shape':\s{0,9}\(([\d, ]{0,400})\)/.exec(header);
  if (/'descr':\s{0,9}'[<>|=]?O/.test(header)) {
    throw badData(
      name,
      say`holds Python objects, not numbers`,
      say`Save the numbers themselves: np.save(file, array.astype('float32')).`,
    );
  }
  const reader = type && READERS[type[2]! + type[3]!];
  if (!reader || !order || !dims) {
    throw badData(
      name,
      type
        ? say`has numbers of type ${type[2]! + type[3]!}, which are not read`
        : say`has a header that is not read`,
      say`Save it as np.save(file, array.astype('float32')).`,
    );
  }
  const shape = dims[1]!.split(',').flatMap((d) => (d.trim() === '' ? [] : [Number(d)]));
  const count = shape.reduce((n, d) => n * d, 1);
  const size = Number(type[3]);
  if (shape.length > MAX_DIMENSIONS || !Number.isSafeInteger(count * size)) {
    throw badData(name, say`has a shape that cannot be`);
  }
  if (bytes.length < dataAt + count * size) throw cutOff(name);
  const isLittle = type[1] !== '>';
  const place = order[1] === 'True' ? columnMajor(shape) : (i: number) => i;
  return {
    shape,
    read: (from, n) =>
      Float32Array.from({ length: n }, (_, i) => reader(view, dataAt + place(from + i) * size, isLittle)),
  };
}

function cutOff(name: string): Error {
  return badData(name, say`is cut off: its numbers end early`);
}

/** From an element's place in row-major order to the one in column-major order. */
function columnMajor(shape: readonly number[]): (i: number) => number {
  return (i) => {
    let [rest, place, stride] = [i, 0, shape.reduce((n, d) => n * d, 1)];
    for (let k = shape.length - 1; k >= 0; k--) {
      stride /= shape[k]!;
      place += (rest % shape[k]!) * stride;
      rest = Math.floor(rest / shape[k]!);
    }
    return place;
  };
}
