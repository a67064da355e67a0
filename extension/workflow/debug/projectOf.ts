import { stat } from 'node:fs/promises';
import path from 'node:path';
import { BUILD_PLAN_FILE } from '../../board/buildPlan.ts';

/** Folders above the firmware that are looked at: it lies in build/, or in a preset's folder there. */
const MOST_ABOVE = 3;

/** The generated project that a firmware was built in; undefined when it lies in none. */
export async function projectOf(firmware: string): Promise<string | undefined> {
  let folder = path.dirname(path.resolve(firmware));
  for (let i = 0; i <= MOST_ABOVE; i++) {
    if (await stat(path.join(folder, BUILD_PLAN_FILE)).catch(() => undefined)) return folder;
    folder = path.dirname(folder);
  }
  return undefined;
}
