import { type Help, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { encodeFrame, type Frame, FrameParser, longestOnLine } from './frames.ts';
import { type Identity, readIdentity } from './identity.ts';
import {
  ANSWER,
  BOOTED,
  MOST_BYTES,
  REASON,
  REFUSED,
  REQUEST,
  type RequestType,
  RUN_BYTES,
} from './values.ts';

/** A sample as the board takes it. */
export interface SampleForBoard {
  /** Its place in the test set: the board repeats it. */
  readonly number: number;
  /** Of all inputs, in the bundle's order, as they lie in its memory. */
  readonly bytes: Uint8Array;
}

/** What the board made of a sample. */
export interface BoardAnswer {
  readonly number: number;
  readonly timeUs: number;
  /** Of all outputs, in the bundle's order. */
  readonly outputs: Uint8Array;
}

export interface ConversationOptions {
  /** What the board shall say that it is. */
  readonly identity: Identity;
  /** The board's name. */
  readonly board: string;
  readonly send: (bytes: Uint8Array) => void;
  readonly onAnswer: (answer: BoardAnswer) => void;
  /** What a byte takes on the line, and an inference, as far as it is known; milliseconds. */
  readonly msPerByte: number;
  readonly inferenceMs: number;
  /** What to do about a board that does not answer at all. */
  readonly ifSilent: readonly Help[];
}

/** Milliseconds that an answer may be late, beside what its bytes and the inference take twice. */
const PATIENCE_MS = 250;
/** Waits become longer with each try, up to as many times. */
const LONGEST_WAIT = 4;
/** Times that a request is sent before the board is given up; of the first one, to a board that may not be there at all. */
const MOST_TRIES = 20;
const MOST_FIRST_TRIES = 10;
/** Times that one sample is begun anew. */
const MOST_RESTARTS = 5;

interface Request {
  readonly type: RequestType;
  readonly sequence: number;
  readonly line: Uint8Array;
  tries: number;
}

/** Where a sample is. */
interface Underway {
  readonly sample: SampleForBoard;
  readonly outputs: Uint8Array;
  /** Bytes of the inputs that the board has, and of the outputs that are here. */
  given: number;
  taken: number;
  timeUs: number;
  restarts: number;
}

/**
 * The PC's side of a validation: one request at a time, sent again until its answer comes, over a line that may lose, double and change
 * bytes, to a board that may begin anew at any time. Knows no clock and no port: it is told what arrives and what time it is.
 * Everything is answered once, for an answer counts only with the sequence number of the request that is waited for.
 */
export class Conversation {
  /** Requests that were sent again, and resets of the board that were noticed. */
  retransmissions = 0;
  resets = 0;
  /** Why it cannot go on; it says and does nothing then. */
  failure: UserError | undefined;
  /** When {@link tick} wants to be called, in the time that the other calls give; Infinity: there is nothing to wait for. */
  deadline = Infinity;

  readonly #options: ConversationOptions;
  readonly #parser = new FrameParser();
  #sequence = 0;
  #request: Request | undefined;
  #underway: Underway | undefined;
  #isOpen = false;
  /** Some time it was. */
  #hasBeenOpen = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** True when the board has answered, and the next sample may be given. */
  get isFree(): boolean {
    return this.#underway === undefined && this.failure === undefined;
  }

  /** Gives the board a sample. Only when it {@link isFree}. @param now in milliseconds */
  give(sample: SampleForBoard, now: number): void {
    const { identity } = this.#options;
    if (!this.isFree || sample.bytes.length !== identity.inputBytes)
      throw new Error('no sample can be given');
    const outputs = new Uint8Array(identity.outputBytes);
    this.#underway = { sample, outputs, given: 0, taken: 0, timeUs: 0, restarts: 0 };
    if (this.#isOpen) this.#goOn(now);
    else this.#ask(REQUEST.hello, new Uint8Array(), now);
  }

  /** Bytes have come. */
  receive(bytes: Uint8Array, now: number): void {
    for (const byte of bytes) this.receiveByte(byte, now);
  }

  /** The same of one byte. */
  receiveByte(byte: number, now: number): void {
    const frame = this.#parser.push(byte);
    if (frame && this.failure === undefined) this.#take(frame, now);
  }

  /** Time has passed: an answer that is overdue is asked for again. */
  tick(now: number): void {
    if (this.#request && now >= this.deadline && this.failure === undefined) this.#askAgain(now);
  }

  #take(frame: Frame, now: number): void {
    const request = this.#request;
    // a board that is reset between two samples says so again when it is asked for the next
    if (!request) return;
    if (frame.type === BOOTED) {
      if (this.#isOpen) this.resets++;
      this.#beginAnew(now);
    } else if (frame.type === REFUSED) {
      const [reason] = frame.bytes;
      if (reason === REASON.damaged) this.#askAgain(now);
      else if (frame.sequence === request.sequence) this.#beginAnew(now);
    } else if (frame.sequence === request.sequence && frame.type === (request.type | ANSWER)) {
      this.#takeAnswer(request.type, frame.bytes, now);
    }
  }

  #takeAnswer(type: RequestType, bytes: Uint8Array, now: number): void {
    const underway = this.#underway!;
    switch (type) {
      case REQUEST.hello: {
        const wrong = wrongFirmware(readIdentity(bytes), this.#options);
        if (wrong) return this.#fail(wrong);
        this.#isOpen = this.#hasBeenOpen = true;
        break;
      }
      case REQUEST.data:
        underway.given += blockAt(underway.sample.bytes, underway.given).length;
        break;
      case REQUEST.run: {
        if (bytes.length < RUN_BYTES) return;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        if (view.getUint32(0, true) !== underway.sample.number) return;
        const status = view.getInt32(4, true);
        if (status !== 0) return this.#fail(inferenceFailed(underway.sample.number, status, this.#options));
        underway.timeUs = view.getUint32(8, true);
        this.#takeOutputs(underway, bytes.subarray(RUN_BYTES));
        break;
      }
      case REQUEST.read:
        this.#takeOutputs(underway, bytes);
        break;
    }
    this.#goOn(now);
  }

  #takeOutputs(underway: Underway, bytes: Uint8Array): void {
    const part = bytes.subarray(0, underway.outputs.length - underway.taken);
    underway.outputs.set(part, underway.taken);
    underway.taken += part.length;
  }

  /** What comes next of the sample that is under way. */
  #goOn(now: number): void {
    const { sample, outputs, given, taken, timeUs } = this.#underway!;
    if (given < sample.bytes.length) this.#ask(REQUEST.data, blockAt(sample.bytes, given), now);
    else if (taken === 0) this.#ask(REQUEST.run, numberBytes(sample.number), now);
    else if (taken < outputs.length) this.#ask(REQUEST.read, numberBytes(taken), now);
    else {
      this.#underway = this.#request = undefined;
      this.deadline = Infinity;
      this.#options.onAnswer({ number: sample.number, timeUs, outputs });
    }
  }

  /** The board knows nothing of the sample any more. */
  #beginAnew(now: number): void {
    const underway = this.#underway!;
    // until it has said hello, it has not begun
    if (this.#isOpen && underway.restarts++ >= MOST_RESTARTS) {
      return this.#fail(keepsRestarting(underway.sample.number, this.#options));
    }
    underway.given = underway.taken = 0;
    if (this.#request?.type === REQUEST.hello) return this.#askAgain(now);
    this.#isOpen = false;
    this.#ask(REQUEST.hello, new Uint8Array(), now);
  }

  #ask(type: RequestType, bytes: Uint8Array, now: number): void {
    const sequence = (this.#sequence = (this.#sequence + 1) & 255);
    this.#request = { type, sequence, line: encodeFrame({ type, sequence, bytes }), tries: 0 };
    this.#send(now);
  }

  #askAgain(now: number): void {
    const request = this.#request!;
    const most = this.#hasBeenOpen ? MOST_TRIES : MOST_FIRST_TRIES;
    if (request.tries >= most) {
      return this.#fail(silent(this.#hasBeenOpen ? this.#underway!.sample.number : undefined, this.#options));
    }
    this.retransmissions++;
    this.#send(now);
  }

  #send(now: number): void {
    const request = this.#request!;
    const { msPerByte, inferenceMs, send } = this.#options;
    const onLine = (request.line.length + longestOnLine(MOST_BYTES)) * msPerByte;
    const work = request.type === REQUEST.run ? 2 * inferenceMs : 0;
    const factor = Math.min(LONGEST_WAIT, 1 + request.tries);
    request.tries++;
    this.deadline = now + (PATIENCE_MS + 2 * onLine + work) * factor;
    send(request.line);
  }

  #fail(error: UserError): void {
    this.failure = error;
    this.deadline = Infinity;
    this.#request = undefined;
  }
}

