import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readElf } from '../../extension/toolchain/elf.ts';
import { TestCore } from './testCore.ts';
import { Random, randomStep, scratchBytes, type Step } from './randomInstructions.ts';

/*
 * The same random programs on QEMU's Cortex-M0 (-M microbit) and on ours: registers, flags and memory must agree.
 * QEMU knows nothing of cycles; those are checked against the manual's table in core.test.ts.
 */

export const PROGRAMS = 1500;
export const STEPS_A_PROGRAM = 12;
const registersAProgram = 14; // r0 to r12, APSR
const ram = 0x20000000;
const scratch = ram + 0x1000;
const stackTop = ram + 0x3f00;

interface Program {
  readonly registers: readonly number[];
  readonly apsr: number;
  readonly steps: readonly Step[];
}

function randomProgram(random: Random): Program {
  const registers = Array.from({ length: 13 }, () => random.value());
  registers[11] = scratch;
  return {
    registers,
    apsr: (random.below(16) << 28) >>> 0, // N and Z together too, as only MSR can set them
    steps: Array.from({ length: STEPS_A_PROGRAM }, () => randomStep(random, true)),
  };
}

/** An image for the micro:bit that runs all programs and writes r0 to r12 and APSR of each to standard output. */
function driverSource(list: readonly Program[], scratchStart: readonly number[]): string {
  const code = list.map(({ registers, apsr, steps }, i) => {
    const words = [...registers, apsr].map((w) => `0x${(w >>> 0).toString(16)}`).join(', ');
    const halfwords = steps.flatMap((s) => s.halfwords).map((h) => `0x${h.toString(16)}`);
    return (
      `.global program${i}\n.type program${i}, %function\n.thumb_func\n.balign 4\nprogram${i}:\n` +
      `  .hword ${halfwords.join(', ')}\n  bx lr\n` +
      // what LDR (literal) may reach behind the end
      `  .balign 4\n  .word ${words}, program${i} + 1\n  .space 64, 0x5c\n`
    );
  });
  return `
  .syntax unified
  .cpu cortex-m0
  .thumb
  .section .text
  .word ${stackTop}, reset + 1
  .space 36
  .word svc + 1
  .space 16
svc: ldr r0, [sp]            @ what it was called with goes back changed, flags as they were
  mrs r1, apsr
  lsrs r1, r1, #28
  adds r0, r0, r1
  str r0, [sp]
  mov r2, lr
  mvns r3, r2
  mov r12, r3
  bx lr
  .thumb_func
reset:
  ldr r0, =open
  mov r1, r0
  movs r0, #1              @ SYS_OPEN
  bkpt 0xab
  ldr r4, =${ram}
  str r0, [r4]             @ handle
  movs r0, #0
  str r0, [r4, #12]        @ program number
  ldr r1, =scratchStart
  ldr r2, =${scratch}
  ldr r3, =${scratchBytes}
copy:
  subs r3, #4
  ldr r0, [r1, r3]
  str r0, [r2, r3]
  bne copy
next:
  ldr r4, =${ram}
  ldr r0, [r4, #12]
  ldr r1, =${list.length}
  cmp r0, r1
  beq done
  lsls r0, r0, #2
  ldr r1, =table
  ldr r7, [r1, r0]         @ r0 to r12, APSR, address
  ldr r0, =${stackTop}
  mov sp, r0
  ldr r0, [r7, #56]
  push {r0}
  ldr r0, =back            @ a Thumb function: bit 0 is set
  mov lr, r0
  ldr r0, [r7, #32]
  mov r8, r0
  ldr r0, [r7, #36]
  mov r9, r0
  ldr r0, [r7, #40]
  mov r10, r0
  ldr r0, [r7, #44]
  mov r11, r0
  ldr r0, [r7, #48]
  mov r12, r0
  ldr r0, [r7, #52]
  msr APSR_nzcvq, r0
  ldmia r7!, {r0-r6}
  ldr r7, [r7]
  pop {pc}
  .thumb_func
back:
  push {r0-r7}
  mrs r7, APSR
  ldr r0, =${ram} + 16
  mov r1, r8
  mov r2, r9
  mov r3, r10
  mov r4, r11
  mov r5, r12
  mov r6, r0
  adds r6, #32
  stmia r6!, {r1-r5, r7}
  pop {r1-r4}
  stmia r0!, {r1-r4}
  pop {r1-r4}
  stmia r0!, {r1-r4}
  ldr r1, =${ram}
  ldr r0, [r1, #12]
  adds r0, #1
  str r0, [r1, #12]
  mov r0, r1
  adds r0, #16
  str r0, [r1, #4]
  movs r0, #${registersAProgram * 4}
  str r0, [r1, #8]
  movs r0, #5              @ SYS_WRITE
  bkpt 0xab
  ldr r0, =next
  adds r0, #1
  bx r0
done:
  ldr r1, =${ram}
  ldr r0, =${scratch}
  str r0, [r1, #4]
  ldr r0, =${scratchBytes}
  str r0, [r1, #8]
  movs r0, #5
  bkpt 0xab
  movs r0, #0x18           @ SYS_EXIT
  ldr r1, =0x20026
  bkpt 0xab
  .balign 4
open: .word name, 4, 3
name: .asciz ":tt"
  .ltorg
  .balign 4
scratchStart: .word ${scratchStart.join(', ')}
table: .word ${list.map((_, i) => `program${i}Registers`).join(', ')}
${code
  .map((c, i) => c.replace('  .balign 4\n  .word', `  .balign 4\nprogram${i}Registers:\n  .word`))
  .join('')}`;
}

