import { CoreFault, type FaultRecord } from '../coreFault.ts';
import { EXCEPTION } from './nvic.ts';
import type { State } from './state.ts';

/** Cycles from an interrupt to its handler's first instruction, zero wait states (DDI 0484, "interrupt latency"). */
const ENTRY_CYCLES = 15;
/** The same for the way back, of which the returning instruction itself has taken its own. */
const EXIT_CYCLES = 13;

/** EXC_RETURN: back to a handler, to Thread mode on the main stack, to Thread mode on the process stack. */
const TO_HANDLER = 0xfffffff1;
const TO_MAIN = 0xfffffff9;
const TO_PROCESS = 0xfffffffd;

/** Of the stacked xPSR: the frame was moved by a word to begin at a multiple of 8; Thumb state. */
const XPSR_ALIGNED = 1 << 9;
const XPSR_THUMB = 1 << 24;

/** Stacks eight registers and goes to the handler (B1.5.6). False when that faulted. */
export function enterException(state: State, number: number): boolean {
  const { registers: R, bus, nvic, clock } = state;
  const process = state.usesProcessStack;
  const aligned = (R[13]! & 4) !== 0;
  const frame = (R[13]! - (aligned ? 36 : 32)) | 0;
  const link = nvic.nesting > 0 ? TO_HANDLER : process ? TO_PROCESS : TO_MAIN;
  const xpsr = aligned ? state.xpsr | XPSR_ALIGNED : state.xpsr;
  clock.start = clock.now;
  try {
    for (let i = 0; i < 4; i++) bus.store32(frame + 4 * i, R[i]!, 0);
    bus.store32(frame + 16, R[12]!, 0);
    bus.store32(frame + 20, R[14]!, 0);
    bus.store32(frame + 24, R[15]!, 0);
    bus.store32(frame + 28, xpsr, 0);
  } catch (error) {
    if (!(error instanceof CoreFault)) throw error;
    // the stack itself is broken: the original exception is lost in a fault that cannot be stacked either
    const cause =
      number === EXCEPTION.hardFault && state.fault
        ? state.fault.cause
        : new CoreFault({ kind: 'stacking' }, frame);
    lockUp(state, cause);
    return false;
  }
  state.setSp(frame);
  nvic.enter(number);
  state.exceptionsEntered++;
  state.eventRegister = true;
  state.selectStack(false, process);
  R[14] = link;
  clock.now += ENTRY_CYCLES;
  const vector = state.peek((state.systemControl.vectorTable + 4 * number) | 0);
  R[15] = vector & ~1;
  if ((vector & 1) !== 0) return true;
  enterFault(state, new CoreFault({ kind: 'vector', exception: number }, vector));
  return false;
}

/** Unstacks what {@link enterException} stacked (B1.5.8). False when that faulted. */
export function returnFromException(state: State): boolean {
  const { registers: R, bus, nvic, clock } = state;
  const value = state.exceptionReturnValue >>> 0;
  const toHandler = value === TO_HANDLER;
  const toProcess = value === TO_PROCESS;
  const nested = nvic.nesting > 1;
  if ((!toHandler && !toProcess && value !== TO_MAIN) || toHandler !== nested) {
    enterFault(state, new CoreFault({ kind: 'exception-return', value }, undefined));
    return false;
  }
  nvic.leave(nvic.current);
  if (!toHandler) state.control = (state.control & 1) | (toProcess ? 2 : 0);
  state.selectStack(toProcess, false);
  const frame = R[13]!;
  clock.start = clock.now;
  try {
    for (let i = 0; i < 4; i++) R[i] = bus.load32(frame + 4 * i, 0);
    R[12] = bus.load32(frame + 16, 0);
    R[14] = bus.load32(frame + 20, 0);
    const pc = bus.load32(frame + 24, 0);
    const xpsr = bus.load32(frame + 28, 0);
    R[13] = frame + (xpsr & XPSR_ALIGNED ? 36 : 32);
    R[15] = pc & ~1;
    state.apsr = xpsr;
    if ((xpsr & XPSR_THUMB) === 0) throw new CoreFault({ kind: 'arm-state' }, pc);
  } catch (error) {
    if (!(error instanceof CoreFault)) throw error;
    enterFault(state, error);
    return false;
  }
  clock.now += EXIT_CYCLES;
  state.eventRegister = true;
  if (nvic.current === 0 && state.systemControl.sleepOnExit) state.sleeping = 'wfi';
  return true;
}

/** SVC. False when it cannot be taken and has become a fault. */
export function callSupervisor(state: State): boolean {
  const { nvic, registers } = state;
  if (nvic.priorityOf(EXCEPTION.svCall) < nvic.executionPriority) {
    nvic.setSystemPending(EXCEPTION.svCall);
    return true;
  }
  const pc = (registers[15]! - 2) | 0;
  registers[15] = pc;
  const memory = state.bus.memoryAt(pc);
  const number = memory ? memory.halfwords[(pc - memory.origin) >>> 1]! & 255 : 0;
  enterFault(state, new CoreFault({ kind: 'svc', number }, undefined));
  return false;
}

/** Records the fault and enters the HardFault handler, or locks up when that is not possible. */
export function enterFault(state: State, cause: CoreFault): void {
  state.request = 'none';
  if (state.nvic.executionPriority <= -1) {
    lockUp(state, cause);
    return;
  }
  state.fault = record(state, cause, false);
  state.sleeping = 'no';
  enterException(state, EXCEPTION.hardFault);
}

function lockUp(state: State, cause: CoreFault): void {
  // the first fault explains the second
  state.fault =
    state.isInFault && state.fault ? { ...state.fault, lockup: true } : record(state, cause, true);
  state.lockedUp = true;
}

function record(state: State, cause: CoreFault, lockup: boolean): FaultRecord {
  const registers: Record<string, number> = {};
  for (let i = 0; i <= 12; i++) registers[`r${i}`] = state.registers[i]! >>> 0;
  registers['sp'] = state.registers[13]! >>> 0;
  registers['lr'] = state.registers[14]! >>> 0;
  registers['pc'] = state.registers[15]! >>> 0;
  registers['xpsr'] = state.xpsr;
  return { exception: 'HardFault', cause, registers, lockup };
}
