/** Exception numbers of ARMv6-M. External interrupt n is exception 16 + n. */
export const EXCEPTION = {
  reset: 1,
  nmi: 2,
  hardFault: 3,
  svCall: 11,
  pendSv: 14,
  sysTick: 15,
  firstInterrupt: 16,
} as const;

/** Lower than every configurable priority (0 to 3): what Thread mode runs at. */
const THREAD_PRIORITY = 4;

/** An NVIC as it was. */
export interface NvicState {
  readonly primask: number;
  readonly enabled: number;
  readonly latched: number;
  readonly lines: number;
  readonly systemPending: number;
  readonly active: readonly number[];
  readonly interruptPriority: Uint8Array;
  readonly systemPriority: Uint8Array;
}

/**
 * The nested vectored interrupt controller and the system exceptions' state: what is pending, enabled and active,
 * at which priority (ARMv6-M Architecture Reference Manual B1.5, B3.4).
 */
export class Nvic {
  /** PRIMASK: 1 keeps all exceptions with configurable priority out. */
  primask = 0;
  /** Called when something changed that may let an exception in. */
  onChange: () => void = () => undefined;

  #enabled = 0;
  #latched = 0;
  #lines = 0;
  /** System exceptions pending, bit = exception number. */
  #systemPending = 0;
  /** Active exceptions, innermost last. */
  readonly #active: number[] = [];
  readonly #interruptPriority = new Uint8Array(32);
  readonly #systemPriority = new Uint8Array(16);

  reset(): void {
    this.primask = this.#enabled = this.#latched = this.#lines = this.#systemPending = 0;
    this.#active.length = 0;
    this.#interruptPriority.fill(0);
    this.#systemPriority.fill(0);
  }

  save(): NvicState {
    return {
      primask: this.primask,
      enabled: this.#enabled,
      latched: this.#latched,
      lines: this.#lines,
      systemPending: this.#systemPending,
      active: [...this.#active],
      interruptPriority: this.#interruptPriority.slice(),
      systemPriority: this.#systemPriority.slice(),
    };
  }

  restore(state: NvicState): void {
    this.primask = state.primask;
    this.#enabled = state.enabled;
    this.#latched = state.latched;
    this.#lines = state.lines;
    this.#systemPending = state.systemPending;
    this.#active.splice(0, this.#active.length, ...state.active);
    this.#interruptPriority.set(state.interruptPriority);
    this.#systemPriority.set(state.systemPriority);
  }

  /** The exception being handled, 0 in Thread mode (IPSR). */
  get current(): number {
    return this.#active.length === 0 ? 0 : this.#active[this.#active.length - 1]!;
  }

  get nesting(): number {
    return this.#active.length;
  }

  isActive(number: number): boolean {
    return this.#active.includes(number);
  }

  get enabledInterrupts(): number {
    return this.#enabled >>> 0;
  }

  get pendingInterrupts(): number {
    return this.#pending >>> 0;
  }

  enable(bits: number): void {
    this.#enabled |= bits;
    this.onChange();
  }

  disable(bits: number): void {
    this.#enabled &= ~bits;
  }

  setPending(bits: number): void {
    this.#latched |= bits;
    this.onChange();
  }

  clearPending(bits: number): void {
    this.#latched &= ~bits;
  }

  /** A peripheral's interrupt line goes high or low. */
  setLine(interrupt: number, high: boolean): void {
    const bit = 1 << interrupt;
    if (high === ((this.#lines & bit) !== 0)) return;
    if (high) {
      this.#lines |= bit;
      this.onChange();
    } else {
      this.#lines &= ~bit;
    }
  }

  setSystemPending(number: number): void {
    this.#systemPending |= 1 << number;
    this.onChange();
  }

  clearSystemPending(number: number): void {
    this.#systemPending &= ~(1 << number);
  }

  isSystemPending(number: number): boolean {
    return (this.#systemPending & (1 << number)) !== 0;
  }

  /** Priority 0 (most urgent) to 3 of a configurable exception; -1 HardFault, -2 NMI. */
  priorityOf(number: number): number {
    if (number >= EXCEPTION.firstInterrupt)
      return this.#interruptPriority[number - EXCEPTION.firstInterrupt]!;
    if (number === EXCEPTION.hardFault) return -1;
    if (number === EXCEPTION.nmi) return -2;
    return this.#systemPriority[number]!;
  }

  setPriority(number: number, priority: number): void {
    if (number >= EXCEPTION.firstInterrupt) {
      this.#interruptPriority[number - EXCEPTION.firstInterrupt] = priority & 3;
    } else {
      this.#systemPriority[number] = priority & 3;
    }
    this.onChange();
  }

  /** The priority the core runs at now, with PRIMASK. */
  get executionPriority(): number {
    let priority = this.primask ? 0 : THREAD_PRIORITY;
    for (const number of this.#active) priority = Math.min(priority, this.priorityOf(number));
    return priority;
  }

  /** The exception to enter now; 0 for none. */
  toEnter(): number {
    return this.#mostUrgent(this.executionPriority);
  }

  /** True when WFI ends: something pending would be entered if PRIMASK were 0. */
  get wakes(): boolean {
    let priority = THREAD_PRIORITY;
    for (const number of this.#active) priority = Math.min(priority, this.priorityOf(number));
    return this.#mostUrgent(priority) !== 0;
  }

  /** The number ICSR.VECTPENDING shows: the most urgent pending and enabled exception, whatever runs. */
  get vectorPending(): number {
    return this.#mostUrgent(THREAD_PRIORITY + 1);
  }

  enter(number: number): void {
    if (number >= EXCEPTION.firstInterrupt) this.#latched &= ~(1 << (number - EXCEPTION.firstInterrupt));
    else this.#systemPending &= ~(1 << number);
    this.#active.push(number);
  }

  /** Deactivates the exception whose handler returns. */
  leave(number: number): void {
    const at = this.#active.lastIndexOf(number);
    if (at >= 0) this.#active.splice(at, 1);
    this.onChange();
  }

  /** Back to Thread mode without returning from anything: for a debugger's sake. */
  leaveAll(): void {
    this.#active.length = 0;
  }

  get #pending(): number {
    let pending = this.#latched | this.#lines;
    // a level stays pending only once its handler has returned with the line still high
    for (const number of this.#active) {
      if (number >= EXCEPTION.firstInterrupt) {
        const bit = 1 << (number - EXCEPTION.firstInterrupt);
        if ((this.#latched & bit) === 0) pending &= ~bit;
      }
    }
    return pending;
  }

  #mostUrgent(below: number): number {
    let best = 0;
    let bestPriority = below;
    if (this.#systemPending !== 0) {
      for (const number of [EXCEPTION.nmi, EXCEPTION.svCall, EXCEPTION.pendSv, EXCEPTION.sysTick]) {
        if ((this.#systemPending & (1 << number)) !== 0 && this.priorityOf(number) < bestPriority) {
          best = number;
          bestPriority = this.priorityOf(number);
        }
      }
    }
    const ready = this.#pending & this.#enabled;
    if (ready !== 0) {
      for (let i = 0; i < 32; i++) {
        if ((ready & (1 << i)) !== 0 && this.#interruptPriority[i]! < bestPriority) {
          best = EXCEPTION.firstInterrupt + i;
          bestPriority = this.#interruptPriority[i]!;
        }
      }
    }
    return best;
  }
}
