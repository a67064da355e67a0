import type { Alarm, Clock } from '../../machine/clock.ts';

const ENABLE = 1;
const TICK_INTERRUPT = 2;
const CORE_CLOCK_SOURCE = 4;
const COUNT_FLAG = 1 << 16;

/** A SysTick as it was; see the fields of {@link SysTick}. */
export interface SysTickState {
  readonly control: number;
  readonly reload: number;
  readonly stopped: number;
  readonly counted: boolean;
  readonly zeroAt: number;
  readonly top: number;
}

/**
 * SysTick, the 24-bit down counter (ARMv6-M manual B3.3). Nothing is done a cycle: `zeroAt` is the cycle at which the
 * counter reaches 0 next, VAL follows from the distance to it.
 */
export class SysTick {
  #control = 0;
  #reload = 0;
  /** Value while the counter stands still. */
  #stopped = 0;
  #counted = false;
  #zeroAt = Infinity;
  /** What the counter was last reloaded with: a distance of one more means it has yet to reload and shows 0. */
  #top = Infinity;
  readonly #alarm: Alarm;
  readonly #clock: Clock;
  readonly #externalDivider: number;
  readonly #onTick: () => void;

  /**
   * @param externalDivider core cycles a tick of the external reference (CLKSOURCE = 0).
   * @param onTick called when the counter reaches 0 with TICKINT set.
   */
  constructor(clock: Clock, externalDivider: number, onTick: () => void) {
    this.#clock = clock;
    this.#externalDivider = externalDivider;
    this.#onTick = onTick;
    this.#alarm = clock.alarm(() => {
      this.#reachZero();
    });
  }

  reset(): void {
    this.#control = this.#reload = this.#stopped = 0;
    this.#counted = false;
    this.#zeroAt = this.#top = Infinity;
    this.#alarm.time = Infinity;
  }

  save(): SysTickState {
    return {
      control: this.#control,
      reload: this.#reload,
      stopped: this.#stopped,
      counted: this.#counted,
      zeroAt: this.#zeroAt,
      top: this.#top,
    };
  }

  /** The alarm is the clock's to restore. */
  restore(state: SysTickState): void {
    this.#control = state.control;
    this.#reload = state.reload;
    this.#stopped = state.stopped;
    this.#counted = state.counted;
    this.#zeroAt = state.zeroAt;
    this.#top = state.top;
  }

  /** CTRL. Reading it clears COUNTFLAG. */
  readControl(): number {
    const value = this.#control | (this.#counted ? COUNT_FLAG : 0);
    this.#counted = false;
    return value;
  }

  writeControl(value: number): void {
    const standing = this.value;
    this.#stopped = standing;
    this.#control = value & (ENABLE | TICK_INTERRUPT | CORE_CLOCK_SOURCE);
    if ((this.#control & ENABLE) === 0) this.#schedule(Infinity);
    else if (standing === 0) this.#restart(this.#clock.now);
    else this.#schedule(this.#clock.now + standing * this.#divider);
  }

  get load(): number {
    return this.#reload;
  }

  set load(value: number) {
    this.#reload = value & 0xffffff;
    if (this.#running && this.#zeroAt === Infinity) this.#restart(this.#clock.now);
  }

  /** VAL. */
  get value(): number {
    if (!this.#running || this.#zeroAt === Infinity) return this.#stopped;
    const left = Math.ceil((this.#zeroAt - this.#clock.now) / this.#divider);
    return left > this.#top ? 0 : left;
  }

  /** Writing VAL, whatever the value, clears the counter and COUNTFLAG. */
  clear(): void {
    this.#counted = false;
    this.#stopped = 0;
    if (this.#running) this.#restart(this.#clock.now);
  }

  get calib(): number {
    return 1 << 30; // SKEW, and no 10 ms value: what parts with a reference not known exactly say
  }

  get #running(): boolean {
    return (this.#control & ENABLE) !== 0;
  }

  get #divider(): number {
    return (this.#control & CORE_CLOCK_SOURCE) !== 0 ? 1 : this.#externalDivider;
  }

  /** From 0 the counter first reloads, which takes one tick, then counts down. A reload value of 0 stops it. */
  #restart(from: number): void {
    this.#top = this.#reload;
    this.#schedule(this.#reload === 0 ? Infinity : from + (this.#reload + 1) * this.#divider);
  }

  #schedule(time: number): void {
    this.#zeroAt = time;
    this.#clock.set(this.#alarm, time);
  }

  #reachZero(): void {
    this.#counted = true;
    this.#stopped = 0;
    if ((this.#control & TICK_INTERRUPT) !== 0) this.#onTick();
    this.#restart(this.#zeroAt);
  }
}
