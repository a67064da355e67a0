import assert from 'node:assert/strict';
import { assemble } from './assemble.ts';
import { TestCore } from './testCore.ts';

/* Exceptions, NVIC, SysTick and sleep: ARMv6-M Architecture Reference Manual B1.5, B3.2 to B3.4. */

const RAM = 0x20000000;
const top = RAM + 0x1000;

/** A program with a vector table; `name:` labels of handlers are vectors, the rest is 0. */
function boot(source: string, vectors: Readonly<Record<number, string>> = {}): TestCore {
  const table = Array.from({ length: 48 }, (_, i) =>
    i === 0 ? `${top}` : vectors[i] ? `${vectors[i]} + 1` : i === 1 ? 'reset + 1' : '0',
  );
  const test = new TestCore();
  test.load(assemble(`.word ${table.join(', ')}\n${source}\n.ltorg`));
  test.core.reset();
  return test;
}

/** Runs to the `b .` that ends it. */
function finish(test: TestCore, cycles = 100_000): void {
  const end = test.clock.now + cycles;
  assert.equal(test.core.run(end), 'waiting');
}

describe('simulator: exceptions', () => {
  it('takes the stack pointer and the first instruction from the vector table', () => {
    const test = boot('reset: movs r0, #7\nb .');
    assert.equal(test.core.registers[13], top);
    finish(test);
    assert.equal(test.core.registers[0], 7);
  });

  it('stacks r0-r3, r12, lr, pc and xPSR, aligns the stack, and gives all back', () => {
    const source = `
reset: sub sp, #4            @ not a multiple of 8: the frame is moved and xPSR bit 9 says so
  ldr r0, =0x12121212
  mov r12, r0
  ldr r0, =0x14141414
  mov lr, r0
  movs r0, #1
  movs r1, #2
  movs r2, #3
  movs r3, #0
  cmp r0, r1                 @ N
  svc #5
after: b .
svc: mrs r7, msp
  mrs r6, ipsr
  mov r5, lr
  movs r0, #99
  movs r1, #99
  mov r12, r0
  cmp r0, r0
  bx lr`;
    const test = boot(source, { 11: 'svc' });
    finish(test);
    const { registers } = test.core;
    assert.deepEqual(
      [registers[0], registers[1], registers[2], registers[3], registers[12]],
      [1, 2, 3, 0, 0x12121212],
    );
    assert.equal(registers[14], 0x14141414);
    assert.equal(registers[6], 11, 'IPSR in the handler');
    assert.equal(registers[5]! >>> 0, 0xfffffff9);
    assert.equal(registers[7], top - 4 - 4 - 32);
    assert.equal(registers[13], top - 4);
    assert.equal(test.core.apsr >>> 28, 0b1000);
    const frame = Array.from({ length: 8 }, (_, i) => test.word(registers[7]! + 4 * i));
    assert.deepEqual(frame.slice(0, 6), [1, 2, 3, 0, 0x12121212, 0x14141414]);
    assert.equal(frame[6], test.symbol('after'));
    assert.equal(frame[7], (0x80000000 | (1 << 24) | (1 << 9)) >>> 0);
  });

  it('costs about 15 cycles each way', () => {
    const test = boot('reset: svc #0\nb .\nsvc: bx lr', { 11: 'svc' });
    finish(test);
    // svc 1, entry 15, bx 2 and the rest of the way back 13, b 2
    assert.equal(test.clock.now, 33);
  });

  it('switches to the process stack with CONTROL and returns to it', () => {
    const source = `
reset: ldr r0, =${RAM + 0x800}
  msr psp, r0
  movs r0, #2
  msr control, r0
  isb
  mov r4, sp
  svc #0
  mov r5, sp
  mrs r6, msp
  b .
svc: mov r7, lr
  mrs r3, psp
  mov r8, r3
  pop {r0}
  push {r0}
  bx lr`;
    const test = boot(source, { 11: 'svc' });
    finish(test);
    const R = test.core.registers;
    assert.deepEqual([R[4], R[5], R[6], R[8]], [RAM + 0x800, RAM + 0x800, top, RAM + 0x800 - 32]);
    assert.equal(R[7]! >>> 0, 0xfffffffd);
  });

  it('enables, prioritises and nests interrupts; tail-chains the less urgent one', () => {
    const source = `
reset: ldr r7, =0xe000e100
  ldr r0, =0x00004000        @ interrupts 0 to 2: priorities 0, 1, 0
  ldr r1, =0xe000e400
  str r0, [r1]
  movs r0, #7
  str r0, [r7]               @ ISER
  ldr r6, =0xe000e200        @ ISPR
  ldr r5, =${RAM}            @ log
  movs r4, #2
  str r4, [r6]               @ pend interrupt 1
  b .
irq0: movs r0, #10
  strb r0, [r5]
  adds r5, #1
  bx lr
irq1: push {lr}
  movs r0, #20
  strb r0, [r5]
  adds r5, #1
  movs r4, #5
  str r4, [r6]               @ 0 and 2, both more urgent, 0 first
  nop
  movs r0, #21
  strb r0, [r5]
  adds r5, #1
  pop {pc}
irq2: movs r0, #30
  strb r0, [r5]
  adds r5, #1
  bx lr`;
    const test = boot(source, { 16: 'irq0', 17: 'irq1', 18: 'irq2' });
    finish(test);
    // r5 is not stacked: the handlers share it on purpose
    assert.deepEqual([...test.bytes(RAM, 4)], [20, 10, 30, 21]);
    assert.equal(test.nvic.pendingInterrupts, 0);
    assert.equal(test.nvic.current, 0);
  });

  it('keeps interrupts out with PRIMASK, and takes what is pending when it goes', () => {
    const source = `
reset: cpsid i
  ldr r7, =0xe000ed04
  ldr r0, =0x10000000        @ PENDSVSET
  str r0, [r7]
  movs r6, #1
  nop
  ldr r4, [r7]
  cpsie i
  nop
  b .
pendsv: movs r5, #1
  mov r3, r6
  mov r9, r3
  bx lr`;
    const test = boot(source, { 14: 'pendsv' });
    finish(test);
    assert.equal(test.core.registers[5], 1);
    assert.equal(test.core.registers[9], 1, 'only after cpsie');
    assert.equal(test.core.registers[4]! >>> 0, 0x1000e000, 'ICSR: PENDSVSET, VECTPENDING 14');
  });

  it('escalates SVC to HardFault when it is masked', () => {
    const test = boot('reset: cpsid i\nsvc #3\nb .\nfault: b .\n', { 3: 'fault', 11: 'fault' });
    assert.equal(test.core.run(1000), 'fault');
    assert.deepEqual(test.core.fault!.cause.reason, { kind: 'svc', number: 3 });
    assert.equal(test.nvic.current, 3);
  });

  it('returns from a HardFault handler that mends the cause', () => {
    const source = `
reset: ldr r0, =0x30000000
  ldr r1, [r0]
  movs r2, #1
  b .
fault: ldr r1, [sp, #24]
  adds r1, #2
  str r1, [sp, #24]
  bx lr`;
    const test = boot(source, { 3: 'fault' });
    assert.equal(test.core.run(1000), 'fault');
    finish(test);
    assert.equal(test.core.registers[2], 1);
    assert.equal(test.nvic.current, 0);
  });

  it('faults on an exception return value that does not exist', () => {
    const test = boot('reset: svc #0\nb .\nsvc: ldr r0, =0xfffffff5\nbx r0\nfault: b .', {
      3: 'fault',
      11: 'svc',
    });
    assert.equal(test.core.run(1000), 'fault');
    assert.equal(test.core.fault!.cause.reason.kind, 'exception-return');
  });

  it('follows VTOR', () => {
    const source = `
reset: ldr r0, =0xe000ed08
  ldr r1, =other
  str r1, [r0]
  svc #0
  b .
  .balign 256
other: .space 44
  .word moved + 1
moved: movs r7, #3
  bx lr`;
    const test = boot(source);
    finish(test);
    assert.equal(test.core.registers[7], 3);
  });

  it('asks for a reset by AIRCR, with the key only', () => {
    const test = boot(
      'reset: ldr r0, =0xe000ed0c\nldr r1, =4\nstr r1, [r0]\nldr r1, =0x05fa0004\nstr r1, [r0]\nb .',
    );
    assert.equal(test.core.run(1000), 'reset');
    assert.equal(test.core.registers[1], 0x05fa0004);
  });

  it('reads what a Cortex-M0+ says of itself', () => {
    const registers = {
      0xe000ed00: 0x410cc601,
      0xe000ed14: 0x208,
      0xe000ed0c: 0xfa050000,
      0xe000ed90: 0,
      0xe000edf0: 0,
    };
    const test = new TestCore();
    for (const [address, value] of Object.entries(registers)) {
      assert.equal(test.systemControl.read(Number(address), 4) >>> 0, value, Number(address).toString(16));
    }
    test.systemControl.write(0xe000ed20, 4, 0xffffffff);
    assert.equal(test.systemControl.read(0xe000ed20, 4) >>> 0, 0xc0c00000, 'two priority bits');
    test.systemControl.write(0xe000e404, 4, 0xffffffff);
    assert.equal(test.systemControl.read(0xe000e404, 4) >>> 0, 0xc0c0c0c0);
    test.systemControl.write(0xe000e405, 1, 0x40);
    assert.equal(test.systemControl.read(0xe000e404, 4) >>> 0, 0xc0c040c0);
  });
});

