/**
 * Measures what the firmware takes of each board (or of those named) before there is a network in it, and writes it as
 * `overhead` into templates/boards/ID.json, which fitBoard reads. Run it after a change of the templates, and for a new board:
 *
 *   GLOWPORT_SDK=~/mcux-sdk npx tsx bench/firmware-overhead.ts [ID...]
 *
 * How: builds the real project with the smallest network whose result is printed in a loop, as that of all is (an input and an
 * output of four bytes, a function that copies them), runs it on the simulated board for the stack, and takes that network away
 * again by the sizes of its symbols: on our own board support, and on NXP's SDK with its debug console and with semihosting when
 * GLOWPORT_SDK names one (else the figures of the SDK stay). Boards that are not simulated get the deepest stack of the others.
 * Where the SDK does not fit even without a network nothing is written, and the figures are estimated
 * (extension/board/overhead.ts).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Overhead, Platform } from '../extension/board/board.ts';
import { boards, type BoardData } from '../extension/board/catalogue.ts';
import type { Bundle, Placeholder } from '../extension/bundle/bundle.ts';
import { writeHeader } from '../extension/bundle/header.ts';
import { UserError } from '../extension/common/error.ts';
import { generateProject } from '../extension/project/generate.ts';
import type { ConsoleKind } from '../extension/project/options.ts';
import { platformOf } from '../extension/project/sdkProject.ts';
import { productRoot } from '../extension/common/resources.ts';
import { findSdk, requireBoard, type Sdk } from '../extension/sdk/discover.ts';
import { isSimulated } from '../extension/simulator/boards/boards.ts';
import { Machine } from '../extension/simulator/machine/machine.ts';
import { buildProject } from '../extension/toolchain/build.ts';
import { compileObject } from '../extension/toolchain/compile.ts';
import { readElf, type ElfFile } from '../extension/toolchain/elf.ts';
import { doctor } from '../extension/toolchain/find.ts';
import { firmwareSize } from '../extension/toolchain/size.ts';

const NAME = 'nothing';
/** It also leaves the stack pointer it was called with after the placeholders. */
const SOURCE = `#include "nothing.h"
int nothing(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations)
{
  (void)constantWeight;
  (void)activations;
  volatile uint8_t *bytes = mutableWeight; /* else gcc calls memcpy */
  for (int i = 0; i < 4; i++)
    bytes[4 + i] = bytes[i];
  __asm volatile("mov r3, sp\\n str r3, [%0, #8]" : : "l"(mutableWeight) : "r3", "memory");
  return GLOW_SUCCESS;
}
`;

