import { say } from '../../../../common/errors/sentence.ts';
import { type Attribute, readAttribute, textsOf } from './attribute.ts';
import { Budget } from './budget.ts';
import { Bytes } from './bytes.ts';
import { damaged, unread } from './damage.ts';
import { type Dataset, readDataset } from './dataset.ts';
import { type Links, readLinks } from './links.ts';
import { MESSAGE, type Message, readObjectHeader } from './objectHeader.ts';
import { HDF5_SIGNATURE } from './signature.ts';

/** A group or a dataset of an HDF5 file. */
export interface Hdf5Object {
  /** The object of a name in this group; undefined when it has none. A path of several names goes down. */
  child(path: string): Hdf5Object | undefined;
  /** Names in this group. */
  names(): readonly string[];
  /** Texts of an attribute, one for a single text; undefined when there is no such attribute, or it holds numbers. */
  texts(attribute: string): readonly string[] | undefined;
  /**
   * The numbers of a dataset.
   * @throws UserError 'input' when it is none, or is stored in a way that is not read
   */
  dataset(): Dataset;
}

/**
 * The root group of an HDF5 file, with what h5py and the HDF5 library write unless asked for something newer: superblocks 0 to 3,
 * groups of symbol tables or of few links, datasets in one piece or in chunks. Each structure is checked when it is looked at, and
 * all of them together cost no more than limits.ts allows.
 *
 * Source: HDF5 File Format Specification 3.0, The HDF Group.
 * @throws UserError 'input' when the bytes are no whole file, as every method of its objects does
 */
export function openHdf5(file: Uint8Array): Hdf5Object {
  const bytes = new Bytes(file);
  return new ReadObject(bytes, new Budget(), rootAddress(bytes));
}

/** Where the header of the root group lies. */
function rootAddress(bytes: Bytes): number {
  bytes.expect(0, HDF5_SIGNATURE);
  const version = bytes.u8(8);
  if (version > 3) throw damaged();
  const isOld = version < 2;
  const sizesAt = isOld ? 13 : 9;
  if (bytes.u8(sizesAt) !== 8 || bytes.u8(sizesAt + 1) !== 8)
    throw unread(say`has addresses of other than 64 bits`);
  const baseAt = isOld ? (version === 0 ? 24 : 28) : 12;
  if (bytes.u64(baseAt) !== 0) throw unread(say`has something else before its HDF5 data`);
  // base, extension or free space, end of file, driver or root; the old ones have an entry of a symbol table for the root
  return isOld ? bytes.u64(baseAt + 40) : bytes.u64(baseAt + 24);
}

class ReadObject implements Hdf5Object {
  readonly #bytes: Bytes;
  readonly #budget: Budget;
  readonly #messages: readonly Message[];
  readonly #children = new Map<string, Hdf5Object>();
  #links: Links | undefined;
  #dataset: Dataset | undefined;

  constructor(bytes: Bytes, budget: Budget, address: number) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#messages = readObjectHeader(bytes, budget, address);
  }

  child(path: string): Hdf5Object | undefined {
    const slash = path.indexOf('/');
    if (slash >= 0) return this.child(path.slice(0, slash))?.child(path.slice(slash + 1));
    const known = this.#children.get(path);
    if (known) return known;
    const address = this.#groupLinks().get(path);
    if (address === undefined) return undefined;
    const child = new ReadObject(this.#bytes, this.#budget, address);
    this.#children.set(path, child);
    return child;
  }

  names(): readonly string[] {
    return [...this.#groupLinks().keys()];
  }

  texts(attribute: string): readonly string[] | undefined {
    const found = this.#attribute(attribute);
    return found && textsOf(this.#bytes, this.#budget, found);
  }

  dataset(): Dataset {
    this.#dataset ??= readDataset(this.#bytes, this.#budget, this.#messages);
    return this.#dataset;
  }

  #groupLinks(): Links {
    this.#links ??= readLinks(this.#bytes, this.#budget, this.#messages);
    return this.#links;
  }

  #attribute(name: string): Attribute | undefined {
    for (const { type, at } of this.#messages) {
      if (type === MESSAGE.attributeInfo) this.#refuseDense(at);
      if (type !== MESSAGE.attribute) continue;
      this.#budget.step();
      const attribute = readAttribute(this.#bytes, at);
      this.#budget.text(attribute.name.length);
      if (attribute.name === name) return attribute;
    }
    return undefined;
  }

  /** Many attributes, or large ones, may be kept in a heap and a tree. */
  #refuseDense(at: number): void {
    const heap = this.#bytes.address(at + (this.#bytes.u8(at + 1) & 1 ? 4 : 2));
    if (heap !== undefined) throw unread(say`keeps its attributes in the way of libver='latest'`);
  }
}
