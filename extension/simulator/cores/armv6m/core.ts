import type { Bus } from '../../machine/bus.ts';
import type { Clock } from '../../machine/clock.ts';
import type { Breakpoints } from '../breakpoints.ts';
import { type Core, type CoreStop, RETURN_ADDRESS, type SpecialRegister } from '../core.ts';
import { CoreFault, type FaultRecord } from '../coreFault.ts';
import { callSupervisor, enterException, enterFault, returnFromException } from './exceptions.ts';
import { execute } from './execute.ts';
import { EXCEPTION, Nvic } from './nvic.ts';
import type { CoreState } from './saved.ts';
import { readSpecial, SYSTEM, writeSpecial } from './specialRegisters.ts';
import { State } from './state.ts';
import { SystemControl } from './systemControl.ts';
import { SysTick } from './sysTick.ts';

/**
 * An ARMv6-M core, the Cortex-M0+: all instructions with their flags, the cycle table of DDI 0484 (single-cycle
 * multiplier, zero wait states), exceptions with stacking and priorities; its NVIC, SysTick and system control block.
 */
export class Armv6mCore implements Core {
  readonly registers: Int32Array;
  readonly nvic = new Nvic();
  readonly systemControl: SystemControl;
  readonly #sysTick: SysTick;
  readonly #state: State;
  readonly #clock: Clock;
  readonly #bus: Bus;
  #stopRequested = false;
  readonly #keptRegisters = new Int32Array(16);
  #keptFlags = 0;
  #keptMode = 0;

