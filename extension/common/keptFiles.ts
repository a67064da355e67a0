import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from './files.ts';
import { readSmall } from './regularFile.ts';

/** Collects all that a result depends on, such as a model's bytes, options and versions. */
export class ContentKey {
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

/** Results of one kind that are kept between runs, by the key of what they were made of. */
export interface KeptKind<T> {
  /** Of their files' names, such as `.profile.yaml`. */
  readonly ending: string;
  /** Files kept; the least recently used go first. */
  readonly most: number;
  /** Largest file that is read, in bytes. */
  readonly limit: number;
  /** A file's text as the result. @throws when it is not whole */
  readonly read: (text: string) => T;
}

/** A kept result; undefined when there is none. One that is not whole is thrown away. */
export async function recallKept<T>(
  { ending, limit, read }: KeptKind<T>,
  folder: string,
  key: string,
): Promise<T | undefined> {
  const file = path.join(folder, key + ending);
  try {
    const bytes = await readSmall(file, limit);
    if (!bytes) throw new Error('it is not there, or too large');
    const result = read(bytes.toString('utf8'));
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return result;
  } catch {
    await rm(file, { force: true }).catch(() => undefined);
    return undefined;
  }
}

/** Keeps a result. A cache that cannot be written costs time, nothing else: it is no error. */
export async function keepText(
  { ending, most }: Pick<KeptKind<unknown>, 'ending' | 'most'>,
  folder: string,
  key: string,
  text: string,
): Promise<void> {
  try {
    await writeFileAtomic(path.join(folder, key + ending), text);
    const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
    if (names.length <= most) return;
    const dated = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(path.join(folder, name))).mtimeMs })),
    );
    dated.sort((a, b) => b.time - a.time);
    for (const { name } of dated.slice(most)) await rm(path.join(folder, name), { force: true });
  } catch {
    // see above
  }
}
