import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../common/files.ts';
import { checkProfile } from './profile.ts';

/** Profiles kept; the least recently used go first. */
const MAX_PROFILES = 64;
const ENDING = '.profile.yaml';

/** Collects all that a profile depends on: the model, the images in their order, the options, the version of Glow. */
export class ProfileKey {
  readonly #hash = createHash('sha256');

  /** Adds one part; its length goes in too, so that parts cannot run into each other. */
  add(part: string | Uint8Array): this {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    this.#hash.update(`${bytes.length}:`).update(bytes);
    return this;
  }

  digest(): string {
    return this.#hash.digest('hex').slice(0, 40);
  }
}

/** A kept profile; undefined when there is none. One that is not whole is thrown away. */
export async function recallProfile(folder: string, key: string): Promise<string | undefined> {
  const file = path.join(folder, key + ENDING);
  try {
    const text = await readFile(file, 'utf8');
    checkProfile(text);
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return text;
  } catch {
    await rm(file, { force: true }).catch(() => undefined);
    return undefined;
  }
}

/** Keeps a profile. A cache that cannot be written costs time, nothing else: it is no error. */
export async function keepProfile(folder: string, key: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path.join(folder, key + ENDING), text);
    const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING));
    if (names.length <= MAX_PROFILES) return;
    const dated = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(path.join(folder, name))).mtimeMs })),
    );
    dated.sort((a, b) => b.time - a.time);
    for (const { name } of dated.slice(MAX_PROFILES)) await rm(path.join(folder, name), { force: true });
  } catch {
    // see above
  }
}
