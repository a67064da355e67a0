import { type Gdb, GdbError } from '../mi/gdb.ts';
import { textOf } from '../mi/value.ts';
import { type LogPart, logParts } from './logMessage.ts';

/** A log message with the values that its expressions have where the board stands. */
export async function logText(gdb: Gdb, message: string): Promise<string> {
  const texts = await Promise.all(logParts(message).map((part) => partText(gdb, part)));
  return texts.join('');
}

async function partText(gdb: Gdb, part: LogPart): Promise<string> {
  if ('text' in part) return part.text;
  try {
    return textOf(await gdb.ask('-data-evaluate-expression', part.expression), 'value') ?? '';
  } catch (error) {
    if (error instanceof GdbError) return `<${error.message}>`;
    throw error;
  }
}
