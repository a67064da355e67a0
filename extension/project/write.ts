import { type Contents, hashOf, readRecord, RECORDS } from '../common/output/record.ts';
import { type OverwriteRules, writeOutputs } from '../common/output/writeOutputs.ts';
import { earlierBundle } from './earlierBundle.ts';

/**
 * Writes a project's files into its folder. Files generated last time, unedited since and not wanted any more are removed.
 *
 * @throws UserError as `writeOutputs` does
 */
export async function writeProject(
  folder: string,
  files: ReadonlyMap<string, Contents>,
  rules: OverwriteRules = {},
): Promise<{ files: string[]; kept: string[] }> {
  const { files: recorded } = await readRecord(folder, RECORDS.project);
  const alsoOurs = await earlierBundle(folder, recorded);
  return writeOutputs(folder, files, { ...rules, record: RECORDS.project, isWholeSet: true, alsoOurs });
}

/**
 * Writes some of a project's files again; those that are the user's stay.
 * @throws UserError as `writeOutputs` does
 */
export async function rewriteInProject(folder: string, files: ReadonlyMap<string, Contents>): Promise<void> {
  await writeOutputs(folder, files, {
    record: RECORDS.project,
    confirmOverwrite: () => Promise.resolve('keep'),
  });
}

/** Whether the last time just these contents were generated for these files, whatever was made of them since. */
export async function wasGenerated(folder: string, files: ReadonlyMap<string, Contents>): Promise<boolean> {
  const { files: recorded } = await readRecord(folder, RECORDS.project);
  return [...files].every(([name, contents]) => recorded.get(name) === hashOf(contents));
}