function blockAt(bytes: Uint8Array, position: number): Uint8Array {
  return bytes.subarray(position, position + MOST_BYTES);
}

function numberBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

type Named = Pick<ConversationOptions, 'identity' | 'board' | 'ifSilent'>;

/** Why firmware is not the one that was expected; undefined: it is. */
function wrongFirmware(
  found: Identity | undefined,
  { identity, board, ifSilent }: Named,
): UserError | undefined {
  const { version, name, id, inputBytes, outputBytes } = identity;
  if (found?.version !== version) {
    return new UserError(
      'firmware',
      say`The firmware on ${board} was made by another version of GlowPort.`,
      ifSilent,
    );
  }
  if (found.inputBytes !== inputBytes || found.outputBytes !== outputBytes) {
    return new UserError(
      'firmware',
      say`The firmware on ${board} takes ${found.inputBytes} bytes and answers ${found.outputBytes}; ${name} takes ${inputBytes} and answers ${outputBytes}.`,
      ifSilent,
    );
  }
  if (found.name === name && found.id === id) return undefined;
  return new UserError(
    'firmware',
    found.name === name
      ? say`The firmware on ${board} has another ${name}: the model, its samples or the choices have changed since it was built.`
      : say`The firmware on ${board} has the network ${found.name}, not ${name}.`,
    ifSilent,
  );
}

/** @param sample the one under way; undefined: the board has never answered */
function silent(sample: number | undefined, { board, ifSilent }: Named): UserError {
  if (sample === undefined) {
    return new UserError('device', say`${board} does not answer.`, [
      ...ifSilent,
      say`Check port and baud rate.`,
    ]);
  }
  return new UserError(
    'device',
    say`${board} does not answer any more, at sample ${sample}.`,
    say`Check its cable, and run it again; a slower baud rate disturbs fewer bytes.`,
  );
}

function keepsRestarting(sample: number, { board }: Named): UserError {
  return new UserError(
    'firmware',
    say`${board} has begun anew ${MOST_RESTARTS + 1} times with sample ${sample}.`,
    say`A watchdog, its supply, or a stack that is too small may reset it.`,
  );
}

function inferenceFailed(sample: number, status: number, { board }: Named): UserError {
  return new UserError(
    'firmware',
    say`The inference of sample ${sample} failed on ${board}, with status ${status}.`,
    say`The network's function says what that means.`,
  );
}
