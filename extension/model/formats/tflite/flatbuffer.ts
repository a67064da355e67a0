import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { TFLITE_LIMITS } from './limits.ts';

/** The bytes of a file, and what of them may still be decoded: many tables may refer to the same list. */
class FlatFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  #left: number = TFLITE_LIMITS.decoded;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** `at`, when that many bytes from there on are in the file. */
  within(at: number, size: number): number {
    if (at < 0 || at + size > this.bytes.length) throw damagedFile();
    return at;
  }

  spend(entries: number): void {
    this.#left -= entries;
    if (this.#left >= 0) return;
    throw new UserError(
      'model',
      say`The file asks for more than ${TFLITE_LIMITS.decoded} names and numbers beside its weights.`,
      say`Choose a model made for a microcontroller.`,
    );
  }
}

/**
 * A table of a flatbuffer (https://flatbuffers.dev/internals/): fields by their number in the schema, each of which may be left
 * out and then has its default. Nothing is copied or followed before it is asked for, and every offset, size and count is checked
 * against the file's length before it is used; the flatbuffers library for JavaScript checks none of them.
 */
export class FlatTable {
  readonly #file: FlatFile;
  readonly #at: number;
  /** Place and size of the list of its fields' offsets. */
  readonly #fields: number;
  readonly #fieldsSize: number;

  private constructor(file: FlatFile, at: number) {
    file.spend(TFLITE_LIMITS.tableCost);
    this.#file = file;
    this.#at = at;
    this.#fields = at - file.view.getInt32(file.within(at, 4), true);
    this.#fieldsSize = file.view.getUint16(file.within(this.#fields, 4), true);
    file.within(this.#fields, this.#fieldsSize);
  }

  /**
   * The root table of a file.
   * @throws UserError 'input' when the bytes are no whole flatbuffer, as do all that read them; 'model' when too much is asked for
   */
  static root(bytes: Uint8Array): FlatTable {
    if (bytes.length < 8) throw damagedFile();
    const file = new FlatFile(bytes);
    return new FlatTable(file, file.view.getUint32(0, true));
  }

  // ---------------------------------------------------------------------------------------------------------- numbers

  flag(field: number, fallback: boolean): boolean {
    const at = this.#place(field, 1);
    return at === undefined ? fallback : this.#file.view.getUint8(at) !== 0;
  }

  /** A small unsigned number, such as one of an enumeration. */
  uint8(field: number): number {
    const at = this.#place(field, 1);
    return at === undefined ? 0 : this.#file.view.getUint8(at);
  }

  int32(field: number, fallback: number): number {
    const at = this.#place(field, 4);
    return at === undefined ? fallback : this.#file.view.getInt32(at, true);
  }

  uint32(field: number): number {
    const at = this.#place(field, 4);
    return at === undefined ? 0 : this.#file.view.getUint32(at, true);
  }

  /** An unsigned number of eight bytes; one beyond 2^53 is rounded. */
  uint64(field: number): number {
    const at = this.#place(field, 8);
    return at === undefined ? 0 : Number(this.#file.view.getBigUint64(at, true));
  }

  float32(field: number, fallback: number): number {
    const at = this.#place(field, 4);
    return at === undefined ? fallback : this.#file.view.getFloat32(at, true);
  }

  // ------------------------------------------------------------------------------------------------------------ lists

  /** Text of at most `most` bytes of UTF-8. */
  text(field: number, most: number): string {
    const { at, count } = this.#list(field, 1, most);
    this.#file.spend(count);
    return Buffer.from(this.#file.bytes.subarray(at, at + count)).toString('utf8');
  }

  /** A list of bytes, as a view on the file. */
  bytes(field: number): Uint8Array {
    const { at, count } = this.#list(field, 1, Infinity);
    return this.#file.bytes.subarray(at, at + count);
  }

  /** Whether a list is there, be it empty. */
  has(field: number): boolean {
    return this.#place(field, 4) !== undefined;
  }

  /** Small unsigned numbers of one byte or two. */
  uints(field: number, size: 1 | 2, most: number): number[] {
    const { view } = this.#file;
    return this.#numbers(field, size, most, (at) =>
      size === 1 ? view.getUint8(at) : view.getUint16(at, true),
    );
  }

  int32s(field: number, most: number): number[] {
    return this.#numbers(field, 4, most, (at) => this.#file.view.getInt32(at, true));
  }

  /** Numbers of eight bytes; those beyond 2^53 are rounded. */
  int64s(field: number, most: number): number[] {
    return this.#numbers(field, 8, most, (at) => Number(this.#file.view.getBigInt64(at, true)));
  }

  float32s(field: number, most: number): number[] {
    return this.#numbers(field, 4, most, (at) => this.#file.view.getFloat32(at, true));
  }

  #numbers(field: number, size: number, most: number, read: (at: number) => number): number[] {
    const { at, count } = this.#list(field, size, most);
    this.#file.spend(count);
    return Array.from({ length: count }, (_, i) => read(at + i * size));
  }

  // ----------------------------------------------------------------------------------------------------------- tables

  table(field: number): FlatTable | undefined {
    const at = this.#target(field);
    return at === undefined ? undefined : new FlatTable(this.#file, at);
  }

  tables(field: number, most: number): FlatTable[] {
    const list = this.#list(field, 4, most);
    return Array.from({ length: list.count }, (_, i) => {
      const at = list.at + 4 * i;
      return new FlatTable(this.#file, at + this.#file.view.getUint32(at, true));
    });
  }

  /** A range of the whole file, as a view on it. */
  range(from: number, size: number): Uint8Array {
    return this.#file.bytes.subarray(this.#file.within(from, size), from + size);
  }

  /** Where a field's own bytes are; undefined when it is left out. */
  #place(field: number, size: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldsSize) return undefined;
    const offset = this.#file.view.getUint16(this.#fields + entry, true);
    return offset === 0 ? undefined : this.#file.within(this.#at + offset, size);
  }

  /** Where the table or list is that a field refers to. */
  #target(field: number): number | undefined {
    const at = this.#place(field, 4);
    return at === undefined ? undefined : at + this.#file.view.getUint32(at, true);
  }

  /** Where the entries of a list are; a list that is left out is empty. */
  #list(field: number, size: number, most: number): { readonly at: number; readonly count: number } {
    const start = this.#target(field);
    if (start === undefined) return { at: 0, count: 0 };
    const count = this.#file.view.getUint32(this.#file.within(start, 4), true);
    if (count > most) throw damagedFile();
    return { at: this.#file.within(start + 4, count * size), count };
  }
}

/** Of bytes that are no whole file. */
export function damagedFile(): UserError {
  return new UserError(
    'input',
    say`The file is no whole TensorFlow Lite model.`,
    say`Convert it again; a cut or damaged file is the usual reason.`,
  );
}