describe('simulator: sleep', () => {
  it('WFI sleeps until an interrupt, takes it, goes on', () => {
    const source = `
reset: ldr r0, =0xe000e010
  ldr r1, =999
  str r1, [r0, #4]
  str r1, [r0, #8]
  movs r1, #7
  str r1, [r0]
  wfi
  movs r6, #1
  b .
tick: movs r5, #1
  bx lr`;
    const test = boot(source, { 15: 'tick' });
    finish(test);
    assert.deepEqual([test.core.registers[5], test.core.registers[6]], [1, 1]);
    assert.ok(test.core.sleptCycles > 900 && test.clock.now > 1000 && test.clock.now < 1100);
    assert.ok(test.core.instructions < 20);
  });

  it('WFI with PRIMASK set ends when an interrupt pends, without taking it', () => {
    const source = `
reset: cpsid i
  ldr r0, =0xe000ed04
  ldr r1, =0x10000000
  str r1, [r0]
  wfi
  movs r6, #1
  b .
pendsv: movs r5, #1
  bx lr`;
    const test = boot(source, { 14: 'pendsv' });
    finish(test);
    assert.deepEqual([test.core.registers[5], test.core.registers[6]], [0, 1]);
  });

  it('sleeps for good when nothing is left', () => {
    const test = boot('reset: wfi\nb .');
    assert.equal(test.core.run(1e9), 'asleep');
    assert.ok(test.clock.now < 10);
  });

  it('WFE takes the event that SEV left', () => {
    const test = boot('reset: sev\nwfe\nmovs r6, #1\nwfe\nb .');
    assert.equal(test.core.run(1e6), 'asleep');
    assert.equal(test.core.registers[6], 1);
  });

  it('SLEEPONEXIT sleeps when the handler returns to Thread mode', () => {
    const source = `
reset: ldr r0, =0xe000ed10
  movs r1, #2
  str r1, [r0]
  ldr r0, =0xe000ed04
  ldr r1, =0x10000000
  str r1, [r0]
  movs r6, #1
  b .
pendsv: adds r5, #1
  bx lr`;
    const test = boot(source, { 14: 'pendsv' });
    assert.equal(test.core.run(1e6), 'asleep');
    assert.deepEqual([test.core.registers[5], test.core.registers[6]], [1, 0]);
  });
});

