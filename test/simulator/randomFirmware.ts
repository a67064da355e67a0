import type { SimulatedBoard } from '../../extension/simulator/machine/mcu.ts';
import type { Random } from './randomInstructions.ts';

/** Bytes of such firmware, where the flash has room for them. */
const BYTES = 4096;
const VECTORS = 48;

/**
 * Random bytes as firmware: its vector table is in order, and literals reach the board's peripherals.
 * @param stepsOver its fault handler steps over what faults
 */
export function randomFirmware(board: SimulatedBoard, random: Random, stepsOver: boolean): Buffer {
  const { memories, peripherals, console } = board;
  const flash = memories.find((m) => m.kind === 'flash')!;
  const ram = memories.find((m) => m.kind === 'ram')!;
  const bases = [...peripherals.map((p) => p.origin), console!.base, 0xe000e000, 0xe000ed00, ram.origin];
  const bytes = Buffer.alloc(Math.min(flash.size, BYTES));
  for (let at = 0; at < bytes.length; at += 2) bytes.writeUInt16LE(random.next() >>> 16, at);
  for (let at = 0; at < bytes.length; at += 64) {
    bytes.writeUInt32LE((bases[random.below(bases.length)]! + random.below(64)) >>> 0, at);
  }
  bytes.writeUInt32LE(ram.origin + ram.size, 0);
  for (let vector = 1; vector < VECTORS; vector++) {
    bytes.writeUInt32LE((4 * VECTORS + 2 * random.below(1900)) | 1, 4 * vector);
  }
  if (stepsOver) {
    // ldr r1, [sp, #24]; adds r1, #2; str r1, [sp, #24]; bx lr
    [0x9906, 0x3102, 0x9106, 0x4770].forEach((halfword, i) => bytes.writeUInt16LE(halfword, 194 + 2 * i));
    bytes.writeUInt32LE(195, 12);
  }
  return bytes;
}
