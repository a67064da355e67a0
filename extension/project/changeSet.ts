import { createHash } from 'node:crypto';
import { chmod, lstat, realpath, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say, type Sentence, someOf } from '../common/errors/sentence.ts';
import { readBounded, writeFileAtomic } from '../common/files.ts';
import { isPlainPath, placeInside } from '../common/output/inside.ts';
import type { OverwriteRules } from '../common/output/writeOutputs.ts';
import { unifiedDiff } from './unifiedDiff.ts';

/** What is to become of somebody's project. */
export interface ChangeRequest {
  /** Folder of the project. */
  readonly folder: string;
  /** Files written whole, by path relative to the folder, with `/`. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /**
   * Files of the project to be edited, by path. The text is that of the bytes read one by one (latin1), so that what is not
   * edited stays as it is in any encoding; edits put ASCII in. An edit of its own result changes nothing.
   */
  readonly edits: ReadonlyMap<string, (text: string) => string>;
}

/** A change of one file, worked out but not made. */
export interface PlannedFile {
  readonly path: string;
  /** Bytes now; undefined for a file that is not there. */
  readonly before: Buffer | undefined;
  /** Bytes afterwards; undefined for a file that goes. */
  readonly after: Buffer | undefined;
  /** Bytes before the first port, which a revert brings back. */
  readonly original: Buffer | undefined;
  /** It is not what the last port wrote. */
  readonly edited: boolean;
  /** The user's own, in the place of one of the port's; no port has replaced it before. */
  readonly own: boolean;
  /** Its new text is made from the one it has, so nobody's work is lost. */
  readonly merged: boolean;
}

export interface Plan {
  readonly folder: string;
  readonly files: readonly PlannedFile[];
}

/** What a project was before its port: the record, and beside it copies named `.bak` that no build system takes for sources. */
const RECORD_FOLDER = '.glowport/into';
const RECORD_FILE = `${RECORD_FOLDER}/record.json`;
const MAX_BYTES = 64 * 1024 * 1024;

interface RecordedFile {
  readonly path: string;
  /** SHA-256 of the original, whose copy is at {@link backupOf}; null when there was no file. */
  readonly original: string | null;
  /** SHA-256 of what was written; null when it was made from a file that the user had edited since an earlier port. */
  readonly written: string | null;
}

interface ChangeRecord {
  readonly version: 1;
  readonly files: readonly RecordedFile[];
  /** Folders that the port made, outermost first. */
  readonly folders: readonly string[];
}

/**
 * Works out what a port changes. Repeated ports start from the original project, so that they do not pile up.
 *
 * @throws UserError `input` for files that are missing, unreadable or outside of the folder, and as the edits do
 */
export async function planChanges(request: ChangeRequest): Promise<Plan> {
  const folder = await projectFolder(request.folder);
  const record = await readRecord(folder);
  const recorded = new Map(record?.files.map((f) => [f.path, f]));
  const files: PlannedFile[] = [];
  const wanted = [...new Set([...request.edits.keys(), ...request.files.keys(), ...recorded.keys()])];
  for (const name of wanted) {
    const before = await readInside(folder, name);
    const known = recorded.get(name);
    const edited = known !== undefined && hashOf(before) !== known.written;
    const original = known ? await readBackup(folder, known) : before;
    const edit = request.edits.get(name);
    const contents = request.files.get(name);
    let after = edited ? before : original;
    if (edit) {
      if (!after) {
        throw new UserError(
          'input',
          say`There is no ${name} in ${folder}.`,
          say`Restore the file, or name another project.`,
        );
      }
      after = Buffer.from(edit(after.toString('latin1')), 'latin1');
    } else if (contents !== undefined) {
      after = typeof contents === 'string' ? Buffer.from(contents, 'utf8') : Buffer.from(contents);
    }
    const own = known === undefined && before !== undefined && !edit;
    files.push({ path: name, before, after, original, edited, own, merged: edit !== undefined });
  }
  return { folder, files };
}

/** The plan as text: a unified diff, with a line for each binary file. Empty when nothing changes. */
export function planDiff(plan: Plan): string {
  return plan.files
    .filter(isChange)
    .map(({ path: name, before, after }) => {
      if (isBinary(before) || isBinary(after)) {
        const what = !before ? 'new' : !after ? 'removed' : `${before.length} bytes before`;
        return `Binary file ${name}: ${after?.length ?? 0} bytes (${what})\n`;
      }
      return unifiedDiff(name, before?.toString('utf8'), after?.toString('utf8'));
    })
    .join('');
}

/** Paths that a plan changes. */
export function changedFiles(plan: Plan): string[] {
  return plan.files.filter(isChange).map((f) => f.path);
}

/** Files of the user's own that a plan replaces. */
export function replacedFiles(plan: Plan): string[] {
  return plan.files.filter((f) => f.own && isChange(f)).map((f) => f.path);
}

/**
 * Makes a plan's changes, all or none, after copies of the originals are safe on disk.
 *
 * @returns the files changed; none when the project was already so
 * @throws UserError `input` when edited files or the user's own are in the way and nobody is asked, or the folder cannot be written, `cancelled`
 */
