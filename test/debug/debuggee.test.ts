import assert from 'node:assert/strict';
import type { Stop } from '../../extension/debug/target/stop.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildFirmware } from '../simulator/firmware.ts';
import { oneOfEachConsole } from '../simulator/consoles.ts';
import { Random } from '../support/random.ts';
import { debugged, finish } from './board.ts';
import { BUSY } from './firmware.ts';

const boardId = 'frdmke16z';
const firmware = buildFirmware(boardId, BUSY);
const seed = Number(process.env['GLOWPORT_SEED'] ?? 1);
const SMALL = { interval: 5000, mostBytes: 2 << 20 };

/** Runs to about a cycle, and on to where the board is awake and about to execute an instruction. */
function runTo({ debuggee, machine }: ReturnType<typeof debugged>, cycles: number): void {
  while (machine.cycles < cycles) debuggee.history.run(cycles);
  finish(debuggee, debuggee.step());
}

describe('debug: a board under a debugger', () => {
  for (const { id } of oneOfEachConsole) {
    it(`${id}: as many steps back as forward lead to the same registers, memory and peripherals`, () => {
      const random = new Random(seed);
      const board = debugged(id, buildFirmware(id, BUSY), SMALL);
      const { debuggee, machine } = board;
      for (let round = 0; round < 6; round++) {
        runTo(board, machine.cycles + random.int(30_000, 150_000));
        if (round === 3) debuggee.change({ kind: 'uart', bytes: Buffer.from('input') });
        const states = [machine.save()];
        for (let i = 0; i < 600; i++) {
          if (i === 100) {
            debuggee.change({
              kind: 'memory',
              address: machine.symbol('echoed').address,
              bytes: Uint8Array.of(round),
            });
            debuggee.change({ kind: 'register', register: 12, value: round });
            states[states.length - 1] = machine.save();
          }
          assert.equal(finish(debuggee, debuggee.step()).kind, 'step');
          states.push(machine.save());
        }
        for (const [back, state] of states.reverse().entries()) {
          if (back > 0) assert.equal(finish(debuggee, debuggee.reverseStep()).kind, 'step');
          assert.deepEqual(machine.save(), state, `${back} steps back in round ${round}`);
        }
      }
    });
  }

  it('meets each breakpoint as often as its instruction is executed, forward and in the opposite order back', () => {
    const LIMIT = 300_000;
    const machine = new Machine(boardId);
    machine.load(firmware);
    const places = ['work', 'depth', 'SysTick_Handler', 'mix'].map(
      (name) => machine.symbol(name).address & ~1,
    );
    const expected: number[] = [];
    while (machine.cycles < LIMIT) {
      machine.debugPort.settle();
      if (places.includes(machine.debugPort.pc) && machine.cycles < LIMIT) expected.push(machine.cycles);
      machine.run(1);
    }
    const board = debugged(boardId, firmware, SMALL);
    const { debuggee } = board;
    debuggee.breakpoints = new Set(places);
    const forward: number[] = [];
    for (;;) {
      assert.equal(finish(debuggee, debuggee.continue()).kind, 'breakpoint');
      if (board.machine.cycles >= LIMIT) break;
      assert.ok(places.includes(board.machine.debugPort.pc));
      forward.push(board.machine.cycles);
    }
    assert.ok(expected.length > 1000);
    assert.deepEqual(forward, expected);
    for (const cycles of forward.reverse().slice(0, 100)) {
      assert.equal(finish(debuggee, debuggee.reverseContinue()).kind, 'breakpoint');
      assert.equal(board.machine.cycles, cycles);
    }
    debuggee.breakpoints = new Set();
    assert.equal(finish(debuggee, debuggee.reverseContinue()).kind, 'begin');
    assert.equal(board.machine.cycles, 0);
    assert.equal(finish(debuggee, debuggee.reverseStep()).kind, 'begin');
  });

  it('stops before an instruction writes what is watched, and behind it on the way back', () => {
    const board = debugged(boardId, firmware, SMALL);
    const { debuggee, machine } = board;
    const { address } = machine.symbol('ms');
    const read = (): number => machine.readMemory(address, 1)[0]!;
    runTo(board, 100_000);
    debuggee.watchpoints = [{ address, size: 4, access: 'write' }];
    const begun = read();
    const places: number[] = [];
    for (let i = 1; i <= 5; i++) {
      const stop = finish(debuggee, debuggee.continue());
      assert.ok(stop.kind === 'watchpoint' && stop.address === address);
      assert.equal(read(), begun + i - 1, 'not written yet');
      places.push(machine.cycles);
      debuggee.watchpoints = [];
      finish(debuggee, debuggee.step());
      assert.equal(read(), begun + i);
      debuggee.watchpoints = [{ address, size: 4, access: 'write' }];
    }
    for (const [i, cycles] of places.reverse().entries()) {
      assert.equal(finish(debuggee, debuggee.reverseContinue()).kind, 'watchpoint');
      assert.equal(read(), begun + 5 - i, 'not undone yet');
      finish(debuggee, debuggee.reverseStep());
      assert.equal(machine.cycles, cycles);
    }
    debuggee.watchpoints = [{ address: machine.symbol('echoed').address, size: 1, access: 'read' }];
    debuggee.change({ kind: 'uart', bytes: Buffer.from('x') });
    const stop = finish(debuggee, debuggee.continue());
    assert.ok(stop.kind === 'watchpoint' && stop.watchpoint.access === 'read');
    assert.equal(machine.symbols.functionAt(machine.debugPort.pc)?.name, 'UART_Handler');
    assert.equal(
      finish(debuggee, debuggee.continue(), 50).kind,
      'interrupt',
      'who does not remove it passes it',
    );
  });

  it('goes back, and forward again with the same input: the same state, and nothing is printed twice', () => {
    const random = new Random(seed);
    const board = debugged(boardId, firmware, SMALL);
    const { debuggee, machine } = board;
    for (const text of ['Glow', 'Port', '!']) {
      runTo(board, machine.cycles + random.int(50_000, 300_000));
      debuggee.change({ kind: 'uart', bytes: Buffer.from(text) });
    }
    runTo(board, 1_300_000);
    const { instructions } = machine;
    const state = machine.save();
    const printed = board.printed();
    assert.match(printed, /g[^]*L[^]*O[^]*W[^]*p[^]*O[^]*R[^]*T/);
    for (let i = 0; i < 20; i++) {
      debuggee.history.goTo(random.int(0, instructions));
      if (random.bool()) runTo(board, machine.cycles + random.int(0, 20_000));
      debuggee.history.goTo(instructions);
      assert.deepEqual(machine.save(), state);
    }
    assert.equal(board.printed(), printed);
    debuggee.history.goTo(Math.floor(instructions / 2));
    const before = machine.cycles;
    debuggee.change({ kind: 'reset' });
    while (machine.cycles < before + 400_000) debuggee.history.run(before + 400_000);
    assert.ok(
      board.printed().startsWith(printed) && board.printed().length > printed.length,
      'another future is printed',
    );
  });

  it('keeps the past within a limit, and its beginning always', () => {
    const mostBytes = 400_000;
    const board = debugged(boardId, firmware, { interval: 1000, mostBytes });
    const { debuggee, machine } = board;
    runTo(board, 2_000_000);
    const { figures } = debuggee.history;
    assert.ok(figures.bytes <= mostBytes && figures.snapshots > 5, JSON.stringify(figures));
    assert.equal(figures.begin, 0);
    debuggee.history.goTo(12_345);
    assert.equal(machine.instructions, 12_345);
  });

  it('is interrupted wherever it runs', () => {
    const { debuggee, machine } = debugged(boardId, firmware);
    assert.equal(finish(debuggee, debuggee.continue(), 10).kind, 'interrupt');
    assert.equal(finish(debuggee, debuggee.step(0, 0xffffffff), 10).kind, 'interrupt');
    const { cycles } = machine;
    assert.equal(finish(debuggee, debuggee.reverseContinue(), 3).kind, 'interrupt');
    assert.equal(machine.cycles, cycles, 'it stands where it stood');
  });

  it('waits in a step over WFI until an interrupt comes', () => {
    const board = debugged(
      boardId,
      buildFirmware(boardId, `int main(void) { init(); RECEIVE_INTERRUPT; R32(0xE000E100) = 1u << INTERRUPT;
        __asm volatile("wait: wfi\\n nop"); for (;;) {} }
        volatile int seen; void UART_Handler(void) { seen = RECEIVE; }`),
    ); // prettier-ignore
    const { debuggee, machine } = board;
    debuggee.breakpoints = new Set([machine.symbol('wait').address & ~1]);
    assert.equal(finish(debuggee, debuggee.continue()).kind, 'breakpoint');
    const { pc } = machine.debugPort;
    debuggee.change({ kind: 'uart', bytes: Buffer.from('A') });
    const { instructions } = machine;
    assert.equal(finish(debuggee, debuggee.step()).kind, 'step');
    assert.equal(machine.debugPort.pc, pc + 2);
    assert.equal(machine.readMemory(machine.symbol('seen').address, 1)[0], 65, 'with the handler');
    assert.equal(finish(debuggee, debuggee.reverseStep()).kind, 'step');
    assert.equal(machine.instructions, instructions);
  });
});

