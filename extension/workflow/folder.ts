import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PortError } from '../error.ts';
import { cannotWrite, temporaryName } from './atomic.ts';

/** In a generated folder: what was generated, with SHA-256, so that a user's own files and edits are never lost. */
export const MANIFEST = '.glowport-files.json';
const MAX_MANIFEST_FILES = 10_000;

type Manifest = ReadonlyMap<string, string>;

export interface FolderOptions {
  /** Replace generated files even where the user has edited them. */
  readonly overwrite?: boolean | undefined;
  /** Folders inside that hold nothing of the user's, such as `build`; they are left out of the manifest. */
  readonly disposable?: readonly string[];
}

/**
 * Fills a folder as a whole: `work` writes into an empty folder at the final path; when it fails or is cancelled the folder
 * is as it was before, as if nothing had happened. A folder that an earlier run filled is replaced; files the user added
 * to it stay.
 *
 * @throws PortError `usage` when the folder holds something else, or generated files that the user has edited
 */
export async function fillFolder<T>(
  folder: string,
  work: (folder: string) => Promise<T>,
  options: FolderOptions = {},
): Promise<T> {
  const target = path.resolve(folder);
  const before = await occupation(target, options);
  const aside = before === undefined ? undefined : temporaryName(target);
  const made = await firstMissing(target);
  try {
    if (aside !== undefined) await rename(target, aside);
    await mkdir(target, { recursive: true });
  } catch (e) {
    throw cannotWrite(target, e);
  }
  try {
    const result = await work(target);
    await writeManifest(target, options.disposable ?? []);
    if (aside !== undefined && before) await bringBack(aside, target, before, options.disposable ?? []);
    return result;
  } catch (e) {
    await rm(aside === undefined ? (made ?? target) : target, { recursive: true, force: true });
    if (aside !== undefined) await rename(aside, target);
    throw cannotWrite(target, e);
  }
}

/** undefined: nothing there; else what an earlier run put there (empty for an empty folder). */
async function occupation(target: string, options: FolderOptions): Promise<Manifest | undefined> {
  const kind = await stat(target).catch(() => undefined);
  if (!kind) return undefined;
  if (!kind.isDirectory())
    throw new PortError('usage', `${target} is a file, not a folder.`, 'Choose another --out.');
  if ((await readdir(target)).length === 0) return new Map();
  const manifest = await readManifest(target);
  if (!manifest) {
    throw new PortError(
      'usage',
      `The folder ${target} holds files that GlowPort did not make.`,
      'Choose another --out, or empty it.',
    );
  }
  if (options.overwrite) return manifest;
  for (const [file, hash] of manifest) {
    const now = await readFile(path.join(target, file)).catch(() => undefined);
    if (now && sha256(now) !== hash) {
      throw new PortError(
        'usage',
        `The generated file ${path.join(target, file)} has been edited.`,
        'Choose another --out, or --overwrite to replace it.',
      );
    }
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const value = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as { files?: unknown };
    const files = Object.entries(value.files ?? {});
    if (files.length > MAX_MANIFEST_FILES) return undefined;
    const safe = files.every(
      ([f, hash]) => typeof hash === 'string' && !path.isAbsolute(f) && !path.normalize(f).startsWith('..'),
    );
    return safe ? new Map(files as [string, string][]) : undefined;
  } catch {
    return undefined;
  }
}

async function writeManifest(folder: string, disposable: readonly string[]): Promise<void> {
  const files: [string, string][] = [];
  for (const file of await listFiles(folder, disposable)) {
    files.push([file, sha256(await readFile(path.join(folder, file)))]);
  }
  const text = JSON.stringify({ files: Object.fromEntries(files) }, undefined, 2);
  await writeFile(path.join(folder, MANIFEST), `${text}\n`);
}

/** Moves the user's own files of the old folder into the new one and deletes the rest of the old one. */
async function bringBack(
  from: string,
  to: string,
  generated: Manifest,
  disposable: readonly string[],
): Promise<void> {
  for (const file of await listFiles(from, disposable)) {
    if (generated.has(file) || file === MANIFEST) continue;
    const target = path.join(to, file);
    if (await stat(target).catch(() => undefined)) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await rename(path.join(from, file), target);
  }
  await rm(from, { recursive: true, force: true });
}

/** Files below a folder, relative, with forward slashes, sorted; links count as files. */
async function listFiles(folder: string, skip: readonly string[], below = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (skip.includes(name)) continue;
    if (entry.isDirectory()) files.push(...(await listFiles(folder, skip, name)));
    else files.push(name);
  }
  return files;
}

/** The topmost folder of the path that does not exist yet; undefined when the whole path does. */
async function firstMissing(target: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let at = target; !(await stat(at).catch(() => undefined)); at = path.dirname(at)) missing = at;
  return missing;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
