import { stat } from 'node:fs/promises';
import { UserError } from '../error.ts';
import { say } from '../errors/sentence.ts';
import { realPlace } from '../folders.ts';

/**
 * Refuses to write over what is read: a file is the same by any name it has, through links of both kinds and in another case.
 *
 * @throws UserError `input` that names the output
 */
export async function refuseInputs(outputs: readonly string[], inputs: readonly string[]): Promise<void> {
  if (outputs.length === 0) return;
  const read = new Set((await Promise.all(inputs.map(identitiesOf))).flat());
  for (const output of outputs) {
    if (!(await identitiesOf(output)).some((identity) => read.has(identity))) continue;
    throw new UserError(
      'input',
      say`${output} is an input of this command and would be written over.`,
      say`Choose another place for the output.`,
    );
  }
}

/** What tells a file from all others: its number in the file system, and its place where that gives no numbers. */
async function identitiesOf(file: string): Promise<string[]> {
  const stats = await stat(file, { bigint: true }).catch(() => undefined);
  if (!stats) return [];
  const number = stats.ino === 0n ? [] : [`${stats.dev}:${stats.ino}`];
  return [await realPlace(file), ...number];
}
