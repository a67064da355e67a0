import path from 'node:path';
import { UserError } from '../error.ts';
import { say } from '../errors/sentence.ts';
import { isWithin, realPlace } from '../folders.ts';

/** Longest path that a file of ours may state, in characters. */
const MAX_PATH = 1000;

/** Whether a value from a file is a path below a folder: with `/`, and on no system absolute, on a drive, or leading out. */
export function isPlainPath(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length < MAX_PATH &&
    !/[\\\0]|^[A-Za-z]:/.test(value) &&
    value.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/**
 * The place of a file in a folder, with links resolved as far as it exists.
 *
 * @param name path relative to the folder
 * @throws UserError `input` when the path, or a link on it, leads out of the folder
 */
export async function placeInside(folder: string, name: string): Promise<string> {
  const place = await realPlace(path.join(folder, name));
  if (isWithin(await realPlace(folder), place)) return place;
  throw new UserError(
    'input',
    say`${name} in ${folder} leads out of that folder by a link.`,
    say`Remove the link, or choose another place.`,
  );
}
