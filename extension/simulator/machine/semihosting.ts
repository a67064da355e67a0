import { UserError } from '../../common/error.ts';

/** Memory as a debugger reads and writes it; both throw a UserError outside the board's memories. */
export interface DebuggedMemory {
  readMemory(address: number, length: number): Uint8Array;
  writeMemory(address: number, bytes: Uint8Array): void;
}

/** Numbers of calls (Arm, "Semihosting for AArch32 and AArch64", release 3). */
const SYS = {
  open: 0x01,
  close: 0x02,
  writec: 0x03,
  write0: 0x04,
  write: 0x05,
  read: 0x06,
  istty: 0x09,
  clock: 0x10,
  time: 0x11,
  errno: 0x13,
  getCmdline: 0x15,
  heapinfo: 0x16,
  exit: 0x18,
  exitExtended: 0x20,
} as const;

/** Longest text of one call. */
const MAX_BYTES = 64 * 1024;
const FAILED = -1;

/**
 * What a debugger with a console and nothing else answers to a semihosting call: text is printed, the special file `:tt` is
 * the console, there are no other files, no input, no command line, and the heap and the stack are the linker's.
 * @param operation r0: the call. @param parameter r1: a character, or the address of a string or of a block of words
 * @returns what goes into r0; `exit` when the firmware has ended
 */
export function answerSemihosting(
  operation: number,
  parameter: number,
  memory: DebuggedMemory,
  print: (byte: number) => void,
): number | 'exit' {
  const word = (index: number): number => {
    const bytes = memory.readMemory((parameter >>> 0) + 4 * index, 4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  };
  const byteAt = (address: number): number => memory.readMemory(address >>> 0, 1)[0]!;
  try {
    switch (operation) {
      case SYS.open: {
        const name = memory.readMemory(word(0), Math.min(word(2), 255));
        if (Buffer.from(name).toString('latin1') !== ':tt') return FAILED;
        // modes 0 to 3 read, 4 to 7 write, 8 to 11 append: standard input, output and error
        return 1 + Math.min(2, word(1) >> 2);
      }
      case SYS.writec:
        print(byteAt(parameter));
        return 0;
      case SYS.write0:
        for (let i = 0; i < MAX_BYTES; i++) {
          const byte = byteAt(parameter + i);
          if (byte === 0) break;
          print(byte);
        }
        return 0;
      case SYS.write:
        for (const byte of memory.readMemory(word(1), Math.min(word(2), MAX_BYTES))) print(byte);
        return Math.max(0, word(2) - MAX_BYTES); // bytes that are left
      case SYS.read:
        return word(2); // nothing was read
      case SYS.getCmdline:
        memory.writeMemory(word(0), Uint8Array.of(0));
        memory.writeMemory((parameter >>> 0) + 4, new Uint8Array(4));
        return 0;
      case SYS.heapinfo:
        memory.writeMemory(word(0), new Uint8Array(16)); // zeros: as linked
        return 0;
      case SYS.istty:
        return 1;
      case SYS.close:
      case SYS.clock:
      case SYS.time:
      case SYS.errno:
        return 0;
      case SYS.exit:
      case SYS.exitExtended:
        return 'exit';
      default:
        return FAILED;
    }
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return FAILED; // an address outside the memories
  }
}