async function main(ids: readonly string[]): Promise<void> {
  const isWanted = ({ id }: BoardData): boolean => ids.length === 0 || ids.includes(id);
  const placeholder = (n: string, direction: 'input' | 'output', byteOffset: number): Placeholder => ({
    name: n,
    cName: n,
    direction,
    shape: [1, 4],
    type: 'int8',
    scale: 1,
    offset: 0,
    byteOffset,
    byteSize: 4,
  });
  const sizes = {
    name: NAME,
    placeholders: [placeholder('in', 'input', 0), placeholder('out', 'output', 4)],
    constantBytes: 0,
    mutableBytes: 12,
    stateBytes: 0,
    activationBytes: 0,
    alignment: 4,
  };
  const header = writeHeader(sizes);
  const bundleFor = async ({ compile: { cpuFlags } }: BoardData): Promise<Bundle> => {
    const object = await compileObject({ name: NAME, source: SOURCE, header }, { cpuFlags });
    return { ...sizes, header, source: SOURCE, object, weights: new Uint8Array(), layers: [] };
  };
  // the most negative number: PRINTF's deepest call
  const images = new Map([['in', '0x80, 0x80, 0x80, 0x80\n']]);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-overhead-'));
  const measureOn = async (
    board: BoardData,
    sdk?: Sdk,
    console?: ConsoleKind,
  ): Promise<Overhead | undefined> => {
    const outDir = path.join(folder, `${console ?? 'own'}-${board.id}`);
    const onSdk = sdk && { sdk: await requireBoard(sdk, board) };
    const bundle = await bundleFor(board);
    // given, for what it would be without is about to be measured
    const stackBytes = board.ram[0]!.size > 2048 ? 512 : 256;
    const weights = 'flash';
    await generateProject({
      board,
      bundle,
      testData: images,
      weights,
      outDir,
      console,
      stackBytes,
      ...onSdk,
    });
    const built = await buildProject(outDir).catch((e: unknown) => {
      if (e instanceof UserError && e.code === 'board') return undefined;
      throw e;
    });
    return built && measure(board, new Uint8Array(await readFile(built.elf)));
  };
  try {
    for (const board of boards().filter((b) => b.bsp && isWanted(b)))
      await write(board, 'own', await measureOn(board));
    const sdk = process.env['GLOWPORT_SDK'] ? await findSdk() : undefined;
    for (const console of sdk ? (['uart', 'semihost'] as const) : []) {
      const measured: [BoardData, Overhead | undefined][] = [];
      for (const board of sdk!.boards.filter(isWanted)) {
        measured.push([board, await measureOn(board, sdk, console)]);
      }
      const known = boards().flatMap((b) => (isSimulated(b) && b.overhead?.[platformOf(console)]) || []);
      const deepest = Math.max(
        ...[...known, ...measured.flatMap(([, o]) => o ?? [])].map((o) => o.stackBytes),
      );
      for (const [board, o] of measured) {
        const run = o && isSimulated(board) ? o.stackBytes : deepest;
        await write(board, platformOf(console), o && { ...o, stackBytes: run });
      }
    }
    const gcc = (await doctor()).find((d) => d.tool === 'gcc');
    const release = sdk ? `, SDK ${sdk.version ?? 'of unknown release'}` : '';
    console.log(
      `arm-none-eabi-gcc ${gcc?.version}${release}: templates/boards/schema.json has to say so at "overhead".`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts figures in the place of the former ones in a board's file, and leaves the rest of its text as it is. */
async function write(board: BoardData, platform: Platform, overhead: Overhead | undefined): Promise<void> {
  const file = path.join(productRoot, 'templates', 'boards', `${board.id}.json`);
  const text = await readFile(file, 'utf8');
  const { overhead: before } = JSON.parse(text) as Pick<BoardData, 'overhead'>;
  const after = { ...before, [platform]: overhead };
  const lines = (['own', 'sdk', 'semihost'] as const).flatMap((key) =>
    after[key]
      ? `    "${key}": ${JSON.stringify(after[key]).replace(/[{:,]/g, '$& ').replace('}', ' }')}`
      : [],
  );
  const block = lines.length > 0 ? `  "overhead": {\n${lines.join(',\n')}\n  },\n` : '';
  const others = text.replace(/^ {2}"overhead": \{\n(?: {4}.*\n)* {2}\},\n/m, '');
  await writeFile(
    file,
    others.replace(/^ {2}"(bsp|sources)"/m, (next) => block + next),
  );
  console.log(board.id, platform, overhead ?? 'does not fit');
}

/** @returns the stack as it was in the run; 0 where the board is not simulated */
function measure(board: BoardData, bytes: Uint8Array): Overhead {
  const elf = readElf(bytes);
  const size = firmwareSize(elf, board.flash);
  const taken = {
    flashBytes: size.flashBytes - symbol(elf, NAME).size - symbol(elf, 'testImage').size,
    ramBytes: size.ramBytes - size.stackBytes - symbol(elf, 'mutableWeight').size,
  };
  if (!isSimulated(board)) return { ...taken, stackBytes: 0, callerStackBytes: 0 };
  const machine = new Machine(board.id);
  machine.load(bytes);
  machine.startSemihosting();
  let text = '';
  machine.onUart = (byte) => (text += String.fromCharCode(byte));
  machine.run();
  if (!/class = 3\r\nConfidence = -128\r\nTop1 class = 0 \r\nInference time = \d+ \(us\)\r\n/.test(text)) {
    throw new Error(`${board.id} printed ${JSON.stringify(text)}`);
  }
  const saved = machine.readMemory(symbol(elf, 'mutableWeight').address + 8, 4);
  const callerSp = new DataView(saved.buffer, saved.byteOffset).getUint32(0, true);
  return {
    ...taken,
    stackBytes: machine.stackBytes,
    callerStackBytes: symbol(elf, '__StackTop').address - callerSp,
  };
}

function symbol(elf: ElfFile, wanted: string): { address: number; size: number } {
  const found = elf.symbols.find((s) => s.name === wanted && s.defined);
  if (!found) throw new Error(`no symbol ${wanted}`);
  return found;
}

await main(process.argv.slice(2));
