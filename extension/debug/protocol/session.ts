import { english, say, type Sentence } from '../../common/errors/sentence.ts';
import { UserError } from '../../common/error.ts';
import type { NetworkWatch } from '../network/networkWatch.ts';
import type { Runner } from '../runner.ts';
import type { Debuggee } from '../target/debuggee.ts';
import type { Running, Stop } from '../target/stop.ts';
import { BreakpointTable } from './breakpointTable.ts';
import { memoryMap, REGISTERS, targetDescription } from './descriptions.ts';
import { FlashWriter } from './flashWriter.ts';
import { hexBytes, hexNumber, hexPair, registerHex, registerValue, toHex } from './hex.ts';
import { monitor } from './monitor.ts';
import { framed, PacketReader } from './packets.ts';
import { stopReply } from './stopReply.ts';

/** The longest packet, in bytes; GDB is told. */
const PACKET_BYTES = 0x4000;
/** Bytes of a text that go into one packet. */
const MOST_PRINTED = PACKET_BYTES / 2 - 2;
/** Packets of a client that wait for an answer, at most; a debugger sends one at a time. */
const MOST_WAITING = 64;

const FEATURES = [
  `PacketSize=${PACKET_BYTES.toString(16)}`,
  'QStartNoAckMode+',
  'qXfer:features:read+',
  'qXfer:memory-map:read+',
  'vContSupported+',
  'swbreak+',
  'hwbreak+',
  'ReverseStep+',
  'ReverseContinue+',
].join(';');

/** What a packet leads to: an answer, now or later, or something that runs and is answered when it stops; nothing for `k` and `R`. */
type Answer = string | Promise<string> | { readonly run: Running } | undefined;

const UNKNOWN = '';
const OK = 'OK';
/** What the packet says cannot be read. */
const MALFORMED = 'E01';
/** What it asks for is not there. */
const NOWHERE = 'E0e';

/** What a session has to do with whoever carries its bytes. */
export interface SessionEnds {
  readonly send: (bytes: Uint8Array) => void;
  /** A sentence for who sits at the server. */
  readonly tell: (sentence: Sentence) => void;
  readonly close: () => void;
}

/**
 * One debugger's conversation with a board: GDB's remote serial protocol ("Packets" in appendix E of its manual). Whatever
 * a packet holds, it is answered; what it does not ask rightly is an error of that packet alone.
 */
export class Session {
  readonly #debuggee: Debuggee;
  readonly #runner: Runner;
  readonly #network: NetworkWatch | Sentence;
  readonly #ends: SessionEnds;
  readonly #reader = new PacketReader(PACKET_BYTES);
  readonly #breakpoints = new BreakpointTable();
  readonly #flash: FlashWriter;
  readonly #waiting: string[] = [];
  #acknowledges = true;
  #isWorking = false;
  #lastSent: Uint8Array = new Uint8Array(0);
  #lastStop: Stop = { kind: 'step' };

  /** @param network the firmware's, or why nothing is known of it */
  constructor(debuggee: Debuggee, runner: Runner, network: NetworkWatch | Sentence, ends: SessionEnds) {
    this.#debuggee = debuggee;
    this.#runner = runner;
    this.#network = network;
    this.#ends = ends;
    this.#flash = new FlashWriter(debuggee);
  }

