import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { bareBoard } from '../../extension/simulator/boards/bareBoard.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildElf } from './assemble.ts';
import { buildFirmware } from './firmware.ts';

const script = `
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 64K  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 16K }
SECTIONS { .text : { *(.text*) *(.rodata*) } > FLASH .data : { *(.data*) } > RAM AT > FLASH .bss : { *(.bss*) } > RAM }`;

describe('simulator: calling functions', () => {
  let machine: Machine;
  before(() => {
    machine = new Machine(bareBoard(64 * 1024, 16 * 1024));
    machine.load(
      buildElf(
        {
          'a.c': `
int six(int a, int b, int c, int d, int e, int f) { return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f; }
static int counter = 5, zero;
int count(void) { return ++counter * 100 + ++zero; }
int table[4] = { 1, 2, 3, 4 };
int total(const int *p, int n) { int s = 0; while (n--) s += *p++; return s; }
int frame(void) { volatile char big[400]; big[0] = 1; return big[0]; }
int missing(int *p) { return *p; }
void forever(void) { for (;;) {} }
int divide(int a, int b) { return a / b; }`,
          'b.S': `
.syntax unified
.thumb
.global clobbers, leaks, nops
.type clobbers, %function
.type leaks, %function
.type nops, %function
clobbers: movs r5, #0
  bx lr
leaks: sub sp, #8
  bx lr
nops: nop
  nop
  bx lr`,
          'a.ld': script,
        },
        ['-Wl,-e,0', '-O1', '-fno-tree-loop-distribute-patterns'],
      ),
    );
  });

  it('passes arguments in registers and on the stack, and returns r0', () => {
    assert.equal(machine.call('six', [1, 2, 3, 4, 5, 6]).r0, 654321);
    assert.equal(machine.call('divide', [-100, 7]).r0, -14);
  });

  it('initialises .data and .bss once, and keeps memory between calls', () => {
    assert.equal(machine.call('count').r0, 601);
    assert.equal(machine.call('count').r0, 702);
  });

  it('counts cycles and instructions of the function with its return', () => {
    assert.deepEqual(machine.call('nops'), { r0: 0, cycles: 4, instructions: 3, stackBytes: 0 });
  });

  it('measures how far the stack goes', () => {
    const { stackBytes } = machine.call('frame');
    assert.ok(stackBytes >= 400 && stackBytes <= 416, String(stackBytes));
    assert.equal(machine.call('nops').stackBytes, 0, 'each call alone');
  });

  it('reads and writes memory by address and symbol', () => {
    const { address, size } = machine.symbol('table');
    assert.equal(size, 16);
    const numbers = Buffer.alloc(16);
    [10, 20, 30, 40].forEach((n, i) => numbers.writeInt32LE(n, 4 * i));
    machine.writeMemory(address, numbers);
    assert.equal(machine.call('total', [address, 4]).r0, 100);
    assert.deepEqual(Buffer.from(machine.readMemory(address, 16)), numbers);
    assert.throws(() => machine.readMemory(0x20003ffc, 8), /8 bytes at 0x20003FFC are not inside a memory/);
    assert.throws(() => machine.symbol('nothere'), /no symbol "nothere"/);
  });

  it('says what went wrong: a fault, no return, broken registers', () => {
    const failure = (name: string, args: number[], message: RegExp): void => {
      assert.throws(
        () => machine.call(name, args, { cycleLimit: 100_000 }),
        (error: unknown) =>
          error instanceof UserError && error.code === 'firmware' && message.test(error.message),
        name,
      );
    };
    failure(
      'missing',
      [0x60000000],
      /HardFault: a read of 4 bytes at 0x60000000, outside every memory .*, in missing/,
    );
    failure('missing', [0x20000001], /unaligned read of 4 bytes at 0x20000001/);
    failure('forever', [], /did not return/);
    failure('clobbers', [], /without restoring r5/);
    failure('leaks', [], /without restoring the stack pointer/);
    assert.equal(machine.call('six', [1, 0, 0, 0, 0, 0]).r0, 1, 'and goes on with the next call');
  });
});