export async function applyChanges(
  plan: Plan,
  options: Pick<OverwriteRules, 'confirmOverwrite' | 'signal'> = {},
): Promise<{ changed: string[]; kept: string[] }> {
  const { folder } = plan;
  throwIfCancelled(options.signal);
  let changes = plan.files.filter(isChange);
  // edits keep what the user wrote; whole files do not
  const inTheWay = changes.filter((f) => f.own || (f.edited && f.before && !f.merged)).map((f) => f.path);
  let kept: string[] = [];
  if (inTheWay.length > 0) {
    const own = replacedFiles(plan);
    if (!options.confirmOverwrite && own.length > 0) throw ownError(folder, own);
    if (!options.confirmOverwrite) throw editedError(folder, inTheWay, say`written over`);
    if ((await options.confirmOverwrite(inTheWay)) === 'keep') kept = inTheWay;
    changes = changes.filter((f) => !kept.includes(f.path));
  }
  throwIfCancelled(options.signal);
  for (const { path: name } of changes) await requireInside(folder, name);
  if (changes.length === 0) return { changed: [], kept };

  const old = await readRecord(folder);
  const recorded = new Map(old?.files.map((f) => [f.path, f]));
  const folders = [...(old?.folders ?? []), ...(await missingFolders(folder, changes, old === undefined))];
  const entries = new Map<string, RecordedFile>(recorded);
  for (const file of changes) {
    // what was made from the user's own edits is not the port's to take back unasked
    const written = file.edited && file.merged ? null : hashOf(file.after);
    entries.set(file.path, { path: file.path, original: hashOf(file.original), written });
  }
  const done: PlannedFile[] = [];
  try {
    for (const file of changes) {
      if (file.original && !recorded.has(file.path)) await write(folder, backupOf(file.path), file.original);
    }
    // from here a revert works, whatever happens
    await writeRecord(folder, entries, folders);
    for (const file of changes) {
      throwIfCancelled(options.signal);
      done.push(file);
      await put(folder, file.path, file.after);
    }
    for (const file of changes) {
      const isOriginal = hashOf(file.after) === hashOf(file.original);
      if (isOriginal && !file.edited) entries.delete(file.path);
    }
    await writeRecord(folder, entries, folders);
  } catch (e) {
    for (const file of done.reverse()) await put(folder, file.path, file.before).catch(() => undefined);
    if (old) await writeRecord(folder, recorded, old.folders).catch(() => undefined);
    else await removeTraces(folder, folders);
    throw e;
  }
  return { changed: changes.map((f) => f.path), kept };
}

/** What a revert would bring back or remove; undefined when nothing was ported into the project. */
export async function planRevert(projectPath: string): Promise<Plan | undefined> {
  const folder = await projectFolder(projectPath);
  const record = await readRecord(folder);
  if (!record) return undefined;
  const files: PlannedFile[] = [];
  for (const known of record.files) {
    const original = await readBackup(folder, known);
    const before = await readInside(folder, known.path);
    const edited = hashOf(before) !== known.written && hashOf(before) !== known.original;
    files.push({ path: known.path, before, after: original, original, edited, own: false, merged: false });
  }
  return { folder, files };
}

/**
 * Brings a project back to what it was before its first port, byte for byte, and removes what the port added.
 *
 * @throws UserError `input` when nothing was ported, a copy is damaged, or files were edited since and `overwrite` is not set
 */
export async function revertChanges(
  projectPath: string,
  options: { overwrite?: boolean } = {},
): Promise<string[]> {
  const plan = await planRevert(projectPath);
  if (!plan) {
    throw new UserError(
      'input',
      say`Nothing was ported into ${projectPath}.`,
      say`There is nothing to take back.`,
    );
  }
  const { folder } = plan;
  const edited = plan.files.filter((f) => f.edited).map((f) => f.path);
  if (edited.length > 0 && !options.overwrite) throw editedError(folder, edited, say`lost`);
  const changes = plan.files.filter(isChange);
  for (const { path: name } of changes) await requireInside(folder, name);
  const record = await readRecord(folder);
  for (const file of changes) await put(folder, file.path, file.after);
  await removeTraces(folder, record?.folders ?? []);
  return changes.map((f) => f.path);
}

/** Reads files of a project as they were before its first port; undefined for one that was not there. */
export async function originalsOf(
  projectPath: string,
): Promise<(name: string) => Promise<Buffer | undefined>> {
  const folder = await projectFolder(projectPath);
  const record = await readRecord(folder);
  const recorded = new Map(record?.files.map((f) => [f.path, f]));
  return (name) => {
    const known = recorded.get(name);
    return known ? readBackup(folder, known) : readInside(folder, name);
  };
}

function isChange(file: PlannedFile): boolean {
  return hashOf(file.before) !== hashOf(file.after);
}

function isBinary(bytes: Buffer | undefined): boolean {
  return bytes?.subarray(0, 8000).includes(0) ?? false;
}

function hashOf(bytes: Buffer | undefined): string | null {
  return bytes ? createHash('sha256').update(bytes).digest('hex') : null;
}