  /**
   * Takes its place on the bus and at the clock, which call it from now on.
   * @param sysTickDivider core cycles a SysTick tick with CLKSOURCE = 0.
   */
  constructor(bus: Bus, clock: Clock, sysTickDivider: number) {
    const { nvic } = this;
    this.#clock = clock;
    this.#bus = bus;
    this.#sysTick = new SysTick(clock, sysTickDivider, () => {
      nvic.setSystemPending(EXCEPTION.sysTick);
    });
    this.systemControl = new SystemControl(nvic, this.#sysTick);
    const state = new State(bus, clock, nvic, this.systemControl);
    this.#state = state;
    this.registers = state.registers;
    bus.privateBus = this.systemControl;
    const lookAgain = (): void => {
      state.stopAt = 0;
    };
    clock.onChange = lookAgain;
    nvic.onChange = lookAgain;
    bus.onPolling = () => {
      state.ask('waiting');
    };
    bus.onWatched = lookAgain;
    this.systemControl.onResetRequest = () => {
      state.ask('reset');
    };
  }

  get instructions(): number {
    return this.#state.instructions;
  }

  get exceptionsEntered(): number {
    return this.#state.exceptionsEntered;
  }

  get sleptCycles(): number {
    return this.#state.sleptCycles;
  }

  get lowestMainSp(): number {
    return this.#state.lowestMainSp;
  }

  get fault(): FaultRecord | undefined {
    return this.#state.fault;
  }

  get isInFault(): boolean {
    return this.#state.isInFault;
  }

  get nesting(): number {
    return this.nvic.nesting;
  }

  get asleep(): boolean {
    return this.#state.sleeping !== 'no';
  }

  /** The application flags NZCV in bits 31 to 28. */
  get apsr(): number {
    return this.#state.apsr;
  }

  set apsr(value: number) {
    this.#state.apsr = value;
  }

  traceBranches(): void {
    this.#state.tracing = true;
  }

  answerSemihosting(answer: () => void): void {
    this.#state.onSemihosting = answer;
  }

  powerOn(): void {
    const state = this.#state;
    state.instructions = state.exceptionsEntered = state.sleptCycles = 0;
  }

  reset(): void {
    const state = this.#state;
    this.nvic.reset();
    this.#sysTick.reset();
    this.systemControl.reset();
    state.reset();
    this.#stopRequested = false;
    state.startStack(state.peek(0));
    const start = state.peek(4);
    state.registers[15] = start & ~1;
    if ((start & 1) === 0) {
      enterFault(state, new CoreFault({ kind: 'vector', exception: EXCEPTION.reset }, start));
    }
  }

  prepareCall(address: number, sp: number): void {
    const state = this.#state;
    state.toThread(sp);
    state.isCalled = true;
    state.registers[14] = RETURN_ADDRESS | 1;
    state.registers[15] = address & ~1;
  }

  endCall(): void {
    this.#state.isCalled = false;
  }

  run(limit: number): CoreStop {
    const state = this.#state;
    const clock = this.#clock;
    const { nvic } = this;
    for (;;) {
      if (clock.next <= clock.now) clock.fireDue();
      if (this.#stopRequested) {
        this.#stopRequested = false;
        return 'stopped';
      }
      if (this.#bus.watched) return 'watchpoint';
      if (state.lockedUp) return 'fault';
      if (state.sleeping !== 'no' && !this.#wakesUp()) {
        if (clock.next === Infinity) return 'asleep';
        if (clock.now >= limit) return 'limit';
        const wake = Math.min(clock.next, limit);
        state.sleptCycles += wake - clock.now;
        clock.now = wake;
        continue;
      }
      const pending = nvic.toEnter();
      if (pending !== 0) {
        if (!enterException(state, pending)) return 'fault';
        if (state.tracing) return 'exception';
        continue;
      }
      if (clock.now >= limit) return 'limit';
      const failure = execute(state, Math.min(clock.next, limit) - clock.now);
      if (failure) {
        enterFault(state, failure);
        return 'fault';
      }
      const { request } = state;
      if (request === 'none') continue;
      state.request = 'none';
      if (request === 'exception-return') {
        if (!returnFromException(state)) return 'fault';
        if (state.tracing) return 'exception';
      } else if (request === 'svc') {
        if (!callSupervisor(state)) return 'fault';
      } else {
        return request;
      }
    }
  }

  stop(): void {
    this.#stopRequested = true;
    this.#state.stopAt = 0;
  }

  skip(cycles: number, instructions: number): void {
    this.#clock.now += cycles;
    this.#state.instructions += instructions;
  }

  setInterruptLine(interrupt: number, high: boolean): void {
    this.nvic.setLine(interrupt, high);
  }

  keep(): void {
    this.#keptRegisters.set(this.registers);
    this.#keptFlags = this.#state.apsr;
    this.#keptMode = this.#state.mode;
  }

  isAsKept(): boolean {
    return (
      this.#state.apsr === this.#keptFlags &&
      this.#state.mode === this.#keptMode &&
      this.registers.every((value, i) => value === this.#keptRegisters[i])
    );
  }

  breakBefore(breakpoints: Breakpoints | undefined): void {
    this.#state.breakpoints = breakpoints;
  }

  goTo(address: number): void {
    this.registers[15] = address & ~1;
    this.#state.sleeping = 'no';
  }

  readSpecial(register: SpecialRegister): number {
    if (register === 'xpsr') return this.#state.xpsr; // MRS shows no T bit
    return readSpecial(this.#state, SYSTEM[register]) >>> 0;
  }

  writeSpecial(register: SpecialRegister, value: number): void {
    writeSpecial(this.#state, SYSTEM[register], value);
  }

  save(): CoreState {
    return {
      execution: this.#state.save(),
      nvic: this.nvic.save(),
      sysTick: this.#sysTick.save(),
      systemControl: this.systemControl.save(),
    };
  }

  restore({ execution, nvic, sysTick, systemControl }: CoreState): void {
    this.#state.restore(execution);
    this.nvic.restore(nvic);
    this.#sysTick.restore(sysTick);
    this.systemControl.restore(systemControl);
    this.#stopRequested = false;
  }

  #wakesUp(): boolean {
    const state = this.#state;
    const event = state.sleeping === 'wfe' && state.eventRegister;
    const pendingEvent =
      state.sleeping === 'wfe' && this.systemControl.sendEventOnPend && this.nvic.pendingInterrupts !== 0;
    if (!event && !pendingEvent && !this.nvic.wakes) return false;
    if (event) state.eventRegister = false;
    state.sleeping = 'no';
    return true;
  }
}