/** Statements that fault, what is told, and where: the instruction at the label, or an address. */
const FAULTS: readonly (readonly [string, RegExp, string, string | number])[] = [
  ['__asm volatile("ldr r0, =0x30000000\\n guilty: ldr r1, [r0]" ::: "r0", "r1")', /a read of 4 bytes at 0x30000000/, 'bus', 'guilty'],
  ['__asm volatile("movs r0, #1\\n ldr r1, =0x20000000\\n add r0, r1\\n guilty: str r1, [r0]" ::: "r0", "r1")', /an unaligned write/, 'unaligned', 'guilty'],
  ['__asm volatile("guilty: udf #3")', /an instruction this core does not have/, 'undefined', 'guilty'],
  ['((void (*)(void))0x30000001)()', /a jump to 0x30000000/, 'fetch', 0x30000000],
  ['__asm volatile("guilty: bkpt #7")', /BKPT 7/, 'breakpoint', 'guilty'],
  ['__asm volatile("cpsid i\\n guilty: svc #1")', /an SVC 1/, 'svc', 'guilty'],
  ['__asm volatile("movs r0, #0\\n mov sp, r0\\n guilty: udf #1")', /locked up/, 'undefined', 'guilty'],
]; // prettier-ignore

describe('debug: faults', () => {
  for (const [statement, sentence, kind, place] of FAULTS) {
    it(`stop at the guilty instruction: ${statement}`, () => {
      const { debuggee, machine } = debugged(
        boardId,
        buildFirmware(boardId, `volatile int handled; void HardFault_Handler(void) { handled = 1; for (;;) {} }
          int main(void) { init(); ${statement}; for (;;) {} }`),
      ); // prettier-ignore
      const stop: Stop = finish(debuggee, debuggee.continue());
      assert.ok(stop.kind === 'fault' && stop.cause.kind === kind, stop.kind);
      assert.match(stop.fault.message, sentence);
      const pc = typeof place === 'number' ? place : machine.symbol(place).address & ~1;
      assert.equal(machine.debugPort.pc, pc);
      assert.equal(machine.debugPort.nesting, 0, 'before the handler');
      const { cycles } = machine;
      finish(debuggee, debuggee.reverseStep());
      assert.ok(machine.cycles < cycles);
      finish(debuggee, debuggee.step());
      if (kind === 'fetch') assert.equal(finish(debuggee, debuggee.continue()).kind, 'fault');
      assert.equal(machine.cycles, cycles);
      if (sentence.source === 'locked up') {
        for (let i = 0; i < 3; i++) assert.equal(finish(debuggee, debuggee.continue()).kind, 'fault');
        return;
      }
      if (kind === 'breakpoint') {
        assert.equal(finish(debuggee, debuggee.continue()).kind, 'fault');
        finish(debuggee, debuggee.step());
        assert.equal(machine.debugPort.pc, pc + 2, 'a BKPT is passed');
        return;
      }
      const handled = machine.symbol('handled').address;
      debuggee.watchpoints = [{ address: handled, size: 4, access: 'write' }];
      const kinds = [finish(debuggee, debuggee.continue()).kind, finish(debuggee, debuggee.continue()).kind];
      assert.ok(kinds.includes('watchpoint'), `the firmware's handler comes next: ${kinds.join()}`);
    });
  }

  it('are not stopped for twice when the firmware deals with them', () => {
    const { debuggee, machine } = debugged(
      boardId,
      buildFirmware(boardId, `void HardFault_Handler(void) { __asm volatile("mov r0, sp\\n ldr r1, [r0, #24]\\n add r1, #2\\n str r1, [r0, #24]\\n bx lr"); }
        int main(void) { init(); __asm volatile("udf #1"); put('A'); __asm volatile("udf #2"); put('B'); for (;;) {} }`),
    ); // prettier-ignore
    const first = finish(debuggee, debuggee.continue());
    const { pc } = machine.debugPort;
    const second = finish(debuggee, debuggee.continue());
    assert.deepEqual([first.kind, second.kind], ['fault', 'fault']);
    assert.notEqual(machine.debugPort.pc, pc);
    assert.equal(finish(debuggee, debuggee.continue(), 50).kind, 'interrupt');
  });

  it('a semihosting exit stops, and can be looked at', () => {
    const exit = '__asm volatile("movs r0, #0x18\\n movs r1, #0\\n bkpt #0xab" ::: "r0", "r1")';
    const { debuggee } = debugged(
      boardId,
      buildFirmware(boardId, `int main(void) { init(); ${exit}; for (;;) {} }`),
    );
    assert.equal(finish(debuggee, debuggee.continue()).kind, 'exited');
  });
});