describe('simulator: running firmware', () => {
  const board = 'frdmk32l2b';
  const boot = (main: string): Machine => {
    const machine = new Machine(board);
    machine.load(buildFirmware(board, main));
    return machine;
  };

  it('names the fault, its place and its caller', () => {
    const machine = boot(`
__attribute__((noinline)) int reads(volatile int *p) { return *p; }
int main(void) { return reads((volatile int *)0x30000000) + 1; }`);
    assert.equal(machine.run(1e6), 'fault');
    const fault = machine.fault!;
    assert.match(
      fault.message,
      /^HardFault: a read of 4 bytes at 0x30000000, outside every memory and peripheral of the FRDM-K32L2B, in reads \(PC 0x[0-9A-F]{8}\), called from main\+0x[0-9a-f]+\.$/,
    );
    assert.equal(fault.address, 0x30000000);
    assert.equal(fault.pc, machine.symbol('reads').address);
    assert.equal(fault.registers['r0'], 0x30000000);
    assert.equal(fault.registers['pc'], fault.pc);
  });

  const faults: [string, RegExp][] = [
    [
      'int main(void) { ((void (*)(void))0x20100001)(); return 0; }',
      /a jump to 0x20100000, where the FRDM-K32L2B has no memory/,
    ],
    [
      'int main(void) { __builtin_trap(); }',
      /an instruction this core does not have \(0xDEFF\), in (main|Reset_Handler)/,
    ],
    [
      'int main(void) { __asm volatile("bkpt #0"); return 0; }',
      /a breakpoint instruction \(BKPT 0\) without a debugger/,
    ],
    ['int main(void) { __asm volatile("bkpt #0xab"); return 0; }', /a semihosting call/],
    [
      'int main(void) { volatile unsigned a = 0x20000101; *(volatile int *)a = 1; return 0; }',
      /unaligned write of 4 bytes at 0x20000101/,
    ],
    [
      'int main(void) { *(volatile int *)0x100 = 1; return 0; }',
      /a write of 4 bytes at 0x00000100: flash cannot be written by a store/,
    ],
    ['int main(void) { ((void (*)(void))0x100)(); return 0; }', /a branch to 0x00000100 with bit 0 clear/],
    [
      'int main(void) { __asm volatile("cpsid i; svc #1"); return 0; }',
      /an SVC 1 where its handler cannot run/,
    ],
    [
      'int f(int n) { volatile char b[64]; b[0] = n; return f(n + 1) + b[0]; } int main(void) { return f(0); }',
      /outside every memory|cannot be written/,
    ],
    [
      'int main(void) { ((void (*)(void))0xDFFFFFFF)(); return 0; }',
      /a jump to 0xDFFFFFFE, where the FRDM-K32L2B has no memory/,
    ],
    // without a handler, or one that faults: lockup
    [
      'void HardFault_Handler(void) { __builtin_trap(); } int main(void) { __builtin_trap(); }',
      /core locked up/,
    ],
    // a handler that does something before it spins
    [
      'volatile int n; void HardFault_Handler(void) { for (int i = 0; i < 100; i++) n++; for (;;) {} } int main(void) { __builtin_trap(); }',
      /0xDEFF/,
    ],
  ];
  for (const [main, message] of faults) {
    it(`ends with ${String(message)}`, () => {
      const machine = boot(main);
      assert.equal(machine.run(5e6), 'fault');
      assert.match(machine.fault!.message, message);
    });
  }

  it('lets a HardFault handler print before it gives up', () => {
    const machine = boot(`
void HardFault_Handler(void) { print("Oops\\n"); for (;;) {} }
int main(void) { init(); __builtin_trap(); }`);
    let text = '';
    machine.onUart = (byte) => (text += String.fromCharCode(byte));
    assert.equal(machine.run(20e6), 'fault');
    assert.equal(text, 'Oops\n');
  });

  it('reboots when the firmware asks for it; RAM keeps its content', () => {
    const machine = boot(`
int main(void) {
  init();
  volatile unsigned *count = (volatile unsigned *)0x20001000;
  if (*count == 0xA5A5A5A5) *count = 0;
  put('0' + (*count)++);
  if (*count < 3) *(volatile unsigned *)0xE000ED0C = 0x05FA0004;
  return 0;
}`);
    let text = '';
    machine.onUart = (byte) => (text += String.fromCharCode(byte));
    assert.equal(machine.run(20e6), 'idle');
    assert.equal(text, '012');
  });

  it('starts with noise in RAM, so that forgotten initialisation shows', () => {
    const machine = boot('int main(void) { return 0; }');
    assert.deepEqual([...machine.readMemory(0x20001000, 4)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  it('does the same again, to the cycle, after a power cycle', () => {
    const machine = boot('int main(void) { init(); print("again\\n"); return 0; }');
    const times: number[] = [];
    machine.onUart = (_, timeUs) => times.push(timeUs);
    machine.run(20e6);
    const first = [...times];
    times.length = 0;
    machine.powerOn();
    machine.run(20e6);
    assert.deepEqual(times, first);
    assert.equal(first.length, 6);
  });

  it('measures the main stack from reset on', () => {
    const machine = boot('int main(void) { volatile char big[1000]; big[0] = 1; return big[0]; }');
    machine.run(1e6);
    assert.ok(machine.stackBytes >= 1000 && machine.stackBytes < 1040, String(machine.stackBytes));
  });

  it('does not know boards it cannot simulate', () => {
    assert.throws(
      () => new Machine('evkmimxrt1060'),
      (e: unknown) => e instanceof UserError && e.code === 'board',
    );
  });
});
