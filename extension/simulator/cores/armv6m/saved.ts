import type { NvicState } from './nvic.ts';
import type { ExecutionState } from './state.ts';
import type { SystemControlState } from './systemControl.ts';
import type { SysTickState } from './sysTick.ts';

/** An ARMv6-M core as it was between two runs. */
export interface CoreState {
  readonly execution: ExecutionState;
  readonly nvic: NvicState;
  readonly sysTick: SysTickState;
  readonly systemControl: SystemControlState;
}
