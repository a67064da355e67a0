import assert from 'node:assert/strict';
import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { Machine, type MachineState } from '../../extension/simulator/machine/machine.ts';
import { buildFirmware } from '../simulator/firmware.ts';
import { Random } from '../support/random.ts';
import { BUSY } from './firmware.ts';

const LIMIT = 1_500_000;
/** When input comes: after all boards have brought their console up. */
const INPUT_AT = 400_000;

/** A board with firmware that uses all there is, given input on the way. */
class Board {
  readonly machine: Machine;
  text = '';

  constructor(id: string, firmware: Uint8Array) {
    this.machine = new Machine(id);
    this.machine.onUart = (byte, timeUs) => (this.text += `${String.fromCharCode(byte)}@${timeUs} `);
    this.machine.load(firmware);
  }

  runTo(cycles: number): void {
    if (this.machine.cycles < INPUT_AT && cycles >= INPUT_AT) {
      this.machine.run(INPUT_AT - this.machine.cycles, false);
      this.machine.send(Buffer.from('GlowPort debugs'));
    }
    this.machine.run(cycles - this.machine.cycles, false);
  }

  /** Everything that can be seen, and everything that is kept. */
  get all(): { readonly state: MachineState; readonly text: string } {
    this.machine.debugPort.settle();
    return { state: this.machine.save(), text: this.text };
  }
}

describe('debug: a saved machine', () => {
  for (const { id } of simulatedBoards()) {
    it(`${id} goes on from where it was saved, to the same cycles, bytes, registers and memory`, () => {
      const firmware = buildFirmware(id, BUSY);
      const random = new Random(Number(process.env['GLOWPORT_SEED'] ?? 1));
      const whole = new Board(id, firmware);
      whole.runTo(LIMIT);
      assert.match(whole.text, /g@.*L@.*\.@/, 'it echoes and ticks');
      const expected = whole.all;
      for (let i = 0; i < 5; i++) {
        const board = new Board(id, firmware);
        board.runTo(random.int(1, LIMIT));
        const { machine } = board;
        const saved = machine.save();
        const copy = structuredClone(saved);
        const printed = board.text;
        board.runTo(random.int(machine.cycles, LIMIT));
        machine.writeMemory(machine.board.memories[1]!.origin, new Uint8Array(256));
        assert.deepEqual(saved, copy, 'what was saved is not changed by going on');
        machine.restore(saved);
        assert.deepEqual(machine.save(), saved);
        board.text = printed;
        board.runTo(LIMIT);
        assert.deepEqual(board.all, expected);
      }
    });
  }

  for (const { id } of simulatedBoards()) {
    it(`${id} is put back from any point to any other`, () => {
      const firmware = buildFirmware(id, BUSY);
      const random = new Random(Number(process.env['GLOWPORT_SEED'] ?? 1));
      const board = new Board(id, firmware);
      const { machine } = board;
      const saved = [machine.save()];
      for (let i = 1; i < 20; i++) {
        board.runTo(i * 300);
        saved.push(machine.save());
      }
      board.runTo(INPUT_AT + 1000);
      while (saved.length < 80) {
        machine.run(1, false);
        const inUart = (machine.debugPort.readRegister('xpsr') & 63) >= 16;
        if (inUart || random.bool(0.001)) saved.push(machine.save());
      }
      const lines = new Set(saved.map(({ core }) => core.nvic.lines));
      assert.ok(lines.size > 1, 'some have an interrupt of the UART');
      for (let i = 0; i < 200; i++) {
        const state = random.pick(saved);
        machine.restore(state);
        assert.deepEqual(machine.save(), state);
      }
    });
  }

  it('can be put into another machine with the same firmware, flash included', () => {
    const firmware = buildFirmware('frdmke04z', BUSY);
    const [one, other] = [new Board('frdmke04z', firmware), new Board('frdmke04z', firmware)];
    one.runTo(700_000);
    one.machine.writeMemory(0x1c00, Uint8Array.of(1, 2, 3));
    other.machine.restore(one.machine.save());
    other.text = one.text;
    one.runTo(LIMIT);
    other.runTo(LIMIT);
    assert.deepEqual(other.all, one.all);
    assert.deepEqual([...other.machine.readMemory(0x1c00, 3)], [1, 2, 3]);
  });
});