describe('simulator: SysTick', () => {
  /** A SysTick alone, with its clock moved by hand. */
  function sysTick() {
    const test = new TestCore();
    const { clock, systemControl } = test;
    return {
      test,
      at: (time: number) => {
        clock.now = time;
        clock.fireDue();
      },
      read: (register: 'CTRL' | 'LOAD' | 'VAL') =>
        systemControl.read({ CTRL: 0xe000e010, LOAD: 0xe000e014, VAL: 0xe000e018 }[register], 4),
      write: (register: 'CTRL' | 'LOAD' | 'VAL', value: number) => {
        systemControl.write({ CTRL: 0xe000e010, LOAD: 0xe000e014, VAL: 0xe000e018 }[register], 4, value);
      },
    };
  }

  it('counts LOAD + 1 clocks a period', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 9);
    write('VAL', 123);
    assert.equal(read('VAL'), 0, 'any write clears');
    write('CTRL', 5);
    const seen = Array.from({ length: 22 }, (_, time) => {
      at(time);
      return read('VAL');
    });
    assert.deepEqual(seen, [0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9]);
  });

  it('sets COUNTFLAG at 0, once until it is read', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 9);
    write('VAL', 0);
    write('CTRL', 5);
    at(9);
    assert.equal(read('CTRL'), 5);
    at(10);
    assert.equal(read('CTRL'), 0x10005);
    assert.equal(read('CTRL'), 5);
    at(20);
    write('VAL', 0);
    assert.equal(read('CTRL'), 5, 'a write to VAL clears it too');
  });

  it('pends its exception with TICKINT only', () => {
    const { test, at, write } = sysTick();
    write('LOAD', 9);
    write('CTRL', 5);
    at(15);
    assert.equal(test.nvic.isSystemPending(15), false);
    write('CTRL', 7);
    at(25);
    assert.equal(test.nvic.isSystemPending(15), true);
  });

  it('stops with ENABLE off and goes on from there', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 99);
    write('CTRL', 5);
    at(50);
    const left = read('VAL');
    assert.equal(left, 50);
    write('CTRL', 4);
    at(500);
    assert.equal(read('VAL'), left);
    write('CTRL', 5);
    at(510);
    assert.equal(read('VAL'), left - 10);
  });

  it('takes a new LOAD at the next reload', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 9);
    write('CTRL', 5);
    at(5);
    write('LOAD', 99);
    assert.equal(read('VAL'), 5);
    at(11);
    assert.equal(read('VAL'), 99);
  });

  it('has 24 bits', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 0xffffffff);
    assert.equal(read('LOAD'), 0xffffff);
    write('CTRL', 5);
    at(1);
    assert.equal(read('VAL'), 0xffffff);
    at(0x1000000);
    assert.equal(read('VAL'), 0);
  });

  it('counts the external reference with CLKSOURCE = 0', () => {
    const { at, read, write } = sysTick();
    write('LOAD', 9);
    write('CTRL', 1);
    at(16 * 4);
    assert.equal(read('VAL'), 6);
    at(160);
    assert.equal(read('CTRL'), 0x10001);
  });

  it('stands still with LOAD = 0', () => {
    const { test, at, read, write } = sysTick();
    write('CTRL', 7);
    at(1000);
    assert.equal(read('VAL'), 0);
    assert.equal(test.nvic.isSystemPending(15), false);
    write('LOAD', 9);
    at(1004);
    assert.equal(read('VAL'), 6);
  });
});
