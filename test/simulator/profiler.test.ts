import assert from 'node:assert/strict';
import { bareBoard } from '../../extension/simulator/boards/bareBoard.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildElf } from './assemble.ts';
import { buildFirmware } from './firmware.ts';

const functions = `
.syntax unified
.thumb
.macro function name
.global \\name
.type \\name, %function
.thumb_func
\\name:
.endm
function leaf
  nop
  bx lr
.size leaf, . - leaf
function twice               @ 3 + 3 + 2 * leaf + ...
  push {lr}
  bl leaf
  bl leaf
  pop {pc}
.size twice, . - twice
function tail
  nop
  b leaf
.size tail, . - tail
function callsTail
  push {lr}
  bl tail
  pop {pc}
.size callsTail, . - callsTail
function recursive           @ r0 levels
  push {r4, lr}
  subs r0, #1
  beq 1f
  bl recursive
1: pop {r4, pc}
.size recursive, . - recursive
function again               @ a loop to its own first instruction
  subs r0, #1
  bne again
  bx lr
.size again, . - again
`;

describe('simulator: profile by function', () => {
  let elf: Uint8Array;
  before(() => {
    elf = buildElf({ 'a.S': functions });
  });

  function profile(name: string, args: number[] = []) {
    const machine = new Machine(bareBoard(4096, 4096));
    machine.load(elf);
    const { cycles } = machine.call(name, args);
    machine.startProfile();
    const again = machine.call(name, args).cycles;
    assert.equal(again, cycles, 'profiling does not change what is measured');
    const symbols = machine.profile!;
    const exclusive = [...symbols.values()].reduce((sum, s) => sum + s.cycles, 0);
    assert.equal(exclusive, cycles, 'exclusive cycles add up');
    assert.equal(symbols.get(name)!.inclusive, cycles);
    return symbols;
  }

  it('tells own cycles from those of what is called', () => {
    const symbols = profile('twice');
    assert.deepEqual(symbols.get('leaf'), { cycles: 6, inclusive: 6, calls: 2 });
    // push 2, two calls 6, pop 4
    assert.deepEqual(symbols.get('twice'), { cycles: 12, inclusive: 18, calls: 1 });
  });

  it('takes a tail call for a call', () => {
    const symbols = profile('callsTail');
    assert.deepEqual(symbols.get('leaf'), { cycles: 3, inclusive: 3, calls: 1 });
    assert.deepEqual(symbols.get('tail'), { cycles: 3, inclusive: 6, calls: 1 });
    assert.deepEqual(symbols.get('callsTail'), { cycles: 9, inclusive: 15, calls: 1 });
  });

  it('counts a recursion once', () => {
    const { cycles, inclusive, calls } = profile('recursive', [5]).get('recursive')!;
    assert.equal(calls, 5);
    assert.equal(inclusive, cycles);
  });

  it('does not take a loop for a call', () => {
    assert.equal(profile('again', [7]).get('again')!.calls, 1);
  });

  it("keeps an interrupt's cycles out of what it interrupts, and all add up over a whole run", () => {
    const main = `
volatile int ms; void SysTick_Handler(void) { ms++; }
__attribute__((noinline)) void works(void) { for (volatile int i = 0; i < 2000; i++) {} }
int main(void) {
  init(); R32(0xE000E014) = 999; R32(0xE000E018) = 0; R32(0xE000E010) = 7;
  works(); works(); put('.'); R32(0xE000E010) = 0; return 0; }`;
    const firmware = buildFirmware('frdmke16z', main);
    const machine = new Machine('frdmke16z');
    machine.load(firmware);
    machine.startProfile();
    assert.equal(machine.run(20e6), 'idle', machine.fault?.message);
    const symbols = machine.profile!;
    const works = symbols.get('works')!;
    const handler = symbols.get('SysTick_Handler')!;
    assert.equal(
      [...symbols.values()].reduce((sum, s) => sum + s.cycles, 0),
      machine.cycles,
    );
    assert.equal(works.calls, 2);
    assert.ok(handler.calls > 30 && handler.inclusive === handler.cycles);
    // entry cycles count where the interrupt struck, the handler's own never
    assert.ok(works.inclusive - works.cycles === 0, `${works.inclusive} ${works.cycles}`);
  });

  it('gives the same whether waiting is skipped or executed', () => {
    const main =
      'int main(void) { init(); for (int i = 0; i < 5; i++) print("waits for its UART\\n"); return 0; }';
    const firmware = buildFirmware('lpc845breakout', main);
    const [skipped, executed] = [true, false].map((skip) => {
      const machine = new Machine('lpc845breakout');
      machine.skipWaiting = skip;
      machine.load(firmware);
      machine.startProfile();
      machine.run(3e6);
      return { symbols: machine.profile!, cycles: machine.cycles };
    });
    assert.deepEqual(skipped, executed);
    assert.ok(skipped!.symbols.get('main')!.inclusive > 2.9e6);
  });

  it('stops at every limit where a run without it stops, interrupts included', () => {
    const main = `
volatile int ticks; void SysTick_Handler(void) { ticks++; }
__attribute__((noinline)) void works(void) { ticks--; }
int main(void) { init(); R32(0xE000E014) = 99; R32(0xE000E018) = 0; R32(0xE000E010) = 7; for (;;) works(); }`;
    const firmware = buildFirmware('frdmke16z', main);
    const [usual, profiled] = [false, true].map((isProfiled) => {
      const machine = new Machine('frdmke16z');
      machine.load(firmware);
      if (isProfiled) machine.startProfile();
      return Array.from({ length: 3000 }, () => {
        machine.run(1);
        return [machine.cycles, machine.instructions];
      });
    });
    assert.deepEqual(profiled, usual);
  });
});
