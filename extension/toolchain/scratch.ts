import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cannotWrite } from '../common/files.ts';
import { say } from '../common/errors/sentence.ts';
import { removeLeftovers } from '../common/leftovers.ts';
import { MARK, processMark } from '../common/processMark.ts';

/** A folder for temporary files, its full path, and the variables that make programs put theirs there. */
export interface Scratch {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The variables that make a program put its temporary files into a folder, logs of glog included. */
export function temporaryFilesIn(folder: string): Scratch['env'] {
  return { TMPDIR: folder, TMP: folder, TEMP: folder, GLOG_log_dir: folder };
}

/** What scratch folders are called. */
const NAMED = new RegExp(`^glowport-[a-z]+-(${MARK})-\\w{6}$`);
/** Folders for temporary files that were looked through. */
const cleaned = new Set<string>();

/**
 * Gives work a folder that is removed with all in it afterwards: also what a compiler that was ended in the middle of its
 * work has left there. Those that killed processes have left are removed before the first one is made.
 *
 * @throws UserError `input` when the disk is full or temporary files are not permitted
 */
export async function withScratchFolder<T>(name: string, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  // programs that run elsewhere are given it too, and TMPDIR may be relative
  const temporary = path.resolve(os.tmpdir());
  const place = path.join(temporary, `glowport-${name}-${processMark()}-`);
  if (!cleaned.has(temporary)) {
    cleaned.add(temporary);
    await removeLeftovers(temporary, NAMED);
  }
  let folder: string | undefined;
  try {
    folder = await mkdtemp(place);
    return await work({ folder, env: temporaryFilesIn(folder) });
  } catch (e) {
    const failed = (e as NodeJS.ErrnoException).path ?? folder ?? place;
    throw cannotWrite(failed, e, say`Make room there, or set TMPDIR to another folder for temporary files.`);
  } finally {
    // a tool that was ended may hold its files for a moment on Windows
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(
        () => undefined,
      );
    }
  }
}
