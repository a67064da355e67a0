/**
 * How fast the simulated core is: `npx tsx bench/simulator.ts`. Prints million instructions a second for a few kinds of
 * code, first call (the JIT compiler still at work) and best of the following ones, and what a call from outside costs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bareBoard } from '../extension/simulator/boards/bareBoard.ts';
import { Machine } from '../extension/simulator/machine/machine.ts';

const SOURCE = `
#include <stdint.h>
static int8_t input[30 * 30 * 4], weights[9 * 4 * 8], output[28 * 28 * 8];
/* an int8 convolution as a compiler for neural networks writes it */
int convolution(int rounds) {
  for (int i = 0; i < (int)sizeof input; i++) input[i] = i * 37;
  for (int i = 0; i < (int)sizeof weights; i++) weights[i] = i * 91;
  int sum = 0;
  while (rounds--)
    for (int y = 0; y < 28; y++)
      for (int x = 0; x < 28; x++)
        for (int o = 0; o < 8; o++) {
          int32_t a = 0;
          for (int k = 0; k < 9; k++)
            for (int c = 0; c < 4; c++)
              a += input[((y + k / 3) * 30 + x + k % 3) * 4 + c] * weights[(o * 9 + k) * 4 + c];
          a = (a * 77 + 4096) >> 13;
          output[(y * 28 + x) * 8 + o] = a > 127 ? 127 : a < -128 ? -128 : a;
          sum += a;
        }
  return sum;
}
__attribute__((noinline)) int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
int calls(int n) { return fibonacci(n); }
static char text[4096], copy[4096];
int bytes(int rounds) {
  int n = 0;
  while (rounds--) {
    for (int i = 0; i < (int)sizeof text; i++) text[i] = "The quick brown fox jumps over the lazy dog. "[i % 45];
    for (int i = 0; i < (int)sizeof text; i++) copy[i] = text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i];
    for (int i = 0; i < (int)sizeof text; i++) n = n * 31 + copy[i];
  }
  return n;
}
int divisions(int n) { unsigned s = 0; for (unsigned i = 1; i < (unsigned)n; i++) s += 0xffffffffu / i; return s; }
int nothing(void) { return 0; }
`;
const SCRIPT = `
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 256K  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 64K }
SECTIONS { .text : { *(.text*) *(.rodata*) } > FLASH .data : { *(.data*) } > RAM AT > FLASH .bss : { *(.bss*) } > RAM }`;

function build(): Uint8Array {
  const directory = mkdtempSync(path.join(tmpdir(), 'glowport-bench-'));
  try {
    writeFileSync(path.join(directory, 'a.c'), SOURCE);
    writeFileSync(path.join(directory, 'a.ld'), SCRIPT);
    const { status, stderr } = spawnSync(
      'arm-none-eabi-gcc',
      [
        '-mcpu=cortex-m0plus',
        '-mthumb',
        '-O2',
        '-nostdlib',
        '-ffreestanding',
        'a.c',
        '-Ta.ld',
        '-Wl,-e,0',
        '-lgcc',
        '-o',
        'a.elf',
      ],
      { cwd: directory, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    return readFileSync(path.join(directory, 'a.elf'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const elf = build();
const machine = new Machine(bareBoard(256 * 1024, 64 * 1024));
machine.load(elf);
const seconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

console.log('code           instructions   cycles/instr.   first MIPS   best MIPS   profiled MIPS');
const WORK: [string, number][] = [
  ['convolution', 3],
  ['calls', 26],
  ['bytes', 100],
  ['divisions', 60_000],
];
const results = new Map<string, string>();
for (const profiled of [false, true]) {
  const m = new Machine(bareBoard(256 * 1024, 64 * 1024));
  m.load(elf);
  if (profiled) m.startProfile();
  for (const [name, argument] of WORK) {
    let instructions = 0;
    let cycles = 0;
    const mips = Array.from({ length: 6 }, () => {
      const time = seconds(() => ({ instructions, cycles } = m.call(name, [argument])));
      return instructions / time / 1e6;
    });
    const best = Math.max(...mips.slice(1)).toFixed(0);
    if (profiled) console.log(`${results.get(name)!}${best.padStart(16)}`);
    else {
      results.set(
        name,
        name.padEnd(12) +
          instructions.toLocaleString('en').padStart(15) +
          (cycles / instructions).toFixed(2).padStart(16) +
          mips[0]!.toFixed(0).padStart(13) +
          best.padStart(12),
      );
    }
  }
}
const CALLS = 20_000;
const time = seconds(() => {
  for (let i = 0; i < CALLS; i++) machine.call('nothing');
});
console.log(`a call from outside: ${((time / CALLS) * 1e6).toFixed(2)} us`);
