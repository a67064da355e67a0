import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Gdb, GdbError } from '../mi/gdb.ts';
import { type MiTuple, numberOf, textOf, tuplesOf } from '../mi/value.ts';
import { inFrame } from '../run/frames.ts';
import type { Handles, ValueHandle } from './handles.ts';
import { addressIn, childExpression } from './path.ts';

/** The most members or locals that are listed at once; arrays come in pieces. */
const MOST = 1000;

/** A value as GDB has it in a variable object. */
export interface Value extends ValueHandle {
  readonly text: string;
  readonly children: number;
}

/** Values of the firmware, by GDB's variable objects. They live until the board runs again. */
export class Values {
  readonly #gdb: Gdb;
  readonly #handles: Handles;
  readonly #roots: string[] = [];

  constructor(gdb: Gdb, handles: Handles) {
    this.#gdb = gdb;
    this.#handles = handles;
  }

  /** An expression's value in a frame. @throws GdbError when it has none */
  async evaluate(expression: string, frame: number, hex = false): Promise<Value> {
    const results = await this.#create(expression, frame);
    const value = valueOf(results, expression, frame);
    this.#roots.push(value.object);
    return hex ? this.#inHex(value) : value;
  }

  /** Members or elements, from one on; without a count all of them, as far as a list goes. */
  async children(
    parent: ValueHandle,
    {
      start = 0,
      count = MOST,
      hex = false,
    }: { start?: number | undefined; count?: number | undefined; hex?: boolean },
  ): Promise<{ readonly name: string; readonly value: Value }[]> {
    const end = start + Math.min(count || MOST, MOST);
    const results = await this.#gdb.ask('-var-list-children', '--all-values', parent.object, start, end);
    const children = tuplesOf(results, 'children').map((child) => {
      const name = textOf(child, 'exp') ?? '';
      return { name, value: valueOf(child, childExpression(parent, name), parent.frame) };
    });
    if (!hex) return children;
    return Promise.all(children.map(async ({ name, value }) => ({ name, value: await this.#inHex(value) })));
  }

  /** Gives a value another one, written as an expression. @returns it as it then is. @throws GdbError when that cannot be */
  async assign(value: Value, expression: string): Promise<Value> {
    const results = await this.#gdb.ask('-var-assign', value.object, expression);
    return { ...value, text: textOf(results, 'value') ?? '' };
  }

  /** Where a value lies in memory; undefined when it does not. */
  async addressOf(expression: string, frame: number): Promise<string | undefined> {
    try {
      const results = await this.#gdb.ask('-data-evaluate-expression', ...inFrame(frame), `&(${expression})`);
      return addressIn(textOf(results, 'value') ?? '');
    } catch (error) {
      if (error instanceof GdbError) return undefined;
      throw error;
    }
  }

  /** Bytes that a value takes. @throws GdbError when that is not known */
  async sizeOf(expression: string, frame: number): Promise<number> {
    const results = await this.#gdb.ask(
      '-data-evaluate-expression',
      ...inFrame(frame),
      `sizeof(${expression})`,
    );
    return numberOf(results, 'value') ?? 1;
  }

  /** A value as clients show one. */
  async told(value: Value): Promise<Omit<DebugProtocol.Variable, 'name'>> {
    const { text, type, children, expression, frame } = value;
    const isAggregate = children > 0 && !type.trimEnd().endsWith('*');
    const address = isAggregate ? await this.addressOf(expression, frame) : addressIn(text);
    return {
      value: text,
      type,
      evaluateName: expression,
      variablesReference: children > 0 ? this.#handles.add({ ...value, kind: 'value' }) : 0,
      ...(type.endsWith(']') ? { indexedVariables: children } : {}),
      ...(address === undefined ? {} : { memoryReference: address }),
    };
  }

  /** Forgets all: the board is going to run. */
  clear(): void {
    for (const object of this.#roots.splice(0)) this.#gdb.ask('-var-delete', object).catch(() => undefined);
  }

  /** GDB says why an expression has no value where it is not asked to keep it. */
  async #create(expression: string, frame: number): Promise<MiTuple> {
    try {
      return await this.#gdb.ask('-var-create', ...inFrame(frame), '-', '*', expression);
    } catch (error) {
      if (error instanceof GdbError)
        await this.#gdb.ask('-data-evaluate-expression', ...inFrame(frame), expression);
      throw error;
    }
  }

  async #inHex(value: Value): Promise<Value> {
    const results = await this.#gdb.ask('-var-set-format', value.object, 'hexadecimal');
    return { ...value, text: textOf(results, 'value') ?? value.text };
  }
}

function valueOf(tuple: MiTuple, expression: string, frame: number): Value {
  return {
    kind: 'value',
    object: textOf(tuple, 'name') ?? '',
    expression,
    type: textOf(tuple, 'type') ?? '',
    text: textOf(tuple, 'value') ?? '',
    children: numberOf(tuple, 'numchild') ?? 0,
    frame,
  };
}
