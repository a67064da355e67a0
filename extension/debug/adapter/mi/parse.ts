import type { MiRecord, MiTuple, MiValue } from './value.ts';

/** How deep tuples and lists may be in each other; GDB's own are a few. */
const MOST_DEEP = 100;

const STREAMS = { '~': 'console', '@': 'target', '&': 'log' } as const;
const ASYNC = { '*': 'exec', '+': 'status', '=': 'notify' } as const;

/** Parses a line of GDB's machine interface, without its end. @returns undefined for one that is none */
export function parseRecord(line: string): MiRecord | undefined {
  if (/^\(gdb\) ?$/.test(line)) return { kind: 'prompt' };
  try {
    return record(new Reader(line));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {}

function record(reader: Reader): MiRecord {
  const token = reader.match(/\d{0,15}/y);
  const sign = reader.next();
  if (Object.hasOwn(STREAMS, sign)) {
    const text = reader.text();
    reader.end();
    return { kind: STREAMS[sign as keyof typeof STREAMS], text };
  }
  const name = reader.match(/[a-z-]+/y);
  const results = new Map<string, MiValue>();
  while (reader.skip(',')) reader.result(results, 0);
  reader.end();
  if (sign === '^') {
    return { kind: 'result', token: token === '' ? undefined : Number(token), class: name, results };
  }
  if (!Object.hasOwn(ASYNC, sign)) throw new Malformed();
  return { kind: ASYNC[sign as keyof typeof ASYNC], class: name, results };
}

/** Goes through a line once. */
class Reader {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  next(): string {
    return this.#line[this.#at++] ?? '';
  }

  skip(sign: string): boolean {
    const isThere = this.#line[this.#at] === sign;
    if (isThere) this.#at++;
    return isThere;
  }

  /** @param sticky an expression with the flag `y` */
  match(sticky: RegExp): string {
    sticky.lastIndex = this.#at;
    const [found] = sticky.exec(this.#line) ?? [];
    if (found === undefined) throw new Malformed();
    this.#at += found.length;
    return found;
  }

  end(): void {
    if (this.#at !== this.#line.length) throw new Malformed();
  }

  /** `name=value`; the first of a name counts. */
  result(into: Map<string, MiValue>, depth: number): void {
    const name = this.match(/[A-Za-z_][\w.-]*/y);
    if (!this.skip('=')) throw new Malformed();
    const value = this.value(depth);
    if (!into.has(name)) into.set(name, value);
  }

  value(depth: number): MiValue {
    if (depth > MOST_DEEP) throw new Malformed();
    if (this.skip('{')) return this.#tuple(depth + 1);
    if (this.skip('[')) return this.#list(depth + 1);
    return this.text();
  }

  #tuple(depth: number): MiTuple {
    const tuple = new Map<string, MiValue>();
    if (this.skip('}')) return tuple;
    do this.result(tuple, depth);
    while (this.skip(','));
    if (!this.skip('}')) throw new Malformed();
    return tuple;
  }

  /** Of values, or of results, whose names say nothing that their place does not. */
  #list(depth: number): MiValue[] {
    const list: MiValue[] = [];
    if (this.skip(']')) return list;
    do {
      if (/[A-Za-z_]/.test(this.#line[this.#at] ?? '')) {
        this.match(/[A-Za-z_][\w.-]*/y);
        if (!this.skip('=')) throw new Malformed();
      }
      list.push(this.value(depth));
    } while (this.skip(','));
    if (!this.skip(']')) throw new Malformed();
    return list;
  }

  /** A string as C has it; what is written in octal are bytes of UTF-8. */
  text(): string {
    if (!this.skip('"')) throw new Malformed();
    let text = '';
    let bytes: number[] = [];
    for (;;) {
      const plain = this.match(/[^"\\]*/y);
      const sign = this.next();
      const octal = sign === '\\' ? this.match(/[0-7]{0,3}/y) : '';
      if (octal !== '' && plain === '') {
        bytes.push(parseInt(octal, 8) & 0xff);
        continue;
      }
      text += Buffer.from(bytes).toString() + plain;
      bytes = [];
      if (octal !== '') bytes.push(parseInt(octal, 8) & 0xff);
      else if (sign === '"') return text;
      else if (sign === '\\') text += escaped(this.next());
      else throw new Malformed();
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
};

function escaped(sign: string): string {
  if (sign === '') throw new Malformed();
  return ESCAPES[sign] ?? sign;
}
