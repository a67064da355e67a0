import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { type BoardAnswer, Conversation } from '../../extension/validate/protocol/conversation.ts';
import { encodeFrame, FrameParser } from '../../extension/validate/protocol/frames.ts';
import { identityOf } from '../../extension/validate/protocol/identity.ts';
import { msPerByte } from '../../extension/validate/protocol/duration.ts';
import { PROTOCOL_VERSION, REFUSED, REQUEST } from '../../extension/validate/protocol/values.ts';
import { compileStrictly } from '../project/compileStrictly.ts';
import { Random } from '../support/random.ts';
import { echoBundle, echoResult, INPUT_BYTES } from './echoBundle.ts';
import { disturbed, type FaultRates } from './faults.ts';
import { validatorFirmware } from './validatorFirmware.ts';

const PERFECT: FaultRates = { lost: 0, doubled: 0, changed: 0, noise: 0 };
const BAD: FaultRates = { lost: 0.0007, doubled: 0.0007, changed: 0.0007, noise: 0.0007 };

/** The real firmware on the simulated core, with a line between it and the PC's side that can be as bad as it likes. */
class Table {
  readonly machine: Machine;
  readonly conversation: Conversation;
  readonly answers: BoardAnswer[] = [];
  /** Bytes of answers after which the board is reset, the next first. */
  resetsAfter: number[] = [];
  #fromBoard = 0;

