/**
 * Measures what the firmware takes of each simulated board before there is a network in it, and writes
 * templates/firmware/overhead.json, which fitBoard reads. Run it after a change of the templates:
 *
 *   npx tsx bench/firmware-overhead.ts
 *
 * How: builds the real project with the smallest network there is (one input byte, one output byte, a function that copies
 * it), runs it on the simulated board for the stack, and takes that network away again by the sizes of its symbols.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { boards, type BoardData } from '../extension/board/catalogue.ts';
import type { Overhead } from '../extension/board/overhead.ts';
import type { Bundle, Placeholder } from '../extension/bundle/bundle.ts';
import { writeHeader } from '../extension/bundle/header.ts';
import { generateProject } from '../extension/project/generate.ts';
import { productRoot } from '../extension/resources.ts';
import { Machine } from '../extension/simulator/machine.ts';
import { buildProject } from '../extension/toolchain/build.ts';
import { compileObject } from '../extension/toolchain/compile.ts';
import { readElf, sectionType, type ElfFile } from '../extension/toolchain/elf.ts';
import { doctor } from '../extension/toolchain/find.ts';
import { firmwareSize } from '../extension/toolchain/size.ts';

const name = 'nothing';
/** It also leaves the stack pointer it was called with after the placeholders. */
const source = `#include "nothing.h"
int nothing(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations)
{
  (void)constantWeight;
  (void)activations;
  mutableWeight[1] = mutableWeight[0];
  __asm volatile("mov r3, sp\\n str r3, [%0, #4]" : : "l"(mutableWeight) : "r3", "memory");
  return GLOW_SUCCESS;
}
`;

async function main(): Promise<void> {
  const placeholder = (n: string, direction: 'input' | 'output', byteOffset: number): Placeholder => ({
    name: n,
    cName: n,
    direction,
    shape: [1, 1],
    type: 'int8',
    scale: 1,
    offset: 0,
    byteOffset,
    byteSize: 1,
  });
  const sizes = {
    name,
    placeholders: [placeholder('in', 'input', 0), placeholder('out', 'output', 1)],
    constantBytes: 0,
    mutableBytes: 8,
    activationBytes: 0,
    alignment: 4,
  };
  const header = writeHeader(sizes);
  const object = await compileObject(
    { name, source, header },
    { cpuFlags: ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'] },
  );
  const bundle: Bundle = { ...sizes, header, source, object, weights: new Uint8Array(), layers: [] };

  const folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-overhead-'));
  const measured: Record<string, Overhead> = {};
  try {
    for (const board of boards().filter((b) => b.simulated)) {
      const outDir = path.join(folder, board.id);
      // the most negative number: PRINTF's deepest call
      const images = new Map([['in', '0x80\n']]);
      await generateProject({ board, bundle, images, weights: 'flash', outDir });
      const { elf } = await buildProject(outDir);
      measured[board.id] = measure(board, new Uint8Array(await readFile(elf)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  const gcc = (await doctor()).find((d) => d.tool === 'gcc');
  const file = path.join(productRoot, 'templates', 'firmware', 'overhead.json');
  const how = `Measured by bench/firmware-overhead.ts with arm-none-eabi-gcc ${gcc?.version}; its first comment says how.`;
  await writeFile(file, `${JSON.stringify({ how, boards: measured }, null, 2)}\n`);
  console.table(measured);
}

function measure(board: BoardData, bytes: Uint8Array): Overhead {
  const elf = readElf(bytes);
  const size = firmwareSize(elf);
  const machine = new Machine(board.id);
  machine.load(bytes);
  let text = '';
  machine.onUart = (byte) => (text += String.fromCharCode(byte));
  machine.run();
  if (!/class = 0\r\nConfidence = -128\r\nTop1 class = 0 \r\nInference time = \d+ \(us\)\r\n/.test(text)) {
    throw new Error(`${board.id} printed ${JSON.stringify(text)}`);
  }
  const saved = machine.readMemory(symbol(elf, 'mutableWeight').address + 4, 4);
  const callerSp = new DataView(saved.buffer, saved.byteOffset).getUint32(0, true);
  return {
    flashBytes: flashEnd(elf, board) - symbol(elf, name).size - symbol(elf, 'testImage').size,
    ramBytes: size.ramBytes - size.stackBytes - symbol(elf, 'mutableWeight').size,
    stackBytes: machine.stackBytes,
    callerStackBytes: symbol(elf, '__StackTop').address - callerSp,
  };
}

function symbol(elf: ElfFile, wanted: string): { address: number; size: number } {
  const found = elf.symbols.find((s) => s.name === wanted && s.defined);
  if (!found) throw new Error(`no symbol ${wanted}`);
  return found;
}

/** Bytes from the start of flash to the last one stored, initial values of variables included. */
function flashEnd(elf: ElfFile, board: BoardData): number {
  const stored = elf.sections.filter((s) => s.allocated && s.type !== sectionType.nobits);
  const inFlash = stored.filter((s) => s.address < board.flash.origin + board.flash.size);
  const data = stored.filter((s) => !inFlash.includes(s)).reduce((sum, s) => sum + s.size, 0);
  return Math.max(...inFlash.map((s) => s.address + s.size)) - board.flash.origin + data;
}

await main();
