import { type ChildProcess, spawn } from 'node:child_process';
import { toolPath } from '../../extension/toolchain/find.ts';
import { until } from '../support/until.ts';

/** A real GDB, driven by its command line. */
export class Gdb {
  readonly #process: ChildProcess;
  #output = '';
  #marks = 0;

  private constructor(program: string, args: readonly string[]) {
    this.#process = spawn(program, ['-nx', '-q', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', (bytes) => (this.#output += String(bytes)));
  }

  /** Starts it with a firmware's symbols and attaches it to a server; undefined, and said so, where there is no GDB. */
  static async attach(elf: string, port: number): Promise<Gdb | undefined> {
    const program = toolPath('gdb');
    if (program === undefined) {
      console.log('      skipped: there is no GDB (gdb-multiarch or arm-none-eabi-gdb)');
      return undefined;
    }
    const gdb = new Gdb(program, [elf]);
    for (const setting of ['pagination off', 'confirm off', 'width 0', 'style enabled off'])
      await gdb.ask(`set ${setting}`);
    await gdb.ask(`target extended-remote :${port}`);
    return gdb;
  }

  /** Gives a command. @returns what was printed until it was done */
  async ask(command: string): Promise<string> {
    const answer = this.begin(command);
    return answer.end();
  }

  /** Gives a command that goes on. */
  begin(command: string): { readonly end: () => Promise<string> } {
    const from = this.#output.length;
    const mark = `done-${++this.#marks}-`;
    this.#process.stdin!.write(`${command}\necho ${mark}\\n\n`);
    return {
      end: async () => {
        await until(() => this.#output.includes(`${mark}\n`, from) || this.#process.exitCode !== null);
        const text = this.#output.slice(from).split(mark)[0]!;
        return text.replaceAll('(gdb) ', '');
      },
    };
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  /** An expression's value as GDB prints it with a format. */
  async value(expression: string, format = '%d'): Promise<string> {
    return (await this.ask(`printf "value ${format}\\n", ${expression}`)).replace(/^value |\n$/g, '');
  }

  async end(): Promise<void> {
    this.#process.stdin!.end('kill\nquit\n');
    await until(() => this.#process.exitCode !== null || this.#process.signalCode !== null);
  }
}
