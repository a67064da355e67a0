import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';

/** Most entries of a list of tables that are read; a microcontroller's network has some hundreds. */
const MAX_TABLES = 100_000;

/**
 * A table of a flatbuffer (https://flatbuffers.dev/internals/): fields by their number in the schema, each of which may be left
 * out. Nothing is copied or followed before it is asked for, and every offset, size and count is checked against the file's
 * length before it is used.
 */
export class FlatTable {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at: number;
  /** Place and size of the list of its fields' offsets. */
  readonly #fields: number;
  readonly #fieldsSize: number;

  private constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#fields = at - this.#view.getInt32(this.#within(at, 4), true);
    this.#fieldsSize = this.#view.getUint16(this.#within(this.#fields, 4), true);
    this.#within(this.#fields, this.#fieldsSize);
  }

  /** The root table of a file. @throws UserError 'input' when the bytes are no whole flatbuffer, as do all that read them */
  static root(bytes: Uint8Array): FlatTable {
    if (bytes.length < 8) throw damaged();
    return new FlatTable(bytes, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  }

  /** An unsigned number of one byte, or of four. */
  uint(field: number, size: 1 | 4): number {
    const at = this.#place(field, size);
    if (at === undefined) return 0;
    return size === 1 ? this.#view.getUint8(at) : this.#view.getUint32(at, true);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#target(field);
    return at === undefined ? undefined : new FlatTable(this.#bytes, at);
  }

  /** Text of at most `most` bytes of UTF-8. */
  text(field: number, most: number): string {
    const list = this.#list(field, 1);
    if (!list) return '';
    if (list.count > most) throw damaged();
    return Buffer.from(this.#bytes.subarray(list.at, list.at + list.count)).toString('utf8');
  }

  /** How many bytes a list of bytes has. */
  byteCount(field: number): number {
    return this.#list(field, 1)?.count ?? 0;
  }

  /** How many numbers of four bytes a list has. */
  wordCount(field: number): number {
    return this.#list(field, 4)?.count ?? 0;
  }

  /** A list of at most `most` signed numbers of four bytes. */
  integers(field: number, most: number): number[] {
    const list = this.#list(field, 4);
    if (list && list.count > most) throw damaged();
    return Array.from({ length: list?.count ?? 0 }, (_, i) => this.#view.getInt32(list!.at + 4 * i, true));
  }

  tables(field: number): FlatTable[] {
    const list = this.#list(field, 4);
    if (list && list.count > MAX_TABLES) throw damaged();
    return Array.from({ length: list?.count ?? 0 }, (_, i) => {
      const at = list!.at + 4 * i;
      return new FlatTable(this.#bytes, at + this.#view.getUint32(at, true));
    });
  }

  /** Where a field's own bytes are; undefined when it is left out. */
  #place(field: number, size: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldsSize) return undefined;
    const offset = this.#view.getUint16(this.#fields + entry, true);
    return offset === 0 ? undefined : this.#within(this.#at + offset, size);
  }

  /** Where the table or list is that a field refers to. */
  #target(field: number): number | undefined {
    const at = this.#place(field, 4);
    return at === undefined ? undefined : at + this.#view.getUint32(at, true);
  }

  #list(field: number, size: number): { readonly at: number; readonly count: number } | undefined {
    const start = this.#target(field);
    if (start === undefined) return undefined;
    const count = this.#view.getUint32(this.#within(start, 4), true);
    return { at: this.#within(start + 4, count * size), count };
  }

  #within(at: number, size: number): number {
    if (at < 0 || at + size > this.#bytes.length) throw damaged();
    return at;
  }
}

function damaged(): UserError {
  return new UserError(
    'input',
    say`The file is no whole TensorFlow Lite model.`,
    say`Convert it again; a cut or damaged file is the usual reason.`,
  );
}
