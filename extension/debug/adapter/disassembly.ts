import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { MemoryRange } from '../server.ts';
import { addressOf } from './memory.ts';
import { type Gdb, GdbError } from './mi/gdb.ts';
import { type MiTuple, numberOf, textOf, tuplesOf } from './mi/value.ts';

/** The most instructions at once. */
const MOST = 2000;
/** The longest instruction of Thumb, and the shortest, in bytes. */
const LONGEST = 4;
const SHORTEST = 2;

type Instruction = DebugProtocol.DisassembledInstruction;

/**
 * Disassembles as many instructions as are wanted, whatever lies there: the list is as long as it was asked for, and places
 * without memory are marked.
 * @param memory where there is any
 */
export async function disassemble(
  gdb: Gdb,
  memory: readonly MemoryRange[],
  {
    memoryReference,
    offset = 0,
    instructionOffset = 0,
    instructionCount,
  }: DebugProtocol.DisassembleArguments,
): Promise<Instruction[]> {
  const count = Math.min(Math.max(0, instructionCount), MOST);
  const from = Math.min(Math.max(-MOST, instructionOffset), MOST);
  const address = addressOf(memoryReference, offset) & ~1;
  const range = memory.find(({ origin, size }) => address >= origin && address < origin + size);
  const found = range ? await around(gdb, range, address, from, from + count) : [];
  const at = found.findIndex((instruction) => Number(instruction.address) === address);
  return Array.from({ length: count }, (_, i) => {
    const instruction = at < 0 ? undefined : found[at + from + i];
    return instruction ?? nothing(address, from + i);
  });
}

/** Instructions about an address, in one list that has one at the address itself. */
async function around(
  gdb: Gdb,
  { origin, size }: MemoryRange,
  address: number,
  from: number,
  to: number,
): Promise<Instruction[]> {
  const begin = Math.max(origin, address + LONGEST * Math.min(0, from));
  const end = Math.min(origin + size, address + LONGEST * Math.max(1, to));
  // one that begins in the middle of an instruction finds its step soon, but not always before the address
  for (const start of [begin, Math.min(address, begin + SHORTEST), address]) {
    const found = await listed(gdb, start, end);
    if (found.some((instruction) => Number(instruction.address) === address)) return found;
  }
  return [];
}

async function listed(gdb: Gdb, begin: number, end: number): Promise<Instruction[]> {
  try {
    const results = await gdb.ask('-data-disassemble', '-s', begin, '-e', end, '--', 5);
    return tuplesOf(results, 'asm_insns').flatMap((entry) => {
      const lines = entry.has('line_asm_insn') ? tuplesOf(entry, 'line_asm_insn') : [entry];
      return lines.map((instruction, i) => ({
        ...told(instruction),
        ...(i === 0 ? placeOf(entry) : {}),
      }));
    });
  } catch (error) {
    if (error instanceof GdbError) return [];
    throw error;
  }
}

function told(instruction: MiTuple): Instruction {
  const symbol = textOf(instruction, 'func-name');
  const offset = textOf(instruction, 'offset');
  return {
    address: textOf(instruction, 'address') ?? '',
    instruction: (textOf(instruction, 'inst') ?? '').replaceAll('\t', ' '),
    instructionBytes: textOf(instruction, 'opcodes') ?? '',
    ...(symbol !== undefined && offset === '0' ? { symbol } : {}),
  };
}

/** The line that an instruction is the first of. */
function placeOf(entry: MiTuple): Partial<Instruction> {
  const file = textOf(entry, 'fullname');
  const line = numberOf(entry, 'line');
  return file === undefined || line === undefined
    ? {}
    : { location: { name: path.basename(file), path: file }, line };
}

/** What stands where there is no instruction. */
function nothing(address: number, at: number): Instruction {
  const place = Math.max(0, address + SHORTEST * at);
  return {
    address: `0x${place.toString(16).padStart(8, '0')}`,
    instruction: '??',
    presentationHint: 'invalid',
  };
}
