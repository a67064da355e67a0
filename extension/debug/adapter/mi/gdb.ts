import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import { commandLine } from './command.ts';
import { Lines } from './lines.ts';
import { parseRecord } from './parse.ts';
import { type MiRecord, type MiTuple, textOf } from './value.ts';

/** What GDB says of a command that it cannot do. */
export class GdbError extends Error {}

export interface GdbEvents {
  /** The target runs, or stands. */
  readonly onExec: (state: string, results: MiTuple) => void;
  /** Text for whoever types commands. */
  readonly onText: (text: string) => void;
  /** It has ended by itself, or could not be started. */
  readonly onEnd: (why: string) => void;
}

/**
 * Nothing but what it is told is executed: no script of its user, of the folder it is started in or beside the firmware or
 * in it; and nothing is looked for in the net.
 */
const ARGUMENTS = [
  ...['-nx', '-q', '--interpreter=mi3'],
  ...['-iex', 'set auto-load no', '-iex', 'set debuginfod enabled off'],
];

/** A GDB, driven by its machine interface. */
export class Gdb {
  readonly #process: ChildProcess;
  readonly #events: GdbEvents;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (results: MiTuple) => void; readonly reject: (error: Error) => void }
  >();
  #tokens = 0;
  #isOpen = true;

  /** @param program path of a GDB for Arm */
  constructor(program: string, events: GdbEvents) {
    this.#events = events;
    this.#process = spawn(program, ARGUMENTS, {
      cwd: os.homedir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // messages are read, so they must not be translated
      env: { ...process.env, LC_ALL: 'C' },
    });
    const lines = new Lines(
      (line) => this.#take(line),
      () => this.#end('it printed a line without end'),
    );
    this.#process.stdout!.on('data', (bytes: Buffer) => lines.push(bytes));
    this.#process.stderr!.on('data', (bytes: Buffer) => events.onText(bytes.toString()));
    this.#process.stdin!.on('error', () => undefined); // it goes away: `exit` follows
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', (code, signal) => this.#end(signal ?? `exit code ${code ?? 0}`));
  }

  /** Process id, while there is one. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Gives a command, with arguments as they are. @throws GdbError with what GDB says when it fails, or has ended */
  async ask(name: string, ...args: readonly (string | number)[]): Promise<MiTuple> {
    if (!this.#isOpen) throw new GdbError(ENDED);
    const token = ++this.#tokens;
    return new Promise((resolve, reject) => {
      this.#waiting.set(token, { resolve, reject });
      this.#process.stdin!.write(`${token}${commandLine(name, args)}\n`);
    });
  }

  /** Gives a command as its users type it. */
  async console(line: string): Promise<void> {
    await this.ask('-interpreter-exec', 'console', line);
  }

  /** Ends it, whatever it is doing. Idempotent; no event after it. */
  close(): void {
    this.#isOpen = false;
    this.#process.kill('SIGKILL');
    this.#refuseAll();
  }

  #take(line: string): void {
    const record = parseRecord(line);
    if (!this.#isOpen || !record) return;
    switch (record.kind) {
      case 'result':
        return this.#answer(record);
      case 'exec':
        return this.#events.onExec(record.class, record.results);
      case 'console':
      case 'target':
      case 'log':
        return this.#events.onText(record.text);
      default:
    }
  }

  #answer({ token, class: kind, results }: Extract<MiRecord, { kind: 'result' }>): void {
    const asked = this.#waiting.get(token ?? 0);
    this.#waiting.delete(token ?? 0);
    if (kind === 'error') asked?.reject(new GdbError(textOf(results, 'msg') ?? ''));
    else asked?.resolve(results);
  }

  #end(why: string): void {
    if (!this.#isOpen) return;
    this.close();
    this.#events.onEnd(why);
  }

  #refuseAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new GdbError(ENDED));
    this.#waiting.clear();
  }
}

const ENDED = 'GDB has ended.';
