import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { readSmall } from '../common/regularFile.ts';
import { say, someOf } from '../common/errors/sentence.ts';
import { writeFileAtomic } from '../common/files.ts';
import { isAlong } from '../common/folders.ts';
import { undoneOnFailure } from '../common/undo.ts';
import { earlierBundle } from './earlierBundle.ts';

/** What was generated last time: SHA-256 by path. */
const RECORD_FILE = '.glowport/generated.json';

type Contents = string | Uint8Array;

/**
 * Writes files into a folder, each under a temporary name first. A file there that differs both from what is written now
 * and from what was generated last time is somebody's work: `confirm` decides over these, once for all. Files generated
 * last time, unedited since and not wanted any more are removed.
 */
export async function writeProject(
  folder: string,
  files: ReadonlyMap<string, Contents>,
  confirm?: (files: readonly string[]) => Promise<'overwrite' | 'keep'>,
  signal?: AbortSignal,
): Promise<{ files: string[]; kept: string[] }> {
  await checkFolder(folder);
  const recorded = await readRecord(folder);
  const earlier = await earlierBundle(folder, recorded, files);
  const states = new Map(
    await Promise.all(
      [...new Set([...files.keys(), ...recorded.keys(), ...earlier])].map(
        async (name) => [name, await hashOfFile(path.join(folder, name))] as const,
      ),
    ),
  );

  for (const name of earlier) {
    const there = states.get(name);
    if (there !== undefined) recorded.set(name, there);
  }

  const edited = [...files].filter(([name, contents]) => {
    const there = states.get(name);
    return there !== undefined && there !== recorded.get(name) && there !== hash(contents);
  });
  const inTheWay = edited.map(([name]) => name).sort();
  let kept: string[] = [];
  if (inTheWay.length > 0) {
    if (!confirm) throw editedError(folder, inTheWay);
    if ((await confirm(inTheWay)) === 'keep') kept = inTheWay;
  }
  throwIfCancelled(signal);

  const isNew = (await statOf(folder)) === undefined;
  const record: [string, string][] = [];
  const writeRecord = (entries: readonly (readonly [string, string])[]): Promise<void> => {
    const text = JSON.stringify({ files: Object.fromEntries([...entries].sort()) }, null, 2);
    return writeFileAtomic(path.join(folder, RECORD_FILE), `${text}\n`);
  };
  const write = async (): Promise<void> => {
    for (const [name, contents] of files) {
      if (kept.includes(name)) {
        // its record stays that of the last generated version, so it is still known as edited
        const old = recorded.get(name);
        if (old !== undefined) record.push([name, old]);
        continue;
      }
      throwIfCancelled(signal);
      const wanted = hash(contents);
      // an equal file keeps its time, so that a build has nothing to do for it
      if (states.get(name) !== wanted) await writeFileAtomic(path.join(folder, name), contents);
      record.push([name, wanted]);
    }
    for (const [name, old] of recorded) {
      if (!files.has(name) && states.get(name) === old) await rm(path.join(folder, name), { force: true });
    }
    await writeRecord(record);
  };
  if (isNew) {
    await undoneOnFailure(write, (place) => isAlong(folder, place));
  } else {
    await write().catch(async (error: unknown) => {
      // what has been written is ours: the next port must not take it for somebody's work
      if (record.length > 0) await writeRecord([...recorded, ...record]).catch(() => undefined);
      throw error;
    });
  }
  return { files: [...files.keys()], kept };
}

/** Whether the last time just these contents were generated for these files, whatever was made of them since. */
export async function wasGenerated(folder: string, files: ReadonlyMap<string, Contents>): Promise<boolean> {
  const recorded = await readRecord(folder);
  return [...files].every(([name, contents]) => recorded.get(name) === hash(contents));
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

/** Longest record read, and longest file that may be one of ours, in bytes. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;
const MAX_OWN_BYTES = 256 * 1024 * 1024;

/** Paths of a record that leave the folder are ignored: the file may have been edited. */
async function readRecord(folder: string): Promise<Map<string, string>> {
  try {
    const { files } = JSON.parse(
      String(await readSmall(path.join(folder, RECORD_FILE), MAX_RECORD_BYTES)),
    ) as {
      files: unknown;
    };
    if (typeof files !== 'object' || files === null) return new Map();
    return new Map(
      Object.entries(files).filter(
        ([name, value]) =>
          typeof value === 'string' &&
          !path.isAbsolute(name) &&
          !name.split(/[\\/]/).includes('..') &&
          name !== '',
      ),
    );
  } catch {
    return new Map();
  }
}

async function hashOfFile(file: string): Promise<string | undefined> {
  const bytes = await readSmall(file, MAX_OWN_BYTES);
  return bytes && hash(bytes);
}

function hash(contents: Contents): string {
  return createHash('sha256').update(contents).digest('hex');
}

function editedError(folder: string, files: readonly string[]): UserError {
  return new UserError(
    'input',
    say`${folder} has files that GlowPort did not write or that were edited since: ${someOf(files, 5)}.`,
    [say`Choose another output folder, or move these files away.`, { do: 'allowOverwriting' }],
  );
}
