/** Something that is to happen at a core cycle; `Infinity` while nothing is set. */
export interface Alarm {
  time: number;
  readonly fire: () => void;
}

/** A clock as it was: the cycle, and when its alarms are due, in the order in which they were made. */
export interface ClockState {
  readonly now: number;
  readonly alarms: readonly number[];
}

/**
 * Simulated time in core cycles since power-on, and what is due when. The core runs in slices: `start` is the
 * cycle at which the running slice began, `now` is exact whenever a peripheral is looked at.
 */
export class Clock {
  now = 0;
  start = 0;
  /** The earliest alarm's cycle. */
  next = Infinity;
  /** Called when an alarm is set or moved: the core must look again how long it may run. */
  onChange: () => void = () => undefined;
  readonly #alarms: Alarm[] = [];

  /** Makes an alarm that is not set yet. */
  alarm(fire: () => void): Alarm {
    const alarm = { time: Infinity, fire };
    this.#alarms.push(alarm);
    return alarm;
  }

  set(alarm: Alarm, time: number): void {
    alarm.time = time;
    this.#findNext();
    this.onChange();
  }

  /** Fires all that is due at `now`, earliest first. */
  fireDue(): void {
    while (this.next <= this.now) {
      let due = this.#alarms[0]!;
      for (const alarm of this.#alarms) if (alarm.time < due.time) due = alarm;
      due.time = Infinity;
      this.#findNext();
      due.fire();
    }
  }

  /** Back to cycle 0 with no alarm set. */
  reset(): void {
    this.now = this.start = 0;
    this.cancelAll();
  }

  cancelAll(): void {
    for (const alarm of this.#alarms) alarm.time = Infinity;
    this.next = Infinity;
  }

  save(): ClockState {
    return { now: this.now, alarms: this.#alarms.map((alarm) => alarm.time) };
  }

  restore({ now, alarms }: ClockState): void {
    this.now = this.start = now;
    this.#alarms.forEach((alarm, i) => {
      alarm.time = alarms[i]!;
    });
    this.#findNext();
  }

  #findNext(): void {
    let next = Infinity;
    for (const alarm of this.#alarms) if (alarm.time < next) next = alarm.time;
    this.next = next;
  }
}
