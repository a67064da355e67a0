import type { State } from './state.ts';

/** SYSm as MSR and MRS have it; 0 to 3 are APSR and its combinations. */
export const SYSTEM = {
  apsr: 0,
  iapsr: 1,
  eapsr: 2,
  xpsr: 3,
  ipsr: 5,
  iepsr: 7,
  msp: 8,
  psp: 9,
  primask: 16,
  control: 20,
} as const;
/** What unprivileged code reads as 0. */
const PRIVILEGED: ReadonlySet<number> = new Set([SYSTEM.msp, SYSTEM.psp, SYSTEM.primask]);

/** MSR (register). What may not be written, or is not there, stays as it is. */
export function moveToSpecial(state: State, special: number, value: number): void {
  if (special <= SYSTEM.xpsr)
    state.apsr = value; // only the flags can be written
  else if (state.isPrivileged) writeSpecial(state, special, value);
}

/** The same for a debugger, which needs no privilege. */
export function writeSpecial(state: State, special: number, value: number): void {
  const { nvic, registers } = state;
  const process = state.usesProcessStack;
  switch (special) {
    case SYSTEM.xpsr:
      state.apsr = value;
      break;
    case SYSTEM.msp:
      if (process) state.otherSp = value & ~3;
      else state.setSp(value & ~3);
      break;
    case SYSTEM.psp:
      if (process) registers[13] = value & ~3;
      else state.otherSp = value & ~3;
      break;
    case SYSTEM.primask:
      nvic.primask = value & 1;
      state.stopAt = 0;
      break;
    case SYSTEM.control: // the stack can be chosen in Thread mode only
      state.control = nvic.current === 0 ? value & 3 : (state.control & 2) | (value & 1);
      state.selectStack(state.usesProcessStack, process);
      break;
    default:
  }
}

/** MRS. What may not be read, or is not there, reads as 0; EPSR always does. */
export function moveFromSpecial(state: State, special: number): number {
  return state.isPrivileged || !PRIVILEGED.has(special) ? readSpecial(state, special) : 0;
}

/** The same for a debugger, which needs no privilege. */
export function readSpecial(state: State, special: number): number {
  const { nvic, registers } = state;
  switch (special) {
    case SYSTEM.apsr:
    case SYSTEM.eapsr:
      return state.apsr | 0;
    case SYSTEM.iapsr:
    case SYSTEM.xpsr:
      return state.apsr | nvic.current;
    case SYSTEM.ipsr:
    case SYSTEM.iepsr:
      return nvic.current;
    case SYSTEM.msp:
      return state.usesProcessStack ? state.otherSp : registers[13]!;
    case SYSTEM.psp:
      return state.usesProcessStack ? registers[13]! : state.otherSp;
    case SYSTEM.primask:
      return nvic.primask;
    case SYSTEM.control:
      return state.control;
    default:
      return 0;
  }
}
