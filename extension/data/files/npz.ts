import { say } from '../../common/errors/sentence.ts';
import { openZip } from '../../common/zip/zip.ts';
import { badData, type DataFile, isLabelName, labelsOf, type Numbers } from '../numbers.ts';
import { readNpy } from './npy.ts';

const AGAIN = say`Save it again with np.savez(file, x=x, y=y).`;
/** Arrays of ones or zeros are packed to a thousandth. */
const RATIO = 1100;
const MAX_ARRAYS = 64;

/**
 * Arrays as np.savez and np.savez_compressed save them, by their names; `y` or `labels` says what the rows show.
 *
 * @param limit of all arrays together, unpacked, in bytes @param isLabel tells labels by their names
 * @throws UserError 'input'
 */
export async function readNpz(
  bytes: Uint8Array,
  name: string,
  limit: number,
  isLabel: (name: string) => boolean = isLabelName,
): Promise<DataFile> {
  const limits = { entries: MAX_ARRAYS, totalBytes: limit, entryBytes: limit, ratio: RATIO };
  const zip = await openZip({ bytes, name }, limits, { refused: AGAIN, damaged: AGAIN });
  try {
    const arrays = new Map<string, Numbers>();
    let labels: readonly string[] | undefined;
    for (const { path } of zip.entries) {
      if (!path.endsWith('.npy')) continue;
      const array = path.slice(0, -'.npy'.length);
      const numbers = readNpy(await zip.read(path), `${name}:${array}`);
      if (isLabel(array)) labels = labelsOf(numbers);
      else arrays.set(array, numbers);
    }
    if (arrays.size === 0) throw badData(name, say`holds no arrays`, AGAIN);
    return { arrays, labels };
  } finally {
    zip.close();
  }
}