function backupOf(name: string): string {
  return `${RECORD_FOLDER}/${name}.bak`;
}

async function projectFolder(folder: string): Promise<string> {
  const stats = await stat(folder).catch(() => undefined);
  if (!stats) throw new UserError('input', say`There is no project folder ${folder}.`, say`Check the path.`);
  if (!stats.isDirectory())
    throw new UserError('input', say`${folder} is a file.`, say`Name the project's folder.`);
  return realpath(folder);
}

/** The file's place, made sure to be in the project: neither its path nor a link in it leads out. */
async function requireInside(folder: string, name: string): Promise<string> {
  await placeInside(folder, name);
  const file = path.join(folder, ...name.split('/'));
  const stats = await lstat(file).catch(() => undefined);
  if (stats && !stats.isFile()) throw notItsOwn(folder, name);
  return file;
}

function notItsOwn(folder: string, name: string): UserError {
  return new UserError(
    'input',
    say`${name} in ${folder} is a link or folder, not a file of the project.`,
    say`Copy the project, so that its files are its own.`,
  );
}

async function readInside(folder: string, name: string): Promise<Buffer | undefined> {
  const file = await requireInside(folder, name);
  const stats = await stat(file).catch(() => undefined);
  if (!stats) return undefined;
  return readBounded(file, MAX_BYTES, say`project file`);
}

async function readBackup(folder: string, known: RecordedFile): Promise<Buffer | undefined> {
  if (known.original === null) return undefined;
  const bytes = await readInside(folder, backupOf(known.path));
  if (hashOf(bytes) === known.original) return bytes;
  throw new UserError(
    'input',
    say`The copy of the original ${known.path} in ${folder} is damaged or missing.`,
    say`Restore the project from version control, or import the example again.`,
  );
}

async function readRecord(folder: string): Promise<ChangeRecord | undefined> {
  const bytes = await readInside(folder, RECORD_FILE);
  if (!bytes) return undefined;
  const isHash = (h: unknown): boolean => h === null || (typeof h === 'string' && /^[0-9a-f]{64}$/.test(h));
  try {
    const value = JSON.parse(bytes.toString('utf8')) as ChangeRecord;
    if (
      value.version === 1 &&
      value.files.every((f) => isPlainPath(f.path) && isHash(f.original) && isHash(f.written)) &&
      value.folders.every(isPlainPath)
    ) {
      return value;
    }
  } catch {
    // told below
  }
  throw new UserError(
    'input',
    say`${path.join(folder, RECORD_FILE)} is damaged.`,
    say`The original files are beside it, named .bak; put them back and remove ${RECORD_FOLDER}.`,
  );
}

async function writeRecord(
  folder: string,
  files: ReadonlyMap<string, RecordedFile>,
  folders: readonly string[],
): Promise<void> {
  const record: ChangeRecord = { version: 1, files: [...files.values()], folders };
  await write(folder, RECORD_FILE, `${JSON.stringify(record, null, 2)}\n`);
}

async function missingFolders(
  folder: string,
  changes: readonly PlannedFile[],
  first: boolean,
): Promise<string[]> {
  const names = new Set<string>();
  for (const name of [...changes.map((f) => f.path), ...(first ? [RECORD_FILE] : [])]) {
    const parts = name.split('/').slice(0, -1);
    for (let n = 1; n <= parts.length; n++) {
      const parent = parts.slice(0, n).join('/');
      if (!(await stat(path.join(folder, parent)).catch(() => undefined))) names.add(parent);
    }
  }
  return [...names].filter((n) => !n.startsWith(RECORD_FOLDER));
}

/** Writes or removes a file; one that was there keeps its permissions. */
async function put(folder: string, name: string, bytes: Buffer | undefined): Promise<void> {
  if (bytes) await write(folder, name, bytes);
  else await rm(path.join(folder, name), { force: true });
}

async function write(folder: string, name: string, data: string | Uint8Array): Promise<void> {
  const file = path.join(folder, ...name.split('/'));
  const mode = (await stat(file).catch(() => undefined))?.mode;
  await writeFileAtomic(file, data, folder);
  if (mode !== undefined) await chmod(file, mode & 0o7777);
}

/** Removes the record with its copies, and those folders of the port that are empty now. */
async function removeTraces(folder: string, folders: readonly string[]): Promise<void> {
  await rm(path.join(folder, RECORD_FOLDER), { recursive: true, force: true });
  for (const name of [...folders].reverse()) {
    await placeInside(folder, name)
      .then(rmdir)
      .catch(() => undefined);
  }
}

function ownError(folder: string, files: readonly string[]): UserError {
  return new UserError(
    'input',
    say`Files of your own in ${folder} have the names of the port's and would be replaced: ${someOf(files, 5)}.`,
    [say`Move them away, or let them be replaced: a revert brings them back.`, { do: 'allowOverwriting' }],
  );
}

function editedError(folder: string, files: readonly string[], fate: Sentence): UserError {
  return new UserError(
    'input',
    say`Files in ${folder} were edited since the last port and would be ${fate}: ${someOf(files, 5)}.`,
    [say`Keep a copy of them first.`, { do: 'allowOverwriting' }],
  );
}
