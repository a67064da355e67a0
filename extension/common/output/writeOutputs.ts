import type { Stats } from 'node:fs';
import { lstat, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../error.ts';
import { say, someOf } from '../errors/sentence.ts';
import { writeFileAtomic } from '../files.ts';
import { isAlong, realPlace, upward } from '../folders.ts';
import { undoneOnFailure } from '../undo.ts';
import { refuseInputs } from './inputs.ts';
import { placeInside } from './inside.ts';
import { readSmall } from '../regularFile.ts';
import { type Contents, hashOf, readRecord, RECORDS, type Written, writeRecord } from './record.ts';

/** Asked, once for all, over files that GlowPort did not write or that were edited since. */
export type ConfirmOverwrite = (files: readonly string[]) => Promise<'overwrite' | 'keep'>;

/** What is written over in any case, and whom to ask about the rest. */
export interface OverwriteRules {
  /** Files that the outputs are made of: they are never written over, whatever `confirmOverwrite` says. */
  readonly inputs?: readonly string[] | undefined;
  /** Without it, files of others in the way are an error. */
  readonly confirmOverwrite?: ConfirmOverwrite | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OutputRules extends OverwriteRules {
  /**
   * Where it is remembered what was written: one of `RECORDS`. Without it nothing is: for a place that the user has just been
   * asked for.
   */
  readonly record?: string;
  /** Whether files of the record that are not wanted any more, and were not edited, go. */
  readonly isWholeSet?: boolean;
  /** Files, as they are now, that are known to be ours without the record. */
  readonly alsoOurs?: readonly string[];
}

/** Largest file whose contents are looked at, in bytes; a larger one is none of ours. */
const MAX_BYTES = 64 << 20;
/** What is there, where it is no file that can be read: a folder, a device, a link to nowhere. Equal to no hash. */
const OTHER = 'other';

/**
 * The one way in which files for users are written: into a folder, each under a temporary name first, none out of it. A file
 * there that differs both from what is written now and from what was written last time is somebody's work: `confirmOverwrite`
 * decides over these. An equal file is left as it is, with its time.
 *
 * @param files contents by path relative to the folder, with `/`
 * @returns the paths of all, and those of them left as they were
 * @throws UserError `input` when somebody's files are in the way, an output is an input too, a link leads out of the folder, or
 * it cannot be written: in all but the last case before anything is; `cancelled`
 */
export async function writeOutputs(
  folder: string,
  files: ReadonlyMap<string, Contents>,
  rules: OutputRules,
): Promise<{ files: string[]; kept: string[] }> {
  const { record, signal } = rules;
  await checkFolder(folder);
  if (record !== undefined) await placeInside(folder, record);
  const wanted = new Map([...files].map(([name, contents]) => [name, hashOf(contents)]));
  const states = await statesOf(folder, files.keys());
  const changing = [...files.keys()].filter((name) => states.get(name) !== wanted.get(name));
  await refuseInputs(
    changing.map((name) => path.join(folder, name)),
    rules.inputs ?? [],
  );
  const earlier = await earlierWritten(folder, rules);
  const known = [earlier, ...(await writtenByPort(folder, changing, record))];
  const isOurs = (name: string): boolean => known.some((written) => written.get(name) === states.get(name));
  const inTheWay = changing.filter((name) => states.has(name) && !isOurs(name)).sort();
  let kept: string[] = [];
  if (inTheWay.length > 0) {
    if (!rules.confirmOverwrite) throw inTheWayError(folder, inTheWay);
    if ((await rules.confirmOverwrite(inTheWay)) === 'keep') kept = inTheWay;
  }
  throwIfCancelled(signal);
  for (const name of kept) wanted.delete(name);

  const write = async (): Promise<void> => {
    // a run that ends in the middle leaves files that are known to be ours all the same
    if (record !== undefined) await writeRecord(folder, record, { files: earlier, pending: wanted });
    for (const name of changing) {
      throwIfCancelled(signal);
      if (wanted.has(name)) await writeFileAtomic(path.join(folder, name), files.get(name)!, folder);
    }
    if (record === undefined) return;
    const former = [...earlier].filter(([name]) => !files.has(name));
    if (rules.isWholeSet) await removeFormer(folder, former);
    // the record of a kept file stays that of the last written version, so it is still known as edited
    const staying = [...earlier].filter(([name]) =>
      files.has(name) ? kept.includes(name) : !rules.isWholeSet,
    );
    await writeRecord(folder, record, { files: new Map([...staying, ...wanted]), pending: new Map() });
  };
  if ((await statOf(folder)) === undefined) await undoneOnFailure(write, (place) => isAlong(folder, place));
  else await write();
  return { files: [...files.keys()], kept };
}

/**
 * Writes a single file as `writeOutputs` does.
 *
 * @returns whether it was; false when the user keeps what is there
 * @throws UserError as `writeOutputs` does
 */
export async function writeOutput(file: string, contents: Contents, rules: OverwriteRules): Promise<boolean> {
  const { dir, base } = path.parse(path.resolve(file));
  const { kept } = await writeOutputs(dir, new Map([[base, contents]]), {
    ...rules,
    record: RECORDS.file(base),
  });
  return kept.length === 0;
}

/**
 * Writes a file to a place that the user has chosen in a dialog, which asks over a file there itself.
 *
 * @throws UserError `input` when it is one of `inputs`, or cannot be written
 */
export async function writeChosen(
  file: string,
  contents: Contents,
  inputs: readonly string[],
): Promise<void> {
  const { dir, base } = path.parse(path.resolve(file));
  const confirmOverwrite: ConfirmOverwrite = () => Promise.resolve('overwrite');
  await writeOutputs(dir, new Map([[base, contents]]), { inputs, confirmOverwrite });
}

/** What was written under this record, by the last run that ended or by one that did not. */
async function earlierWritten(folder: string, rules: OutputRules): Promise<Written> {
  if (rules.record === undefined) return new Map();
  const { files, pending } = await readRecord(folder, rules.record);
  const there = await statesOf(folder, [...pending.keys(), ...(rules.alsoOurs ?? [])], 'left out');
  const isKnown = ([name, state]: [string, string]): boolean =>
    state === pending.get(name) || (state !== OTHER && (rules.alsoOurs?.includes(name) ?? false));
  return new Map([...files, ...[...there].filter(isKnown)]);
}

/** What the last port into a project wrote of these files, when the folder is one in it: there they are ours, too. */
async function writtenByPort(folder: string, names: readonly string[], record?: string): Promise<Written[]> {
  if (record === undefined || record === RECORDS.project || names.length === 0) return [];
  const real = await realPlace(folder);
  for (const project of upward(real)) {
    const { files } = await readRecord(project, RECORDS.project);
    if (files.size === 0) continue;
    const from = path.relative(project, real).split(path.sep).join('/');
    const hash = (name: string): string | undefined => files.get(path.posix.join(from, name));
    return [new Map(names.flatMap((name) => (hash(name) === undefined ? [] : [[name, hash(name)!]])))];
  }
  return [];
}

/** Removes files that are still as they were written. A record may come from anybody: links lead nowhere. */
async function removeFormer(folder: string, former: readonly (readonly [string, string])[]): Promise<void> {
  const names = former.map(([name]) => name);
  const states = await statesOf(folder, names, 'left out');
  for (const [name, hash] of former) {
    if (states.get(name) === hash) await rm(await placeInside(folder, name), { force: true });
  }
}

async function checkFolder(folder: string): Promise<void> {
  const there = await statOf(folder);
  if (there && !there.isDirectory()) {
    throw new UserError('input', say`${folder} is a file, not a folder.`, say`Choose another output folder.`);
  }
}

async function statOf(file: string): Promise<Stats | undefined> {
  return stat(file).catch(() => undefined);
}

/** SHA-256 of the files that are there, by name. @throws UserError `input` when one leads out of the folder */
async function statesOf(
  folder: string,
  names: Iterable<string>,
  outside: 'refused' | 'left out' = 'refused',
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  // one after the other: a record that came with the folder may name any number of large files
  for (const name of names) {
    const place = await placeInside(folder, name).catch((error: unknown) => {
      if (outside === 'refused') throw error;
    });
    const state = place === undefined ? undefined : await stateOf(place);
    if (state !== undefined) states.set(name, state);
  }
  return states;
}

async function stateOf(place: string): Promise<string | undefined> {
  try {
    if (!(await lstat(place)).isFile()) return OTHER;
    const bytes = await readSmall(place, MAX_BYTES);
    return bytes ? hashOf(bytes) : OTHER;
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : OTHER;
  }
}

function inTheWayError(folder: string, files: readonly string[]): UserError {
  return new UserError(
    'input',
    say`${folder} has files that GlowPort did not write or that were edited since: ${someOf(files, 5)}.`,
    [say`Choose another output folder, or move these files away.`, { do: 'allowOverwriting' }],
  );
}
