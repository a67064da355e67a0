import type { DebugProtocol } from '@vscode/debugprotocol';
import { isWatchExpression, watchExpression } from '../breakpoints/wanted.ts';
import { addressOf } from '../memory.ts';
import { levelOf } from '../run/frames.ts';
import type { Scopes } from './scopes.ts';

/** The most bytes that are watched without a type. */
const MOST_BYTES = 1024 * 1024;

/**
 * What is watched where a value is to be: the place in memory where it now is. A value that is in none (a register, a
 * constant) cannot be watched.
 */
export async function watchable(
  scopes: Scopes,
  { variablesReference, name, frameId, bytes, asAddress }: DebugProtocol.DataBreakpointInfoArguments,
): Promise<DebugProtocol.DataBreakpointInfoResponse['body']> {
  if (asAddress === true) {
    const count = Math.min(Math.max(1, Math.floor(bytes ?? 1)), MOST_BYTES);
    return told(watchExpression(addressOf(name), { bytes: count }), `${name}, ${count}`);
  }
  const value =
    variablesReference === undefined
      ? await scopes.values.evaluate(name, levelOf(frameId))
      : await scopes.find(variablesReference, name);
  const { expression, type, frame } = value;
  const address = await scopes.values.addressOf(expression, frame);
  if (address === undefined) return { dataId: null, description: `${expression} is not in memory` };
  const typed = watchExpression(Number(address), { type });
  if (isWatchExpression(typed)) return told(typed, expression);
  const size = await scopes.values.sizeOf(expression, frame);
  return told(watchExpression(Number(address), { bytes: size }), expression);
}

function told(dataId: string, description: string): DebugProtocol.DataBreakpointInfoResponse['body'] {
  return { dataId, description, accessTypes: ['read', 'write', 'readWrite'], canPersist: true };
}
