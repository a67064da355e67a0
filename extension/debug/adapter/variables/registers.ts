import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Gdb } from '../mi/gdb.ts';
import { listOf, numberOf, textOf, tuplesOf } from '../mi/value.ts';
import { inFrame } from '../run/frames.ts';

/** The core's registers, as a frame has them. */
export class Registers {
  readonly #gdb: Gdb;
  /** By GDB's numbers, once it has told them. */
  #names: ReadonlyMap<number, string> | undefined;

  constructor(gdb: Gdb) {
    this.#gdb = gdb;
  }

  async list(frame: number): Promise<DebugProtocol.Variable[]> {
    const names = (this.#names ??= await this.#readNames());
    const results = await this.#gdb.ask(
      '-data-list-register-values',
      ...inFrame(frame),
      'x',
      ...names.keys(),
    );
    return tuplesOf(results, 'register-values').flatMap((register) => {
      const name = names.get(numberOf(register, 'number') ?? -1);
      const text = textOf(register, 'value') ?? '';
      if (name === undefined) return [];
      const value = /^0x[0-9a-f]{1,8}$/.test(text) ? `0x${text.slice(2).padStart(8, '0')}` : text;
      return [{ name, value, evaluateName: `$${name}`, variablesReference: 0, memoryReference: value }];
    });
  }

  /** Gives a register an expression's value. @returns it as it then is. @throws GdbError when that cannot be */
  async assign(name: string, expression: string, frame: number): Promise<string> {
    await this.#gdb.ask('-data-evaluate-expression', ...inFrame(frame), `$${name} = ${expression}`);
    const found = (await this.list(frame)).find((register) => register.name === name);
    return found?.value ?? '';
  }

  async #readNames(): Promise<ReadonlyMap<number, string>> {
    const names = listOf(await this.#gdb.ask('-data-list-register-names'), 'register-names');
    return new Map(names.flatMap((name, i) => (typeof name === 'string' && name !== '' ? [[i, name]] : [])));
  }
}