const flagNames = (apsr: number): string =>
  [...'NZCV'].map((f, i) => (apsr & (1 << (31 - i)) ? f : f.toLowerCase())).join('');

/** Runs the random programs of a seed on both, and asserts that every register, flag and byte is the same. */
export function comparePrograms(seed: number): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'glowport-qemu-'));
  try {
    const random = new Random(seed);
    const list = Array.from({ length: PROGRAMS }, () => randomProgram(random));
    const scratchStart = Array.from({ length: scratchBytes / 4 }, () => random.next());
    const source = path.join(directory, 'driver.S');
    const elf = path.join(directory, 'driver.elf');
    writeFileSync(source, driverSource(list, scratchStart));
    const gcc = spawnSync(
      'arm-none-eabi-gcc',
      ['-mcpu=cortex-m0', '-nostdlib', '-Wl,-Ttext=0', '-Wl,-e,reset', source, '-o', elf],
      { encoding: 'utf8' },
    );
    assert.equal(gcc.status, 0, gcc.stderr);
    const qemu = spawnSync(
      'qemu-system-arm',
      ['-M', 'microbit', '-nographic', '-monitor', 'none', '-serial', 'none',
        '-semihosting-config', 'enable=on,target=native', '-kernel', elf], // prettier-ignore
      { maxBuffer: 1 << 24, timeout: 60_000 },
    );
    assert.equal(qemu.status, 0, qemu.stderr.toString());
    const output = qemu.stdout;
    assert.equal(output.length, PROGRAMS * registersAProgram * 4 + scratchBytes);

    const core = new TestCore();
    core.load(readElf(readFileSync(elf)));
    scratchStart.forEach((word, i) => {
      core.writeWord(scratch + 4 * i, word);
    });
    list.forEach((program, i) => {
      const wanted = Array.from({ length: registersAProgram }, (_, k) =>
        output.readUInt32LE((i * registersAProgram + k) * 4),
      );
      core.setRegisters(program.registers);
      core.core.apsr = program.apsr;
      core.core.registers[13] = stackTop;
      core.runFunction(core.symbol(`program${i}`));
      const got = [...Array.from(core.core.registers.subarray(0, 13), (r) => r >>> 0), core.core.apsr];
      const show = (values: readonly number[]): string =>
        values.map((v, k) => (k === 13 ? flagNames(v) : `r${k}=${v.toString(16)}`)).join(' ');
      const text = program.steps.map((s) => s.halfwords.map((h) => h.toString(16)).join(' ')).join('\n');
      assert.equal(
        show(got),
        show(wanted),
        `program ${i}, from ${show(program.registers)} ${flagNames(program.apsr)}:\n${text}`,
      );
    });
    const memory = Buffer.from(core.bytes(scratch, scratchBytes)).toString('hex');
    assert.equal(memory, output.subarray(-scratchBytes).toString('hex'), 'the scratch memory differs');
  } finally {
    rmSync(directory, { recursive: true });
  }
}
