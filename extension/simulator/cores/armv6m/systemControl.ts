import { EXCEPTION, type Nvic } from './nvic.ts';
import type { SysTick } from './sysTick.ts';

/** CPUID of a Cortex-M0+ r0p1 (DDI 0484). */
const CPU_ID = 0x410cc601;
const VECT_KEY = 0x05fa;
/** STKALIGN and UNALIGN_TRP, both fixed in ARMv6-M. */
const CCR = 0x208;

/** The registers of the system control block that keep something: VTOR and SCR. */
export interface SystemControlState {
  readonly vectorTable: number;
  readonly scr: number;
}

/**
 * The private peripheral bus, 0xE0000000 to 0xE00FFFFF: SysTick, NVIC and system control block (ARMv6-M manual B3.2).
 * What is not there (no MPU, no debugger) reads as 0 and ignores writes.
 */
export class SystemControl {
  /** VTOR: address of the vector table. */
  vectorTable = 0;
  /** SCR. */
  sleepOnExit = false;
  sendEventOnPend = false;
  /** Called for AIRCR.SYSRESETREQ. */
  onResetRequest: () => void = () => undefined;

  #scr = 0;
  readonly #nvic: Nvic;
  readonly #sysTick: SysTick;

  constructor(nvic: Nvic, sysTick: SysTick) {
    this.#nvic = nvic;
    this.#sysTick = sysTick;
  }

  reset(): void {
    this.vectorTable = 0;
    this.#setScr(0);
  }

  save(): SystemControlState {
    return { vectorTable: this.vectorTable, scr: this.#scr };
  }

  restore({ vectorTable, scr }: SystemControlState): void {
    this.vectorTable = vectorTable;
    this.#setScr(scr);
  }

  /** True for registers whose value changes with time alone. */
  changesWithTime(address: number): boolean {
    return address >>> 0 === 0xe000e018;
  }

  /** Reads 1, 2 or 4 bytes; the registers are words, smaller reads (not architectural) give their part. */
  read(address: number, size: number): number {
    const word = this.#readWord((address & ~3) >>> 0);
    if (size === 4) return word | 0;
    return (word >>> ((address & 3) * 8)) & (size === 2 ? 0xffff : 0xff);
  }

  /** Writes a word; smaller writes, which the architecture leaves open, are merged into the word's present value. */
  write(address: number, size: number, value: number): void {
    const word = (address & ~3) >>> 0;
    if (size === 4) {
      this.#writeWord(word, value);
      return;
    }
    const shift = (address & 3) * 8;
    const mask = (size === 2 ? 0xffff : 0xff) << shift;
    this.#writeWord(word, ((this.#readWord(word) & ~mask) | (value << shift)) >>> 0);
  }

  #readWord(address: number): number {
    const nvic = this.#nvic;
    switch (address) {
      case 0xe000e010:
        return this.#sysTick.readControl();
      case 0xe000e014:
        return this.#sysTick.load;
      case 0xe000e018:
        return this.#sysTick.value;
      case 0xe000e01c:
        return this.#sysTick.calib;
      case 0xe000e100: // ISER
      case 0xe000e180: // ICER
        return nvic.enabledInterrupts;
      case 0xe000e200: // ISPR
      case 0xe000e280: // ICPR
        return nvic.pendingInterrupts;
      case 0xe000ed00:
        return CPU_ID;
      case 0xe000ed04: {
        const interrupts = nvic.pendingInterrupts & nvic.enabledInterrupts;
        return (
          (nvic.isSystemPending(EXCEPTION.nmi) ? 1 << 31 : 0) |
          (nvic.isSystemPending(EXCEPTION.pendSv) ? 1 << 28 : 0) |
          (nvic.isSystemPending(EXCEPTION.sysTick) ? 1 << 26 : 0) |
          (interrupts !== 0 ? 1 << 22 : 0) |
          (nvic.vectorPending << 12) |
          nvic.current
        );
      }
      case 0xe000ed08:
        return this.vectorTable;
      case 0xe000ed0c: // AIRCR: the key reads back inverted in part, little-endian
        return 0xfa050000;
      case 0xe000ed10:
        return this.#scr;
      case 0xe000ed14:
        return CCR;
      case 0xe000ed1c: // SHPR2
        return nvic.priorityOf(EXCEPTION.svCall) << 30;
      case 0xe000ed20: // SHPR3
        return (nvic.priorityOf(EXCEPTION.sysTick) << 30) | (nvic.priorityOf(EXCEPTION.pendSv) << 22);
      case 0xe000ed24: // SHCSR
        return nvic.isSystemPending(EXCEPTION.svCall) ? 1 << 15 : 0;
      default:
        if (address >= 0xe000e400 && address < 0xe000e420) {
          let word = 0;
          const first = EXCEPTION.firstInterrupt + (address - 0xe000e400);
          for (let i = 3; i >= 0; i--) word = (word << 8) | (nvic.priorityOf(first + i) << 6);
          return word;
        }
        return 0;
    }
  }

  #setScr(scr: number): void {
    this.#scr = scr;
    this.sleepOnExit = (scr & 2) !== 0;
    this.sendEventOnPend = (scr & 16) !== 0;
  }

  #writeWord(address: number, value: number): void {
    const nvic = this.#nvic;
    switch (address) {
      case 0xe000e010:
        this.#sysTick.writeControl(value);
        break;
      case 0xe000e014:
        this.#sysTick.load = value;
        break;
      case 0xe000e018:
        this.#sysTick.clear();
        break;
      case 0xe000e100:
        nvic.enable(value);
        break;
      case 0xe000e180:
        nvic.disable(value);
        break;
      case 0xe000e200:
        nvic.setPending(value);
        break;
      case 0xe000e280:
        nvic.clearPending(value);
        break;
      case 0xe000ed04:
        if (value & (1 << 31)) nvic.setSystemPending(EXCEPTION.nmi);
        if (value & (1 << 28)) nvic.setSystemPending(EXCEPTION.pendSv);
        if (value & (1 << 27)) nvic.clearSystemPending(EXCEPTION.pendSv);
        if (value & (1 << 26)) nvic.setSystemPending(EXCEPTION.sysTick);
        if (value & (1 << 25)) nvic.clearSystemPending(EXCEPTION.sysTick);
        break;
      case 0xe000ed08:
        this.vectorTable = (value & 0xffffff00) >>> 0; // TBLOFF is bits 31:8 of a Cortex-M0+ (DDI 0484)
        break;
      case 0xe000ed0c:
        if (value >>> 16 === VECT_KEY && (value & 4) !== 0) this.onResetRequest();
        break;
      case 0xe000ed10:
        this.#setScr(value & 0x16);
        break;
      case 0xe000ed1c:
        nvic.setPriority(EXCEPTION.svCall, value >>> 30);
        break;
      case 0xe000ed20:
        nvic.setPriority(EXCEPTION.sysTick, value >>> 30);
        nvic.setPriority(EXCEPTION.pendSv, value >>> 22);
        break;
      default:
        if (address >= 0xe000e400 && address < 0xe000e420) {
          const first = EXCEPTION.firstInterrupt + (address - 0xe000e400);
          for (let i = 0; i < 4; i++) nvic.setPriority(first + i, value >>> (8 * i + 6));
        }
    }
  }
}
