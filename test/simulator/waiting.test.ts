import assert from 'node:assert/strict';
import { Machine, type MachineStop } from '../../extension/simulator/machine/machine.ts';
import { buildFirmware } from './firmware.ts';

const board = 'frdmk32l2b';
const hz = 48e6;

const sysTick = (period: number): string =>
  `R32(0xE000E014) = ${period - 1}; R32(0xE000E018) = 0; R32(0xE000E010) = 7;`;

interface Outcome {
  readonly stop: MachineStop;
  readonly text: string;
  readonly times: readonly number[];
  readonly cycles: number;
  readonly instructions: number;
  readonly machine: Machine;
}

function run(main: string, cycles: number, skipWaiting = true, input = ''): Outcome {
  const machine = new Machine(board);
  machine.skipWaiting = skipWaiting;
  let text = '';
  const times: number[] = [];
  machine.onUart = (byte, timeUs) => {
    text += String.fromCharCode(byte);
    times.push(timeUs);
  };
  machine.load(buildFirmware(board, main));
  if (input) machine.send(Buffer.from(input));
  const stop = machine.run(cycles);
  return { stop, text, times, cycles: machine.cycles, instructions: machine.instructions, machine };
}

/** Firmware that waits in all the ways firmware does. */
const waiting: Readonly<Record<string, string>> = {
  'a branch to itself, ticking': `
volatile int ms; void SysTick_Handler(void) { if (++ms % 10 == 0) put('.'); }
int main(void) { init(); ${sysTick(48000)} for (;;) {} }`,
  'a poll of a variable that an interrupt changes': `
volatile int ms; void SysTick_Handler(void) { ms++; }
int main(void) { init(); ${sysTick(48000)} for (int n = 0; ; n += 7) { while (ms < n) {} put('.'); } }`,
  'WFI between ticks': `
volatile int ms; void SysTick_Handler(void) { ms++; }
int main(void) { init(); ${sysTick(48000)} for (;;) { __asm volatile("wfi"); if (ms % 5 == 0) put('.'); } }`,
  'a poll of COUNTFLAG': `
int main(void) { init(); ${sysTick(48000)} R32(0xE000E010) = 5; for (;;) { while (!(R32(0xE000E010) & 0x10000)) {} put('.'); } }`,
  'a poll of VAL': `
int main(void) { init(); ${sysTick(48000)} R32(0xE000E010) = 5; for (;;) { while (R32(0xE000E018) > 100) {} while (R32(0xE000E018) <= 100) {} put('.'); } }`,
  'a poll with a counter that runs out': `
int main(void) { init(); for (int k = 0; k < 20; k++) { int n = 0; while (!RECEIVED && n < 5000) n++; put('.'); } for (;;) {} }`,
  'a poll of the receiver by a function with a stack frame': `
__attribute__((noinline)) int received(volatile int *p) { volatile int copy = *p; return copy & 0x200000; }
int main(void) { init(); for (;;) { while (!received((volatile int *)0x40054004)) {} put(RECEIVE); } }`,
};

describe('simulator: waiting', () => {
  for (const [name, main] of Object.entries(waiting)) {
    it(`skipped or executed, the result is the same: ${name}`, () => {
      for (const limit of [1_234_567, 3e6]) {
        const skipped = run(main, limit, true, 'abc');
        const executed = run(main, limit, false, 'abc');
        assert.deepEqual(
          [skipped.text, skipped.times, skipped.cycles, skipped.instructions, skipped.stop],
          [executed.text, executed.times, executed.cycles, executed.instructions, executed.stop],
        );
        assert.ok(skipped.text.length >= 2);
      }
    });
  }

  it('is idle at once in a branch to itself with nothing due', () => {
    const { stop, machine, cycles } = run('int main(void) { init(); put(65); return 0; }', 1e9);
    assert.equal(stop, 'idle');
    assert.ok(cycles < 10_000 && machine.idleSince!.cycles < 10_000);
  });

  it('is idle in a poll of the receiver', () => {
    const { stop, cycles } = run(
      'int main(void) { init(); for (;;) { while (!RECEIVED) {} put(RECEIVE); } }',
      1e9,
    );
    assert.equal(stop, 'idle');
    assert.ok(cycles < 10_000);
  });

  it('is not idle when what it polls for happens while it is looked at', () => {
    const [first, last] = [680, 700]; // rounds that take a little less than a byte on the wire
    const { text } = run(
      `__attribute__((noinline)) void pause(int rounds) { while (rounds--) __asm volatile(""); }
int main(void) {
  init();
  for (int n = ${first}; n < ${last}; n++) {
    DATA = '.';
    pause(n);
    while (!(R32(0x40054004) & 0x00400000)) {}
  }
  return 0;
}`,
      1e8,
    );
    assert.equal(text, '.'.repeat(last - first));
  });

  it('is idle asleep with interrupts masked for good', () => {
    assert.equal(
      run('int main(void) { __asm volatile("cpsid i"); for (;;) __asm volatile("wfi"); }', 1e9).stop,
      'idle',
    );
  });

  for (const [name, loop] of [
    ['spins', 'for (;;) {}'],
    ['sleeps', 'for (;;) __asm volatile("wfi");'],
    ['polls', 'while (ms >= 0) {}'],
  ]) {
    it(`is idle when it only ticks and ${name}, since the time it began to`, () => {
      const main = `volatile int ms; void SysTick_Handler(void) { ms++; }
int main(void) { init(); ${sysTick(48000)} print("done\\n"); ${loop} }`;
      const { stop, machine, text } = run(main, 2e9);
      assert.equal(stop, 'idle');
      assert.equal(text, 'done\n');
      assert.ok(machine.idleSince!.cycles < 100_000, String(machine.idleSince!.cycles));
    });
  }

  it('is not idle while something is printed now and then', () => {
    const main = `volatile int ms; void SysTick_Handler(void) { if (++ms % 3000 == 0) put('.'); }
int main(void) { init(); ${sysTick(48000)} for (;;) {} }`;
    const { stop, text } = run(main, 20 * hz);
    assert.equal(stop, 'cycle-limit');
    assert.equal(text.length, 6);
  });

  it('is not idle while it works without printing', () => {
    const main =
      'int main(void) { init(); volatile unsigned n = 1; while (n) { n = n * 1103515245u + 12346u | 1; } return 0; }';
    assert.equal(run(main, 5e6).stop, 'cycle-limit');
  });
});
