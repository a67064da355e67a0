import { isTaken } from '../bundle/cNames.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';

/** Windows takes no file of these names, whatever its ending. */
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** True for a C identifier of a sane length. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name);
}

/** Returns the name itself when it is a C identifier; anything else here is a bug of the caller. */
export function identifier(name: string): string {
  if (!isIdentifier(name)) throw new Error(`not a C identifier: ${JSON.stringify(name.slice(0, 120))}`);
  return name;
}

/**
 * Checks that a network's name can be a C function and a file beside the firmware's own.
 * @throws UserError `usage` when it cannot.
 */
export function checkBundleName(name: string): void {
  if (!isIdentifier(name)) {
    throw new UserError(
      'usage',
      say`The network's name ${JSON.stringify(name.slice(0, 60))} is not a C identifier of at most 100 characters.`,
      say`Give it a name of letters, digits and underscores.`,
    );
  }
  if (isTaken(name) || DEVICES.test(name)) {
    throw new UserError(
      'usage',
      say`The network cannot be called "${name}": C, the firmware or the file system uses this name itself.`,
      { do: 'renameNetwork', such: freeName(name) },
    );
  }
}

/** A name like this one that a network may have. */
function freeName(name: string): string {
  const such = `${name.replace(/^_+/, '').slice(0, 80) || 'my'}_net`;
  return isTaken(such) ? `my_${such}` : such;
}
