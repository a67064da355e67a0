import { UserError } from '../../common/error.ts';
import { say, type Value } from '../../common/errors/sentence.ts';
import type { Core } from '../cores/core.ts';
import type { Bus } from './bus.ts';

/** Registers that a function restores (AAPCS): r4 to r11. */
const FIRST_RESTORED = 4;
const LAST_RESTORED = 11;

/**
 * Puts the core at a function's first instruction as the AAPCS says: arguments in r0 to r3, further ones on the stack.
 * @param args 32-bit values.
 * @returns the stack pointer that the function begins with.
 */
export function beginCall(
  core: Core,
  bus: Bus,
  address: number,
  args: readonly number[],
  stackPointer: number,
): number {
  const onStack = args.slice(4);
  const sp = (stackPointer - 4 * onStack.length) & ~7;
  onStack.forEach((value, i) => {
    bus.store32(sp + 4 * i, value, 0);
  });
  core.prepareCall(address, sp);
  for (let i = 0; i < 4; i++) core.registers[i] = args[i] ?? 0;
  for (let i = FIRST_RESTORED; i <= LAST_RESTORED; i++) core.registers[i] = mark(i);
  return sp;
}

/**
 * Looks whether a function that has returned left what it may not change.
 * @param sp as {@link beginCall} returned it. @param name for the sentence
 * @throws UserError `firmware` when it did not.
 */
export function checkRestored(core: Core, sp: number, name: string): void {
  const { registers } = core;
  let broken: Value | undefined = registers[13] === sp ? undefined : say`the stack pointer`;
  for (let i = LAST_RESTORED; i >= FIRST_RESTORED; i--) if (registers[i] !== mark(i)) broken = `r${i}`;
  if (broken === undefined) return;
  throw new UserError(
    'firmware',
    say`${name} returned without restoring ${broken}.`,
    say`The AAPCS asks for it.`,
  );
}

/** A value that is recognised. */
function mark(register: number): number {
  return 0x5aa50000 | (register * 0x101) | 0;
}
