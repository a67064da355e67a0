import { UserError } from '../../common/error.ts';
import { readFirmware } from '../steps/run.ts';

/** Reads the firmware that a port has built. @throws UserError `input` when it is gone */
export async function builtFirmware(elf: string): Promise<Uint8Array> {
  try {
    return await readFirmware(elf);
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    throw new UserError(e.code, e.sentence, { do: 'portModel' }, e.detail);
  }
}
