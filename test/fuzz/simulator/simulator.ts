import { spawnSync } from 'node:child_process';
import { simulatedBoards } from '../../../extension/simulator/boards/boards.ts';
import { type Image, patchImage, readImage } from '../../../extension/simulator/firmware/image.ts';
import { Machine } from '../../../extension/simulator/machine/machine.ts';
import type { SimulatedBoard } from '../../../extension/simulator/machine/mcu.ts';
import { firmwareSize, objectSize } from '../../../extension/toolchain/size.ts';
import { comparePrograms } from '../../simulator/qemuPrograms.ts';
import { randomFirmware } from '../../simulator/randomFirmware.ts';
import { Random as WordRandom } from '../../simulator/randomInstructions.ts';
import type { Random } from '../../support/random.ts';
import type { Case, Fuzzer } from '../driver/fuzzer.ts';
import { type Material, mutated } from '../driver/mutate.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { accessFirmware, randomAccesses } from './accesses.ts';
import { intelHex } from './intelHex.ts';
import { sameRuns } from './sameRuns.ts';

/** How often QEMU runs a thousand programs beside us, which takes a second. */
const BESIDE_QEMU = 0.002;
/** For short runs: each board has firmware of its own to be compiled. */
const SHORT_BOARDS = ['frdmke16z', 'lpc845breakout'];
const tokens = ['\x7fELF', '.symtab', 'aeabi\0', ':00000001FF\n', ':020000040000FA\n', ':10'];

/**
 * Firmware: random bytes, random accesses to peripherals, changed ELF and Intel HEX files, and random programs beside QEMU where
 * it is installed.
 */
export const simulator: Fuzzer = {
  name: 'simulator',
  short: 10,
  open: (run) => {
    const boards = simulatedBoards().filter((b) => run === 'long' || SHORT_BOARDS.includes(b.id));
    const hasQemu = !spawnSync('qemu-system-arm', ['--version']).error;
    const built = new Map<string, { elf: Uint8Array; image: Image }>();
    const firmwareOf = (board: SimulatedBoard): { elf: Uint8Array; image: Image } => {
      let firmware = built.get(board.id);
      if (!firmware) {
        const elf = accessFirmware(board);
        built.set(board.id, (firmware = { elf, image: readImage(elf) }));
      }
      return firmware;
    };
    return Promise.resolve((random: Random): Case => {
      const board = random.pick(boards);
      const input = Uint8Array.from({ length: random.int(0, 40) }, () => random.int(0, 255));
      const seed = random.int(1, 2 ** 31 - 1);
      if (hasQemu && random.bool(BESIDE_QEMU)) {
        return { label: 'programs beside QEMU', input: `seed ${seed}\n`, check: () => comparePrograms(seed) };
      }
      if (random.bool(0.3)) return ofRandomBytes(board, seed, input);
      const { elf, image } = firmwareOf(board);
      if (random.bool(0.4)) return ofAccesses(board, image, randomAccesses(board, random), input);
      const material = { corpus: [elf, elf, intelHex(image)], tokens };
      return ofFile(board, random, material, input);
    });
  },
};

function ofRandomBytes(board: SimulatedBoard, seed: number, input: Uint8Array): Case {
  const bytes = randomFirmware(board, new WordRandom(seed), seed % 2 === 0);
  return {
    label: `random bytes on ${board.id}`,
    input: bytes,
    check: () => {
      sameRuns(board.id, bytes, input);
    },
  };
}

function ofAccesses(board: SimulatedBoard, image: Image, table: Uint8Array, input: Uint8Array): Case {
  return {
    label: `random accesses on ${board.id}`,
    input: table,
    check: () => {
      sameRuns(board.id, patchImage(image, [{ symbol: 'table', bytes: table }]), input);
    },
  };
}

function ofFile(board: SimulatedBoard, random: Random, material: Material, input: Uint8Array): Case {
  const bytes = mutated(random, material);
  return {
    label: `a changed firmware file on ${board.id}`,
    input: bytes,
    check: async () => {
      const image = await valueOrRefusal(() => readImage(bytes));
      if (!image) return;
      if (image.elf) {
        firmwareSize(image.elf, { origin: 0, size: 2 ** 32 });
        objectSize(image.elf);
      }
      image.symbols.describe(0x1000);
      const bootable = await valueOrRefusal(() => {
        const machine = new Machine(board.id);
        machine.load(image);
        machine.initialiseData();
        machine.checkBootable();
        return true;
      });
      if (bootable) sameRuns(board.id, image, input);
    },
  };
}
