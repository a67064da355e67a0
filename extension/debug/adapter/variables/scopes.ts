import type { DebugProtocol } from '@vscode/debugprotocol';
import { grouped } from '../../../common/grouped.ts';
import { say, type Sentence } from '../../../common/errors/sentence.ts';
import type { BoardStopped } from '../dap/protocol.ts';
import { type Gdb, GdbError } from '../mi/gdb.ts';
import { textOf, tuplesOf } from '../mi/value.ts';
import { inFrame } from '../run/frames.ts';
import { Handles } from './handles.ts';
import { Registers } from './registers.ts';
import { type Value, Values } from './values.ts';

/** The most locals of a frame. */
const MOST_LOCALS = 500;

/** What the client shows of where the board stands: locals, registers, the board itself, and any expression. */
export class Scopes {
  readonly values: Values;
  readonly #gdb: Gdb;
  readonly #handles = new Handles();
  readonly #registers: Registers;
  readonly #inWords: (sentence: Sentence) => string;
  readonly #board: () => BoardStopped | undefined;

  /** @param inWords makes text of a sentence. @param board where it stands */
  constructor(gdb: Gdb, inWords: (sentence: Sentence) => string, board: () => BoardStopped | undefined) {
    this.#gdb = gdb;
    this.#inWords = inWords;
    this.#board = board;
    this.values = new Values(gdb, this.#handles);
    this.#registers = new Registers(gdb);
  }

  /** The scopes of a frame. */
  list(frame: number): DebugProtocol.Scope[] {
    const scope = (name: Sentence, reference: number, hint?: string): DebugProtocol.Scope => ({
      name: this.#inWords(name),
      variablesReference: reference,
      expensive: false,
      ...(hint === undefined ? {} : { presentationHint: hint }),
    });
    return [
      scope(say`Locals`, this.#handles.add({ kind: 'locals', frame }), 'locals'),
      scope(say`Board`, this.#handles.add({ kind: 'board' })),
      {
        ...scope(say`Registers`, this.#handles.add({ kind: 'registers', frame }), 'registers'),
        expensive: true,
      },
    ];
  }

  async variables({
    variablesReference,
    start,
    count,
    format,
  }: DebugProtocol.VariablesArguments): Promise<DebugProtocol.Variable[]> {
    const handle = this.#handles.get(variablesReference);
    const hex = format?.hex === true;
    switch (handle.kind) {
      case 'locals':
        return this.#locals(handle.frame, hex);
      case 'registers':
        return this.#registers.list(handle.frame);
      case 'board':
        return this.#boardVariables();
      case 'value': {
        const children = await this.values.children(handle, { start, count, hex });
        return Promise.all(
          children.map(async ({ name, value }) => ({ name, ...(await this.values.told(value)) })),
        );
      }
    }
  }

  /** Gives what stands under a name another value. @throws Error when that cannot be */
  async assign({
    variablesReference,
    name,
    value,
  }: DebugProtocol.SetVariableArguments): Promise<DebugProtocol.SetVariableResponse['body']> {
    const handle = this.#handles.get(variablesReference);
    if (handle.kind === 'board') throw new Error(this.#inWords(say`This cannot be changed.`));
    if (handle.kind === 'registers')
      return { value: await this.#registers.assign(name, value, handle.frame) };
    return this.values.told(await this.values.assign(await this.find(variablesReference, name), value));
  }

  /** The value under a name. @throws Error when there is none */
  async find(reference: number, name: string): Promise<Value> {
    const handle = this.#handles.get(reference);
    if (handle.kind === 'locals') return this.values.evaluate(name, handle.frame);
    const isIndex = /^\d{1,9}$/.test(name);
    const range = isIndex ? { start: Number(name), count: 1 } : {};
    const children = handle.kind === 'value' ? await this.values.children(handle, range) : [];
    const child = children.find((c) => c.name === name);
    if (!child) throw new Error(this.#inWords(say`There is no ${name}.`));
    return child.value;
  }

  /** Forgets what was asked for: the board is going to run. */
  clear(): void {
    this.#handles.clear();
    this.values.clear();
  }

  async #locals(frame: number, hex: boolean): Promise<DebugProtocol.Variable[]> {
    const results = await this.#gdb.ask('-stack-list-variables', ...inFrame(frame), '--no-values');
    const names = tuplesOf(results, 'variables').map((variable) => textOf(variable, 'name') ?? '');
    const variables = [...new Set(names)].slice(0, MOST_LOCALS).map(async (name) => {
      try {
        return [{ name, ...(await this.values.told(await this.values.evaluate(name, frame, hex))) }];
      } catch (error) {
        if (error instanceof GdbError) return [{ name, value: error.message, variablesReference: 0 }];
        throw error;
      }
    });
    return (await Promise.all(variables)).flat();
  }

  #boardVariables(): DebugProtocol.Variable[] {
    const board = this.#board();
    if (!board) return [];
    const { cyclesSinceStop, cycles, timeUs, fault } = board;
    const variable = (name: Sentence, value: string): DebugProtocol.Variable => ({
      name: this.#inWords(name),
      value,
      variablesReference: 0,
      presentationHint: { attributes: ['readOnly'] },
    });
    return [
      variable(say`cycles since stop`, grouped(cyclesSinceStop)),
      variable(say`cycles in all`, grouped(cycles)),
      variable(say`time in all`, `${grouped(timeUs)} us`),
      variable(say`last fault`, fault ? this.#inWords(fault) : this.#inWords(say`none`)),
    ];
  }
}
