import { say } from '../../../../common/errors/sentence.ts';
import { checkedElements } from '../../../import/checks.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { readChunks } from './chunks.ts';
import { damaged, unread } from './damage.ts';
import { readDataspace } from './dataspace.ts';
import { type Datatype, readDatatype } from './datatype.ts';
import { readFilters } from './filters.ts';
import { toFloats } from './numbers.ts';
import { MESSAGE, type Message } from './objectHeader.ts';

/** Real numbers of a file. */
export interface Dataset {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** Where the data of a dataset lies (HDF5 File Format Specification, IV.A.2.i, versions 3 and 4). */
const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;

/** @throws UserError 'input' when the object is no dataset of numbers, or stored in a way that is not read */
export function readDataset(bytes: Bytes, budget: Budget, messages: readonly Message[]): Dataset {
  const find = (type: number) => messages.find((m) => m.type === type)?.at;
  const [space, type, layout] = [MESSAGE.dataspace, MESSAGE.datatype, MESSAGE.layout].map(find);
  if (space === undefined || type === undefined || layout === undefined) throw damaged();
  const shape = readDataspace(bytes, space);
  const count = checkedElements(shape, say`A dataset`);
  budget.spend(count);
  const datatype = readDatatype(bytes, type);
  const filters = find(MESSAGE.filters);
  const raw = readRaw(bytes, budget, { shape, count, datatype, layout, filters });
  return { shape, data: toFloats(raw, count, datatype) };
}

interface Stored {
  readonly shape: readonly number[];
  readonly count: number;
  readonly datatype: Datatype;
  /** Where the layout message is, and that of the filters, if any. */
  readonly layout: number;
  readonly filters: number | undefined;
}

/** The dataset's elements as the file has them, one behind the other. */
function readRaw(bytes: Bytes, budget: Budget, stored: Stored): Uint8Array {
  const { shape, count, datatype, layout, filters } = stored;
  const version = bytes.u8(layout);
  if (version !== 3 && version !== 4) throw unread(say`stores a dataset by layout version ${version}`);
  const size = count * datatype.size;
  switch (bytes.u8(layout + 1)) {
    case COMPACT:
      if (bytes.u16(layout + 2) < size) throw damaged();
      return bytes.part(layout + 4, size);
    case CONTIGUOUS: {
      const address = bytes.address(layout + 2);
      // never written: all zeros, as HDF5 fills it
      return address === undefined ? zeros(size) : bytes.part(address, size);
    }
    case CHUNKED: {
      if (version !== 3) throw unread(say`stores a dataset in chunks in the way of libver='latest'`);
      const rank = bytes.u8(layout + 2) - 1;
      if (rank !== shape.length || rank < 1) throw damaged();
      const chunk = shape.map((_, k) => bytes.u32(layout + 11 + 4 * k));
      const tree = bytes.address(layout + 3);
      const raw = zeros(size);
      if (tree === undefined) return raw;
      const decode = filters === undefined ? [] : readFilters(bytes, filters);
      readChunks(bytes, budget, { tree, shape, chunk, size: datatype.size, decode }, raw);
      return raw;
    }
    default:
      throw unread(say`stores a dataset in another file`);
  }
}

function zeros(size: number): Uint8Array {
  return new Uint8Array(size);
}