  constructor(boardId: string, firmware: Uint8Array, bundle: Bundle, rates: FaultRates, random: Random) {
    this.machine = new Machine(boardId);
    this.machine.load(firmware);
    this.conversation = new Conversation({
      identity: identityOf(bundle, PROTOCOL_VERSION),
      board: 'the board',
      send: (bytes) => this.machine.send(disturbed(bytes, rates, random)),
      onAnswer: (answer) => this.answers.push(answer),
      msPerByte: msPerByte(findBoard(boardId).console.baudRate),
      inferenceMs: 5,
      ifSilent: [],
    });
    this.machine.onUart = (byte) => {
      this.#fromBoard++;
      if (this.#fromBoard >= (this.resetsAfter[0] ?? Infinity)) this.machine.stop();
      this.conversation.receive(disturbed(Uint8Array.of(byte), rates, random), this.now);
    };
  }

  get now(): number {
    return this.machine.timeUs / 1000;
  }

  /** Lets the board's time pass until the sample is answered. */
  ask(number: number, bytes: Uint8Array): void {
    this.conversation.give({ number, bytes }, this.now);
    while (!this.conversation.isFree) {
      const wait = Math.min(20, Math.max(0.1, this.conversation.deadline - this.now));
      const stop = this.machine.run((wait * this.machine.board.coreClockHz) / 1000);
      assert.notEqual(stop, 'fault', this.machine.fault?.message);
      if (this.#fromBoard >= (this.resetsAfter[0] ?? Infinity)) {
        this.resetsAfter.shift();
        this.machine.reset();
      }
      this.conversation.tick(stop === 'idle' ? this.conversation.deadline : this.now);
      if (this.conversation.failure) throw this.conversation.failure;
    }
  }
}

const sampleOf = (random: Random): Uint8Array =>
  Uint8Array.from({ length: INPUT_BYTES }, () =>
    random.bool(0.2) ? random.int(0x7c, 0x7f) : random.int(0, 255),
  );

describe('validate: PC and board', () => {
  let bundle: Bundle;
  let firmware: Uint8Array;
  const board = 'frdmke16z';
  before(async () => {
    bundle = await echoBundle();
    firmware = await validatorFirmware(findBoard(board), bundle);
  });

  for (const one of boards().filter(isSimulated)) {
    it(`${one.name}: the firmware builds without a warning, fits, and answers`, async () => {
      const elf = await validatorFirmware(one, bundle, (project) =>
        compileStrictly(one, project, bundle.name),
      );
      const random = new Random(1);
      for (const hurries of [false, true]) {
        const table = new Table(one.id, elf, bundle, PERFECT, random);
        if (hurries) table.machine.hurryConsole();
        table.machine.run(one.coreClockHz / 4);
        const samples = Array.from({ length: 3 }, () => sampleOf(random));
        samples.forEach((bytes, number) => table.ask(number, bytes));
        assert.deepEqual(
          table.answers.map((a) => [a.number, ...a.outputs]),
          samples.map((bytes, number) => [number, ...echoResult(bytes)]),
        );
        assert.deepEqual([table.conversation.retransmissions, table.conversation.resets], [0, 0]);
        assert.ok(table.answers.every((a) => a.timeUs > 0 && a.timeUs < 20_000));
      }
    });
  }

  it('every sample is answered once and right over a line that loses, doubles, changes and makes up bytes, by a board that is reset', () => {
    let [retransmissions, resets] = [0, 0];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 4 }),
        (seed, hurries, resetsAfter) => {
          const random = new Random(seed);
          const table = new Table(board, firmware, bundle, BAD, random);
          if (hurries) table.machine.hurryConsole();
          table.resetsAfter = resetsAfter.sort((a, b) => a - b);
          const samples = Array.from({ length: 10 }, () => sampleOf(random));
          samples.forEach((bytes, number) => table.ask(number, bytes));
          assert.deepEqual(
            table.answers.map((a) => [a.number, ...a.outputs]),
            samples.map((bytes, number) => [number, ...echoResult(bytes)]),
          );
          retransmissions += table.conversation.retransmissions;
          resets += table.conversation.resets;
        },
      ),
      { numRuns: 15 },
    );
    // it was a bad line indeed
    assert.ok(retransmissions > 100 && resets > 10, `${retransmissions} ${resets}`);
  });

  it('a request that comes twice is done once, and what may not come now is refused', () => {
    const table = new Table(board, firmware, bundle, PERFECT, new Random(1));
    const { machine } = table;
    machine.hurryConsole();
    const parser = new FrameParser();
    const frames: ReturnType<FrameParser['push']>[] = [];
    machine.onUart = (byte) => {
      const frame = parser.push(byte);
      if (frame) frames.push(frame);
    };
    const request = (type: number, sequence: number, bytes: Uint8Array): readonly number[] => {
      machine.send(encodeFrame({ type, sequence, bytes }));
      machine.run(5_000_000);
      const frame = frames.pop()!;
      assert.equal(frame.sequence, sequence);
      return [frame.type, ...frame.bytes];
    };
    const refused = [REFUSED, 2];
    const input = sampleOf(new Random(5));
    const data = (sequence: number, from: number): readonly number[] =>
      request(REQUEST.data, sequence, input.subarray(from, from + 128));
    const number = Uint8Array.of(9, 0, 0, 0);

    assert.equal(data(1, 0)[0], 0xc0, 'without a hello it says that it has just begun');
    assert.equal(request(REQUEST.hello, 7, new Uint8Array())[0], 0x81);
    assert.deepEqual(data(9, 0), refused, 'not the next one');
    assert.deepEqual(request(REQUEST.run, 8, number), refused, 'nothing is here yet');
    assert.deepEqual(data(8, 0), [0x82]);
    assert.deepEqual(data(8, 0), [0x82]);
    assert.deepEqual(data(9, 128), [0x82]);
    assert.deepEqual(data(10, 0), refused, 'more than the inputs take');
    assert.deepEqual(data(10, 256), [0x82]);
    const first = request(REQUEST.run, 11, number);
    assert.deepEqual(first.slice(0, 9), [0x83, 9, 0, 0, 0, 0, 0, 0, 0]);
    const outputs = [...echoResult(input)];
    assert.deepEqual(first.slice(13), outputs.slice(0, 116));
    // the very time: it has not run again
    assert.deepEqual(request(REQUEST.run, 11, number), first);
    assert.deepEqual(request(REQUEST.read, 12, Uint8Array.of(200, 0, 0, 0)), [0x84, ...outputs.slice(200)]);
    assert.deepEqual(request(REQUEST.read, 13, Uint8Array.of(255, 255, 0, 0)), refused);
    assert.deepEqual(request(5, 13, number), refused, 'no request');
  });

  it('an answer to another request than the one that is waited for is none', () => {
    const sent: Uint8Array[] = [];
    const conversation = new Conversation({
      identity: { version: PROTOCOL_VERSION, name: 'n', id: 5, inputBytes: 2, outputBytes: 1 },
      ...{ board: 'the board', msPerByte: 0, inferenceMs: 0, ifSilent: [] },
      send: (bytes) => sent.push(bytes),
      onAnswer: () => undefined,
    });
    conversation.give({ number: 0, bytes: Uint8Array.of(1, 2) }, 0);
    const parser = new FrameParser();
    const [hello] = [...sent[0]!].flatMap((byte) => parser.push(byte) ?? []);
    const introduction = Uint8Array.of(PROTOCOL_VERSION, 2, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0x6e);
    const answer = (sequence: number, type: number): void =>
      conversation.receive(encodeFrame({ type, sequence, bytes: introduction }), 1);
    answer(hello!.sequence + 1, 0x81);
    answer(hello!.sequence, 0x82);
    assert.equal(sent.length, 1);
    answer(hello!.sequence, 0x81);
    assert.equal(sent.length, 2);
  });

  it('firmware of another network is refused in a sentence', async () => {
    const others: [Bundle, RegExp][] = [
      [await echoBundle('other'), /has the network echo, not other/],
      [{ ...bundle, source: `${bundle.source} ` }, /has another echo: the model, its samples or the choices/],
      [
        { ...bundle, placeholders: bundle.placeholders.slice(1) },
        /takes 301 bytes and answers 257; echo takes 101/,
      ],
    ];
    for (const [other, sentence] of others) {
      const table = new Table(board, firmware, other, PERFECT, new Random(1));
      const bytes = new Uint8Array(identityOf(other, PROTOCOL_VERSION).inputBytes);
      assert.throws(() => table.ask(0, bytes), sentence);
    }
  });

  it('a board that never answers, falls silent or is reset over and over ends it in a sentence', () => {
    const dead = new Table(board, firmware, bundle, { ...PERFECT, lost: 1 }, new Random(1));
    assert.throws(() => dead.ask(0, new Uint8Array(INPUT_BYTES)), /^UserError: the board does not answer\.$/);
    const fading = new Table(board, firmware, bundle, PERFECT, new Random(1));
    fading.ask(0, new Uint8Array(INPUT_BYTES));
    fading.machine.onUart = () => undefined;
    assert.throws(
      () => fading.ask(1, new Uint8Array(INPUT_BYTES)),
      /does not answer any more, at sample 1\./,
    );
    const restless = new Table(board, firmware, bundle, PERFECT, new Random(1));
    restless.resetsAfter = Array.from({ length: 50 }, (_, i) => 100 + 60 * i);
    assert.throws(
      () => restless.ask(0, new Uint8Array(INPUT_BYTES)),
      /has begun anew 6 times with sample 0\./,
    );
  });

  it('random bytes neither crash nor hang the firmware, nor write outside the inputs', () => {
    const random = new Random(7);
    const table = new Table(board, firmware, bundle, PERFECT, random);
    table.machine.hurryConsole();
    const bytes = [0x7e, 0x7d, 1, 2, 3, 4, 128, 255];
    for (let i = 0; i < 300; i++) {
      const noise = Uint8Array.from({ length: random.int(1, 300) }, () =>
        random.bool(0.5) ? random.pick(bytes) : random.int(0, 255),
      );
      table.machine.send(noise);
      assert.notEqual(table.machine.run(2_000_000), 'fault', table.machine.fault?.message);
    }
    const input = sampleOf(random);
    table.ask(3, input);
    assert.deepEqual([...table.answers[0]!.outputs], [...echoResult(input)]);
  });
});
