import assert from 'node:assert/strict';
import { assemble } from './assemble.ts';
import { TestCore } from './testCore.ts';

/*
 * Every instruction of the ARMv6-M Architecture Reference Manual (A6.7) with its flags, edge cases and cycles
 * (Cortex-M0+ Technical Reference Manual, DDI 0484, table "Cortex-M0+ instruction summary", zero wait states).
 */

interface Case {
  /** One instruction. */
  readonly asm: string;
  readonly r?: Readonly<Record<number, number>>;
  /** `NzCv`: capital for set; default all clear. */
  readonly flags?: string;
  /** Registers afterwards; those not named must not have changed. */
  readonly want?: Readonly<Record<number, number>>;
  /** Flags afterwards; default unchanged. */
  readonly wantFlags?: string;
  /** Default 1. */
  readonly cycles?: number;
  /** Words of memory beforehand and afterwards. */
  readonly memory?: Readonly<Record<number, number>>;
  readonly wantMemory?: Readonly<Record<number, number>>;
  /** How far the PC goes; default the instruction's size. */
  readonly jump?: number;
}

const RAM = 0x20000000;
const SP = RAM + 0x1000;

const shifts: Case[] = [
  { asm: 'lsls r0, r1, #0', r: { 1: 0x80000000 }, flags: 'nZCv', want: { 0: 0x80000000 }, wantFlags: 'NzCv' },
  { asm: 'lsls r0, r1, #1', r: { 1: 0x80000001 }, want: { 0: 2 }, wantFlags: 'nzCv' },
  { asm: 'lsls r0, r1, #31', r: { 1: 3 }, want: { 0: 0x80000000 }, wantFlags: 'NzCv' },
  { asm: 'lsls r0, r1, #31', r: { 1: 2 }, flags: 'nzcV', want: { 0: 0 }, wantFlags: 'nZCV' },
  { asm: 'lsrs r0, r1, #1', r: { 1: 0x80000001 }, want: { 0: 0x40000000 }, wantFlags: 'nzCv' },
  { asm: 'lsrs r0, r1, #32', r: { 1: 0x80000000 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'lsrs r0, r1, #32', r: { 1: 0x7fffffff }, flags: 'NzCV', want: { 0: 0 }, wantFlags: 'nZcV' },
  { asm: 'asrs r0, r1, #1', r: { 1: 0x80000001 }, want: { 0: 0xc0000000 }, wantFlags: 'NzCv' },
  { asm: 'asrs r0, r1, #32', r: { 1: 0x80000000 }, want: { 0: 0xffffffff }, wantFlags: 'NzCv' },
  { asm: 'asrs r0, r1, #32', r: { 1: 0x7fffffff }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZcv' },
  // by a register: only its low byte counts
  ...[0, 256].flatMap((by): Case[] => [
    { asm: 'lsls r0, r1', r: { 0: 5, 1: by }, flags: 'nzCv', wantFlags: 'nzCv' },
    { asm: 'lsrs r0, r1', r: { 0: 0x80000000, 1: by }, flags: 'nzCv', wantFlags: 'NzCv' },
    { asm: 'asrs r0, r1', r: { 0: 0, 1: by }, flags: 'nzCv', wantFlags: 'nZCv' },
    { asm: 'rors r0, r1', r: { 0: 0x80000000, 1: by }, flags: 'nzcv', wantFlags: 'Nzcv' },
  ]),
  { asm: 'lsls r0, r1', r: { 0: 1, 1: 31 }, want: { 0: 0x80000000 }, wantFlags: 'Nzcv' },
  { asm: 'lsls r0, r1', r: { 0: 1, 1: 32 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'lsls r0, r1', r: { 0: 2, 1: 32 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZcv' },
  { asm: 'lsls r0, r1', r: { 0: 0xffffffff, 1: 33 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZcv' },
  { asm: 'lsls r0, r1', r: { 0: 3, 1: 0x101 }, want: { 0: 6 }, wantFlags: 'nzcv' },
  { asm: 'lsrs r0, r1', r: { 0: 0x80000000, 1: 31 }, want: { 0: 1 }, wantFlags: 'nzcv' },
  { asm: 'lsrs r0, r1', r: { 0: 0x80000000, 1: 32 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'lsrs r0, r1', r: { 0: 0xffffffff, 1: 33 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZcv' },
  { asm: 'asrs r0, r1', r: { 0: 0x80000000, 1: 31 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'asrs r0, r1', r: { 0: 0x80000000, 1: 32 }, want: { 0: 0xffffffff }, wantFlags: 'NzCv' },
  { asm: 'asrs r0, r1', r: { 0: 0x7fffffff, 1: 255 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZcv' },
  { asm: 'rors r0, r1', r: { 0: 0x11, 1: 4 }, want: { 0: 0x10000001 }, wantFlags: 'nzcv' },
  { asm: 'rors r0, r1', r: { 0: 0x80000000, 1: 32 }, wantFlags: 'NzCv' },
  { asm: 'rors r0, r1', r: { 0: 1, 1: 33 }, want: { 0: 0x80000000 }, wantFlags: 'NzCv' },
];

const arithmetic: Case[] = [
  { asm: 'adds r0, r1, r2', r: { 1: 0x7fffffff, 2: 1 }, want: { 0: 0x80000000 }, wantFlags: 'NzcV' },
  { asm: 'adds r0, r1, r2', r: { 1: 0xffffffff, 2: 1 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'adds r0, r1, r2', r: { 1: 0x80000000, 2: 0x80000000 }, want: { 0: 0 }, wantFlags: 'nZCV' },
  { asm: 'adds r0, r1, #7', r: { 1: 0xfffffffa }, want: { 0: 1 }, wantFlags: 'nzCv' },
  { asm: 'adds r3, #255', r: { 3: 0x7fffff80 }, want: { 3: 0x8000007f }, wantFlags: 'NzcV' },
  { asm: 'adds r3, #1', r: { 3: 0xffffffff }, want: { 3: 0 }, wantFlags: 'nZCv' },
  { asm: 'subs r0, r1, r2', r: { 1: 5, 2: 5 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'subs r0, r1, r2', r: { 1: 4, 2: 5 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'subs r0, r1, r2', r: { 1: 0x80000000, 2: 1 }, want: { 0: 0x7fffffff }, wantFlags: 'nzCV' },
  { asm: 'subs r0, r1, r2', r: { 1: 0, 2: 0x80000000 }, want: { 0: 0x80000000 }, wantFlags: 'NzcV' },
  { asm: 'subs r0, r1, #1', r: { 1: 0 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'subs r3, #255', r: { 3: 0x8000007f }, want: { 3: 0x7fffff80 }, wantFlags: 'nzCV' },
  { asm: 'movs r5, #0', r: { 5: 9 }, flags: 'NzCV', want: { 5: 0 }, wantFlags: 'nZCV' },
  { asm: 'movs r5, #255', flags: 'NZCV', want: { 5: 255 }, wantFlags: 'nzCV' },
  { asm: 'cmp r5, #200', r: { 5: 200 }, wantFlags: 'nZCv' },
  { asm: 'cmp r5, #1', r: { 5: 0x80000000 }, wantFlags: 'nzCV' },
  { asm: 'cmp r0, r1', r: { 0: 1, 1: 2 }, wantFlags: 'Nzcv' },
  { asm: 'cmp r0, r9', r: { 0: 0x80000000, 9: 0x7fffffff }, wantFlags: 'nzCV' },
  { asm: 'cmn r0, r1', r: { 0: 0xffffffff, 1: 1 }, wantFlags: 'nZCv' },
  { asm: 'cmn r0, r1', r: { 0: 0x7fffffff, 1: 1 }, wantFlags: 'NzcV' },
  { asm: 'adcs r0, r1', r: { 0: 0xffffffff, 1: 0 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZCv' },
  {
    asm: 'adcs r0, r1',
    r: { 0: 0x7fffffff, 1: 0 },
    flags: 'nzCv',
    want: { 0: 0x80000000 },
    wantFlags: 'NzcV',
  },
  {
    asm: 'adcs r0, r1',
    r: { 0: 0x7fffffff, 1: 0xffffffff },
    flags: 'nzCv',
    want: { 0: 0x7fffffff },
    wantFlags: 'nzCv',
  },
  {
    asm: 'adcs r0, r1',
    r: { 0: 0x80000000, 1: 0xffffffff },
    flags: 'nzCv',
    want: { 0: 0x80000000 },
    wantFlags: 'NzCv',
  },
  { asm: 'adcs r0, r1', r: { 0: 0x80000000, 1: 0xffffffff }, want: { 0: 0x7fffffff }, wantFlags: 'nzCV' },
  { asm: 'sbcs r0, r1', r: { 0: 5, 1: 5 }, flags: 'nzCv', want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'sbcs r0, r1', r: { 0: 5, 1: 5 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'sbcs r0, r1', r: { 0: 0, 1: 0x80000000 }, want: { 0: 0x7fffffff }, wantFlags: 'nzcv' },
  { asm: 'sbcs r0, r1', r: { 0: 0, 1: 0x7fffffff }, want: { 0: 0x80000000 }, wantFlags: 'Nzcv' },
  { asm: 'sbcs r0, r1', r: { 0: 0x80000000, 1: 0 }, want: { 0: 0x7fffffff }, wantFlags: 'nzCV' },
  { asm: 'sbcs r0, r1', r: { 0: 0, 1: 0xffffffff }, want: { 0: 0 }, wantFlags: 'nZcv' },
  { asm: 'rsbs r0, r1, #0', r: { 1: 0 }, want: { 0: 0 }, wantFlags: 'nZCv' },
  { asm: 'rsbs r0, r1, #0', r: { 1: 1 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'rsbs r0, r1, #0', r: { 1: 0x80000000 }, want: { 0: 0x80000000 }, wantFlags: 'NzcV' },
  {
    asm: 'muls r0, r1, r0',
    r: { 0: 0x10001, 1: 0x10001 },
    flags: 'NZCV',
    want: { 0: 0x20001 },
    wantFlags: 'nzCV',
  },
  { asm: 'muls r0, r1, r0', r: { 0: 0xffffffff, 1: 1 }, wantFlags: 'Nzcv' },
];

const logic: Case[] = [
  { asm: 'ands r0, r1', r: { 0: 0xf0, 1: 0x0f }, flags: 'NzCV', want: { 0: 0 }, wantFlags: 'nZCV' },
  { asm: 'eors r0, r1', r: { 0: 0x80000001, 1: 1 }, want: { 0: 0x80000000 }, wantFlags: 'Nzcv' },
  { asm: 'orrs r0, r1', r: { 0: 0xf0, 1: 0x0f }, want: { 0: 0xff }, wantFlags: 'nzcv' },
  { asm: 'bics r0, r1', r: { 0: 0xff, 1: 0x0f }, want: { 0: 0xf0 }, wantFlags: 'nzcv' },
  { asm: 'mvns r0, r1', r: { 1: 0 }, want: { 0: 0xffffffff }, wantFlags: 'Nzcv' },
  { asm: 'tst r0, r1', r: { 0: 1, 1: 2 }, flags: 'nzCV', wantFlags: 'nZCV' },
  { asm: 'sxth r0, r1', r: { 1: 0x18000 }, want: { 0: 0xffff8000 } },
  { asm: 'sxtb r0, r1', r: { 1: 0x180 }, want: { 0: 0xffffff80 } },
  { asm: 'uxth r0, r1', r: { 1: 0x18000 }, want: { 0: 0x8000 } },
  { asm: 'uxtb r0, r1', r: { 1: 0x180 }, want: { 0: 0x80 } },
  { asm: 'rev r0, r1', r: { 1: 0x12345678 }, want: { 0: 0x78563412 } },
  { asm: 'rev16 r0, r1', r: { 1: 0x12345678 }, want: { 0: 0x34127856 } },
  { asm: 'revsh r0, r1', r: { 1: 0x12345680 }, want: { 0: 0xffff8056 } },
  { asm: 'revsh r0, r1', r: { 1: 0x12348056 }, want: { 0: 0x5680 } },
];

const highRegisters: Case[] = [
  { asm: 'add r8, r1', r: { 8: 0xffffffff, 1: 1 }, flags: 'NzCV', want: { 8: 0 }, wantFlags: 'NzCV' },
  { asm: 'mov r9, r1', r: { 1: 0 }, flags: 'NzCV', want: { 9: 0 }, wantFlags: 'NzCV' },
  { asm: 'mov r0, pc', want: { 0: 4 } }, // the cases stand at address 0
  { asm: 'mov sp, r0', r: { 0: RAM + 0x103 }, want: { 13: RAM + 0x100 } },
  { asm: 'add sp, r0', r: { 0: 7 }, want: { 13: SP + 4 } },
  { asm: 'mov pc, r0', r: { 0: 0x101 }, jump: 0x100, cycles: 2 },
  { asm: 'add pc, r0', r: { 0: 0x10 }, jump: 0x14, cycles: 2 },
  { asm: 'adr r3, . + 20', want: { 3: 20 } },
  { asm: 'add r3, sp, #1020', want: { 3: SP + 1020 } },
  { asm: 'add sp, #508', want: { 13: SP + 508 } },
  { asm: 'sub sp, #508', want: { 13: SP - 508 } },
];

const at = RAM + 0x100;
const word = 0x8182f384;
const memory: Case[] = [
  { asm: 'ldr r0, [r1, #124]', r: { 1: at - 124 }, memory: { [at]: word }, want: { 0: word }, cycles: 2 },
  { asm: 'ldr r0, [r1, r2]', r: { 1: at - 4, 2: 4 }, memory: { [at]: word }, want: { 0: word }, cycles: 2 },
  {
    asm: 'ldr r0, [r1, r2]',
    r: { 1: at + 4, 2: 0xfffffffc },
    memory: { [at]: word },
    want: { 0: word },
    cycles: 2,
  },
  { asm: 'ldr r0, [sp, #1020]', memory: { [SP + 1020]: word }, want: { 0: word }, cycles: 2 },
  { asm: 'ldr r0, [pc, #8]', memory: { 12: word }, want: { 0: word }, cycles: 2 },
  { asm: 'ldrh r0, [r1, #62]', r: { 1: at - 62 }, memory: { [at]: word }, want: { 0: 0xf384 }, cycles: 2 },
  { asm: 'ldrh r0, [r1, r2]', r: { 1: at, 2: 2 }, memory: { [at]: word }, want: { 0: 0x8182 }, cycles: 2 },
  {
    asm: 'ldrsh r0, [r1, r2]',
    r: { 1: at, 2: 0 },
    memory: { [at]: word },
    want: { 0: 0xfffff384 },
    cycles: 2,
  },
  { asm: 'ldrb r0, [r1, #31]', r: { 1: at - 30 }, memory: { [at]: word }, want: { 0: 0xf3 }, cycles: 2 },
  { asm: 'ldrb r0, [r1, r2]', r: { 1: at, 2: 3 }, memory: { [at]: word }, want: { 0: 0x81 }, cycles: 2 },
  {
    asm: 'ldrsb r0, [r1, r2]',
    r: { 1: at, 2: 3 },
    memory: { [at]: word },
    want: { 0: 0xffffff81 },
    cycles: 2,
  },
  { asm: 'str r0, [r1, #0]', r: { 0: word, 1: at }, wantMemory: { [at]: word }, cycles: 2 },
  { asm: 'str r0, [r1, r2]', r: { 0: word, 1: at - 8, 2: 8 }, wantMemory: { [at]: word }, cycles: 2 },
  { asm: 'str r0, [sp, #4]', r: { 0: word }, wantMemory: { [SP + 4]: word }, cycles: 2 },
  { asm: 'strh r0, [r1, #2]', r: { 0: word, 1: at }, wantMemory: { [at]: 0xf3840000 }, cycles: 2 },
  { asm: 'strh r0, [r1, r2]', r: { 0: word, 1: at, 2: 0 }, wantMemory: { [at]: 0xf384 }, cycles: 2 },
  { asm: 'strb r0, [r1, #1]', r: { 0: word, 1: at }, wantMemory: { [at]: 0x8400 }, cycles: 2 },
  { asm: 'strb r0, [r1, r2]', r: { 0: word, 1: at, 2: 3 }, wantMemory: { [at]: 0x84000000 }, cycles: 2 },
  {
    asm: 'ldmia r1!, {r0, r2}',
    r: { 1: at },
    memory: { [at]: 1, [at + 4]: 2 },
    want: { 0: 1, 2: 2, 1: at + 8 },
    cycles: 3,
  },
  {
    asm: 'ldmia r1, {r0, r1, r2}',
    r: { 1: at },
    memory: { [at]: 1, [at + 4]: 2, [at + 8]: 3 },
    want: { 0: 1, 1: 2, 2: 3 },
    cycles: 4,
  },
  {
    asm: 'stmia r1!, {r0, r2}',
    r: { 0: 7, 2: 8, 1: at },
    want: { 1: at + 8 },
    wantMemory: { [at]: 7, [at + 4]: 8 },
    cycles: 3,
  },
  {
    asm: 'stmia r1!, {r1, r2}',
    r: { 2: 8, 1: at },
    want: { 1: at + 8 },
    wantMemory: { [at]: at, [at + 4]: 8 },
    cycles: 3,
  },
  {
    asm: 'push {r0, r7}',
    r: { 0: 5, 7: 6 },
    want: { 13: SP - 8 },
    wantMemory: { [SP - 8]: 5, [SP - 4]: 6 },
    cycles: 3,
  },
  {
    asm: 'push {r0, lr}',
    r: { 0: 5, 14: 77 },
    want: { 13: SP - 8 },
    wantMemory: { [SP - 8]: 5, [SP - 4]: 77 },
    cycles: 3,
  },
  { asm: 'push {lr}', r: { 14: 77 }, want: { 13: SP - 4 }, wantMemory: { [SP - 4]: 77 }, cycles: 2 },
  { asm: 'pop {r0, r7}', memory: { [SP]: 5, [SP + 4]: 6 }, want: { 0: 5, 7: 6, 13: SP + 8 }, cycles: 3 },
  {
    asm: 'pop {r0, pc}',
    memory: { [SP]: 5, [SP + 4]: 0x201 },
    want: { 0: 5, 13: SP + 8 },
    jump: 0x200,
    cycles: 5,
  },
  { asm: 'pop {pc}', memory: { [SP]: 0x201 }, want: { 13: SP + 4 }, jump: 0x200, cycles: 4 },
];

const branches: Case[] = [
  { asm: 'b . + 0x100', jump: 0x100, cycles: 2 },
  { asm: 'bl . + 0x1000', jump: 0x1000, want: { 14: 5 }, cycles: 3 },
  { asm: 'bx r3', r: { 3: 0x301 }, jump: 0x300, cycles: 2 },
  { asm: 'blx r3', r: { 3: 0x301 }, jump: 0x300, want: { 14: 3 }, cycles: 2 },
  { asm: 'blx lr', r: { 14: 0x301 }, jump: 0x300, want: { 14: 3 }, cycles: 2 },
  // every condition, for all sixteen flag states
  ...Object.entries({
    eq: (f: string) => f.includes('Z'),
    ne: (f: string) => f.includes('z'),
    cs: (f: string) => f.includes('C'),
    cc: (f: string) => f.includes('c'),
    mi: (f: string) => f.includes('N'),
    pl: (f: string) => f.includes('n'),
    vs: (f: string) => f.includes('V'),
    vc: (f: string) => f.includes('v'),
    hi: (f: string) => f.includes('C') && f.includes('z'),
    ls: (f: string) => f.includes('c') || f.includes('Z'),
    ge: (f: string) => f.includes('N') === f.includes('V'),
    lt: (f: string) => f.includes('N') !== f.includes('V'),
    gt: (f: string) => f.includes('z') && f.includes('N') === f.includes('V'),
    le: (f: string) => f.includes('Z') || f.includes('N') !== f.includes('V'),
  }).flatMap(([condition, holds]) =>
    Array.from({ length: 16 }, (_, bits): Case => {
      const flags = flagText(bits << 28);
      return { asm: `b${condition} . + 0x20`, flags, ...(holds(flags) ? { jump: 0x20, cycles: 2 } : {}) };
    }),
  ),
];

const special: Case[] = [
  { asm: 'msr apsr_nzcvq, r0', r: { 0: 0xf0000000 }, wantFlags: 'NZCV', cycles: 3 },
  { asm: 'msr apsr_nzcvq, r0', r: { 0: 0x0fffffff }, flags: 'NZCV', wantFlags: 'nzcv', cycles: 3 },
  { asm: 'mrs r0, apsr', flags: 'nZcV', want: { 0: 0x50000000 }, cycles: 3 },
  { asm: 'mrs r0, ipsr', r: { 0: 9 }, want: { 0: 0 }, cycles: 3 },
  { asm: 'mrs r0, msp', want: { 0: SP }, cycles: 3 },
  { asm: 'msr msp, r0', r: { 0: RAM + 0x207 }, want: { 13: RAM + 0x204 }, cycles: 3 },
  { asm: 'mrs r0, primask', want: { 0: 0 }, cycles: 3 },
  { asm: 'mrs r0, control', want: { 0: 0 }, cycles: 3 },
  { asm: 'nop' },
  { asm: 'yield' },
  { asm: 'sev' },
  { asm: 'dmb', cycles: 3 },
  { asm: 'dsb', cycles: 3 },
  { asm: 'isb', cycles: 3 },
  { asm: 'cpsie i' },
  { asm: 'cpsid i' },
];

function flagText(apsr: number): string {
  return [...'NZCV'].map((f, i) => (apsr & (1 << (31 - i)) ? f : f.toLowerCase())).join('');
}

function flagBits(text: string): number {
  return [...text].reduce((bits, f, i) => bits | (f === f.toUpperCase() ? 1 << (31 - i) : 0), 0);
}

const groups = { shifts, arithmetic, logic, highRegisters, memory, branches, special };

describe('simulator: core, instruction by instruction', () => {
  const code = new Map<string, Uint8Array>();
  before(() => {
    // every case assembled at an address of its own that is a multiple of 0x2000, so that PC-relative ones mean the
    // same as at 0
    const all = [...new Set(Object.values(groups).flatMap((g) => g.map((c) => c.asm)))];
    const elf = assemble(
      all.map((asm, i) => `.org ${i * 0x2000}\ncase${i}: ${asm}\ncaseEnd${i}:`).join('\n'),
    );
    const address = (name: string): number => elf.symbols.find((s) => s.name === name)!.address;
    const text = elf.sections.find((s) => s.name === '.text')!.data;
    all.forEach((asm, i) => {
      code.set(asm, text.subarray(address(`case${i}`), address(`caseEnd${i}`)));
    });
  });

  for (const [group, cases] of Object.entries(groups)) {
    it(`${group}: ${cases.length} cases`, () => {
      for (const c of cases) {
        const test = new TestCore();
        const { core, clock } = test;
        const bytes = code.get(c.asm)!;
        test.write(0, bytes);
        for (const [address, value] of Object.entries(c.memory ?? {})) test.writeWord(Number(address), value);
        const start = Array.from({ length: 16 }, (_, i) => c.r?.[i] ?? 0x11111111 * (i % 8));
        start[13] = SP;
        start[15] = 0;
        test.setRegisters(start);
        core.apsr = flagBits(c.flags ?? 'nzcv');
        const stop = core.run(clock.now + 1);
        const name = `${c.asm} from ${JSON.stringify(c.r ?? {})} ${c.flags ?? 'nzcv'}`;
        assert.equal(stop, 'limit', name);
        const wanted = start.map((value, i) => (c.want?.[i] ?? value) >>> 0);
        wanted[15] = c.jump ?? bytes.length;
        assert.deepEqual(
          [...core.registers].map((r) => r >>> 0),
          wanted,
          name,
        );
        assert.equal(flagText(core.apsr), c.wantFlags ?? c.flags ?? 'nzcv', name);
        assert.equal(clock.now, c.cycles ?? 1, `cycles of ${name}`);
        for (const [address, value] of Object.entries(c.wantMemory ?? {})) {
          assert.equal(test.word(Number(address)), value >>> 0, name);
        }
      }
    });
  }
});

describe('simulator: what the core refuses', () => {
  /** Runs one instruction with a HardFault handler at 0x80 in place. */
  function fault(asm: string, registers: Readonly<Record<number, number>> = {}) {
    const test = new TestCore();
    test.load(assemble(asm));
    test.writeWord(0x2000c, 0x81); // a vector table out of the way
    test.systemControl.vectorTable = 0x20000;
    test.core.registers[13] = SP;
    for (const [i, value] of Object.entries(registers)) test.core.registers[Number(i)] = value;
    assert.equal(test.core.run(test.clock.now + 1), 'fault', asm);
    const record = test.core.fault!;
    assert.equal(test.core.registers[15], 0x80, 'the handler is entered');
    assert.equal(record.lockup, false);
    assert.equal(record.registers['pc'], 0, `${asm}: the fault's address is the instruction's`);
    assert.equal(test.word(test.core.registers[13]! + 24), 0, 'the stacked return address too');
    return record.cause;
  }

  it('undefined instructions', () => {
    for (const asm of [
      'udf #0',
      '.hword 0xf7f0, 0xa000',
      '.hword 0xb100',
      '.hword 0xb900',
      '.hword 0xba80',
      '.hword 0xbf08',
      '.hword 0xb600',
      '.hword 0xe800',
      '.hword 0xf000, 0x8000',
    ]) {
      assert.equal(fault(asm).reason.kind, 'undefined', asm);
    }
  });

  it('unaligned accesses of 2 and 4 bytes, loads and stores, single and multiple', () => {
    for (const asm of [
      'ldr r0, [r1]',
      'ldrh r0, [r1]',
      'str r0, [r1]',
      'strh r0, [r1]',
      'ldmia r1, {r0}',
      'stmia r1!, {r0}',
    ]) {
      const cause = fault(asm, { 1: RAM + 1 });
      assert.equal(cause.reason.kind, 'unaligned', asm);
      assert.equal(cause.address, RAM + 1);
    }
  });

  it('accesses outside the memories, and stores to flash', () => {
    for (const asm of [
      'ldr r0, [r1]',
      'ldrb r0, [r1]',
      'strb r0, [r1]',
      'strh r0, [r1]',
      'str r0, [r1]',
      'ldmia r1, {r0}',
    ]) {
      const cause = fault(asm, { 1: 0x30000000 });
      assert.equal(cause.reason.kind, 'bus', asm);
      assert.equal(cause.address, 0x30000000);
    }
    assert.equal(fault('str r0, [r1]', { 1: 0x1000 }).reason.kind, 'bus');
  });

  it('a branch to Arm state, by BX, BLX and POP', () => {
    assert.equal(fault('bx r1', { 1: 0x100 }).reason.kind, 'arm-state');
    assert.equal(fault('blx r1', { 1: 0x100 }).address, 0x100);
  });

  it('BKPT without a debugger', () => {
    assert.deepEqual(fault('bkpt 0xab').reason, { kind: 'breakpoint', number: 0xab });
  });

  it('a jump to where nothing is, reported with the address', () => {
    const test = new TestCore();
    test.writeWord(0x2000c, 0x81);
    test.systemControl.vectorTable = 0x20000;
    test.core.registers[13] = SP;
    test.core.registers[15] = 0x30000000;
    assert.equal(test.core.run(1), 'fault');
    assert.deepEqual(
      [test.core.fault!.cause.reason.kind, test.core.fault!.cause.address],
      ['fetch', 0x30000000],
    );
  });

  it('an aborted LDM leaves its base as it was', () => {
    const test = new TestCore();
    test.load(assemble('ldmia r1!, {r0, r2}'));
    test.writeWord(0x2000c, 0x81);
    test.systemControl.vectorTable = 0x20000;
    test.core.registers[13] = SP;
    test.core.registers[1] = RAM + 0x40000 - 4; // the second word lies behind RAM
    assert.equal(test.core.run(1), 'fault');
    assert.equal(test.core.registers[1], RAM + 0x40000 - 4);
  });

  it('locks up when the handler faults too, and keeps the first fault', () => {
    const test = new TestCore();
    test.load(assemble('udf #1\n.org 0x80\nudf #2'));
    test.writeWord(0x2000c, 0x81);
    test.systemControl.vectorTable = 0x20000;
    test.core.registers[13] = SP;
    assert.equal(test.core.run(1), 'fault');
    assert.equal(test.core.run(1000), 'fault');
    assert.equal(test.core.fault!.lockup, true);
    assert.equal(test.core.fault!.registers['pc'], 0);
    assert.equal(test.core.run(1000), 'fault', 'for good');
  });

  it('locks up when the stack is not in RAM', () => {
    const test = new TestCore();
    test.load(assemble('udf #1'));
    test.core.registers[13] = 0x40000100;
    assert.equal(test.core.run(1), 'fault');
    assert.equal(test.core.fault!.lockup, true);
  });
});
