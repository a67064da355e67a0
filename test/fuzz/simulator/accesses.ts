import { buildFirmware } from '../../simulator/firmware.ts';
import type { SimulatedBoard } from '../../../extension/simulator/machine/mcu.ts';
import type { Random } from '../../support/random.ts';

/** Accesses of one run. */
const ACCESSES = 64;
/** Words an access is told by: address, value, what to do. */
const WORDS = 3;
/** The core's own registers: SysTick, NVIC, the system control block. */
const OWN = [0xe000e010, 0xe000e014, 0xe000e018, 0xe000e100, 0xe000e180, 0xe000e200, 0xe000e280, 0xe000e400, 0xe000ed04, 0xe000ed08, 0xe000ed0c, 0xe000ed10, 0xe000ed1c, 0xe000ed20]; // prettier-ignore

/**
 * Firmware that boots, makes the accesses of a table to whatever addresses, echoes what it receives, steps over its faults and
 * says its end.
 */
export function accessFirmware(board: SimulatedBoard): Uint8Array {
  return buildFirmware(
    board.id,
    `struct access { unsigned address, value, what; };
const struct access table[${ACCESSES}] = {{1, 1, 1}};
volatile unsigned sum;
void SysTick_Handler(void) { sum++; }
void UART_Handler(void) { if (RECEIVED) put(RECEIVE); else TRANSMIT_INTERRUPT_OFF; }
__attribute__((naked)) void HardFault_Handler(void) {
  __asm volatile(".syntax unified\\n mov r0, sp\\n ldr r1, [r0, #24]\\n adds r1, #2\\n str r1, [r0, #24]\\n bx lr");
}
int main(void) {
  init();
  RECEIVE_INTERRUPT;
  for (const struct access *a = table; a < table + ${ACCESSES}; a++) {
    switch (a->what & 15) {
      case 0: sum += R8(a->address); break;
      case 1: sum += R16(a->address); break;
      case 2: sum += R32(a->address); break;
      case 3: R8(a->address) = a->value; break;
      case 4: R16(a->address) = a->value; break;
      case 5: case 6: case 7: R32(a->address) = a->value; break;
      case 8: R32(a->address) |= a->value; break;
      case 9: for (unsigned i = 0; i < (a->value & 255) && !(R32(a->address) & 1); i++) {} break;
      case 10: __asm volatile("wfi"); break;
      case 11: __asm volatile("cpsie i"); break;
      case 12: put(a->value); break;
      case 13: __asm volatile("svc 1"); break;
    }
  }
  print("end\\n");
  return 0;
}`,
  );
}

/** The table of such a firmware, filled at random: registers that there are, others, and addresses with nothing behind them. */
export function randomAccesses(board: SimulatedBoard, random: Random): Uint8Array {
  const words = new Uint32Array(ACCESSES * WORDS);
  const bases = [...board.peripherals.map((p) => p.origin), board.console!.base];
  for (let i = 0; i < words.length; i += WORDS) {
    const near = random.pick(bases) + random.int(0, random.bool() ? 64 : 4096);
    const address = random.pick([
      random.pick(OWN),
      random.pick(OWN),
      near,
      near,
      near,
      random.next() * 2 ** 32,
    ]);
    words[i] = random.bool(0.9) ? address & ~3 : address;
    words[i + 1] = random.pick([
      random.next() * 2 ** 32,
      random.int(0, 255),
      1 << random.int(0, 31),
      2 ** 32 - 1,
    ]);
    words[i + 2] = random.int(0, 13);
  }
  return new Uint8Array(words.buffer);
}