  /** Takes in what the client has sent. */
  receive(bytes: Uint8Array): void {
    for (const incoming of this.#reader.push(bytes)) {
      switch (incoming.kind) {
        case 'packet':
          if (this.#acknowledges) this.#ends.send(Buffer.from('+'));
          if (this.#waiting.push(incoming.body) > MOST_WAITING) {
            this.#ends.close();
            return;
          }
          break;
        case 'damaged':
          if (this.#acknowledges) this.#ends.send(Buffer.from('-'));
          break;
        case 'interrupt':
          // asked of a board that stands, it means nothing
          if (this.#isWorking || this.#waiting.length > 0) this.#debuggee.interrupt();
          break;
        case 'repeat':
          if (this.#acknowledges) this.#ends.send(this.#lastSent);
          break;
        case 'acknowledged':
      }
    }
    void this.#work();
  }

  /** The client is gone: what it has asked and nobody has begun is not done. */
  end(): void {
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let packet = this.#waiting.shift(); packet !== undefined; packet = this.#waiting.shift()) {
      // a debugger that has detached and says more is back: nothing is asked of a board that runs
      await this.#runner.halt();
      const answer = await this.#answerOf(packet);
      if (typeof answer === 'object') {
        this.#breakpoints.apply(this.#debuggee);
        this.#lastStop = await this.#runner.run(answer.run);
        const sentence = this.#toldOf(this.#lastStop);
        if (sentence) this.#print(`${english(sentence)}\n`);
        this.#send(this.#stopReply());
      } else if (answer !== undefined) this.#send(answer);
      if (packet === 'QStartNoAckMode') this.#acknowledges = false;
      if (/^D(;|$)/.test(packet)) this.#goOn();
    }
    this.#isWorking = false;
  }

  async #answerOf(packet: string): Promise<Awaited<Answer>> {
    try {
      return await this.#answer(packet);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return NOWHERE;
    }
  }

  #answer(packet: string): Answer {
    const rest = packet.slice(1);
    switch (packet[0]) {
      case '?':
        return this.#stopReply();
      case '!':
        return OK;
      case 'g':
        return REGISTERS.map(({ register }) => registerHex(this.#debuggee.readRegister(register))).join('');
      case 'G':
        return this.#writeAllRegisters(rest);
      case 'p':
      case 'P':
        return this.#oneRegister(packet[0], rest);
      case 'm':
        return this.#readMemory(rest);
      case 'M':
      case 'X':
        return this.#writeMemory(packet[0], rest);
      case 'c':
      case 's':
      case 'C':
      case 'S':
        return this.#resume(packet[0].toLowerCase(), rest);
      case 'b':
        if (rest === 's') return { run: this.#debuggee.reverseStep() };
        return rest === 'c' ? { run: this.#debuggee.reverseContinue() } : UNKNOWN;
      case 'Z':
      case 'z':
        return this.#breakpoints.change(rest, packet[0] === 'Z');
      case 'H':
      case 'T':
        return OK; // there is one thread
      case 'D':
        return OK;
      case 'k':
      case 'R':
        this.#restart();
        return undefined;
      case 'q':
      case 'Q':
        return this.#query(packet);
      case 'v':
        return this.#multiLetter(packet);
      default:
        return UNKNOWN;
    }
  }

  #writeAllRegisters(text: string): string {
    const values = REGISTERS.map((_, i) => registerValue(text.slice(8 * i, 8 * i + 8)));
    if (text.length !== 8 * REGISTERS.length || values.includes(undefined)) return MALFORMED;
    REGISTERS.forEach(({ register }, i) => {
      this.#writeRegister(register, values[i]!);
    });
    return OK;
  }

  #oneRegister(command: 'p' | 'P', text: string): string {
    const [index = '', value, ...more] = text.split('=');
    const described = REGISTERS.find((r) => r.number === hexNumber(index));
    if (!described || more.length > 0) return MALFORMED;
    if (command === 'p') return registerHex(this.#debuggee.readRegister(described.register));
    const number = registerValue(value ?? '');
    if (number === undefined) return MALFORMED;
    this.#writeRegister(described.register, number);
    return OK;
  }

  #writeRegister(register: (typeof REGISTERS)[number]['register'], value: number): void {
    if (this.#debuggee.readRegister(register) === value) return; // `G` writes all where one is meant
    this.#debuggee.change({ kind: 'register', register, value });
  }

  #readMemory(text: string): string {
    const [address, length] = hexPair(text) ?? [];
    if (address === undefined || length === undefined) return MALFORMED;
    return toHex(this.#debuggee.machine.debugPort.read(address, Math.min(length, PACKET_BYTES / 2 - 2)));
  }

  #writeMemory(command: 'M' | 'X', text: string): string {
    const colon = text.indexOf(':');
    const [address, length] = hexPair(text.slice(0, Math.max(0, colon))) ?? [];
    const data = text.slice(colon + 1);
    const bytes = command === 'X' ? Buffer.from(data, 'latin1') : hexBytes(data);
    if (address === undefined || !bytes || bytes.length !== length) return MALFORMED;
    if (bytes.length > 0) this.#debuggee.change({ kind: 'memory', address, bytes });
    return OK;
  }

  /** `c` and `s`, and `C` and `S` with a signal, which is not passed on: a fault goes to its handler by itself. */
  #resume(command: string, text: string): Answer {
    const at = /^[0-9a-f]{2};/i.test(text) ? text.slice(3) : /^[0-9a-f]{2}$/i.test(text) ? '' : text;
    if (at !== '') {
      const address = hexNumber(at);
      if (address === undefined) return MALFORMED;
      this.#debuggee.change({ kind: 'register', register: 15, value: address });
    }
    return { run: command === 's' ? this.#debuggee.step() : this.#debuggee.continue() };
  }

  #query(packet: string): Answer {
    const [name = '', ...parts] = packet.split(/[:,;]/);
    switch (name) {
      case 'qSupported':
        return FEATURES;
      case 'QStartNoAckMode':
        return OK;
      case 'qfThreadInfo':
        return 'm1';
      case 'qsThreadInfo':
        return 'l';
      case 'qC':
        return 'QC1';
      case 'qAttached':
        return '1'; // GDB then detaches when it ends, and the board runs on
      case 'qSymbol':
        return OK;
      case 'qThreadExtraInfo':
        return toHex(Buffer.from(this.#debuggee.machine.board.name));
      case 'qXfer':
        return this.#transfer(parts);
      case 'qRcmd': {
        const line = hexBytes(packet.slice('qRcmd,'.length));
        if (!line) return MALFORMED;
        return this.#monitor(Buffer.from(line).toString());
      }
      default:
        return UNKNOWN;
    }
  }

  async #monitor(line: string): Promise<string> {
    const tell = (text: string): void => {
      this.#print(text);
    };
    const text = Buffer.from(await monitor({ debuggee: this.#debuggee, network: this.#network, tell }, line));
    const last = Math.floor((text.length - 1) / MOST_PRINTED) * MOST_PRINTED;
    this.#print(text.subarray(0, last));
    return toHex(text.subarray(last));
  }

  /** `qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH` */
  #transfer([object = '', verb, annex, offset = '', length = '']: readonly string[]): string {
    if (verb !== 'read' || (object !== 'features' && object !== 'memory-map')) return UNKNOWN;
    if (annex !== (object === 'features' ? 'target.xml' : '')) return 'E00';
    const from = hexNumber(offset);
    const count = hexNumber(length);
    if (from === undefined || count === undefined) return MALFORMED;
    const text = object === 'features' ? targetDescription() : memoryMap(this.#debuggee.machine.board);
    const end = from + Math.min(count, PACKET_BYTES / 2);
    return `${end < text.length ? 'm' : 'l'}${text.slice(from, end)}`;
  }

  #multiLetter(packet: string): Answer {
    const name = /^v[A-Za-z]*\??/.exec(packet)![0];
    const rest = packet.slice(name.length + 1);
    switch (name) {
      case 'vCont?':
        return 'vCont;c;C;s;S;r';
      case 'vCont':
        return this.#continueThreads(rest);
      case 'vRun':
        this.#restart();
        return this.#stopReply();
      case 'vAttach':
        return this.#stopReply();
      case 'vKill':
        this.#restart();
        return OK;
      case 'vFlashErase':
        return this.#flash.erase(rest) ? OK : MALFORMED;
      case 'vFlashWrite':
        return this.#flash.write(rest) ? OK : MALFORMED;
      case 'vFlashDone':
        return OK;
      default:
        return UNKNOWN;
    }
  }

  /** The first action is the one of our only thread. */
  #continueThreads(actions: string): Answer {
    const [action = ''] = (actions.split(';')[0] ?? '').split(':');
    if (/^r/.test(action)) {
      const [begin, end] = hexPair(action.slice(1)) ?? [];
      return begin === undefined || end === undefined ? MALFORMED : { run: this.#debuggee.step(begin, end) };
    }
    if (/^(s|S[0-9a-f]{2})$/i.test(action)) return { run: this.#debuggee.step() };
    return /^(c|C[0-9a-f]{2})$/i.test(action) ? { run: this.#debuggee.continue() } : MALFORMED;
  }

  #restart(): void {
    this.#debuggee.change({ kind: 'reset' });
    this.#lastStop = { kind: 'step' };
  }

  /** The board runs on without a debugger. */
  #goOn(): void {
    this.#breakpoints.clear();
    this.#breakpoints.apply(this.#debuggee);
    void this.#runner.run(this.#debuggee.continue()).then((stop) => {
      this.#lastStop = stop;
      this.#toldOf(stop);
    });
  }

  /** Tells what a stop alone does not say, here; the sentence is for GDB's console, too, when it waits for the stop. */
  #toldOf(stop: Stop): Sentence | undefined {
    const sentence =
      stop.kind === 'fault'
        ? stop.fault.sentence
        : stop.kind === 'exited'
          ? say`The firmware has ended by a semihosting call.`
          : stop.kind === 'compared'
            ? stop.sentence
            : undefined;
    if (sentence) this.#ends.tell(sentence);
    return sentence;
  }

  #stopReply(): string {
    const sp = this.#debuggee.readRegister(13);
    const pc = this.#debuggee.readRegister(15);
    return stopReply(this.#lastStop, { isHardware: this.#breakpoints.isHardware(pc), sp, pc });
  }

  /** A text for the debugger's console, while it waits for an answer. */
  #print(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += MOST_PRINTED) {
      this.#send(`O${toHex(bytes.subarray(at, at + MOST_PRINTED))}`);
    }
  }

  #send(body: string): void {
    this.#lastSent = framed(body);
    this.#ends.send(this.#lastSent);
  }
}
