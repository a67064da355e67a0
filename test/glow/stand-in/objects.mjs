/** gcc's objects of one run of the tests, beside the bundled stand-ins: the same code is compiled once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'objects');

export async function keptObject(parts, compile) {
  const file = path.join(folder, `${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}.o`);
  try {
    return readFileSync(file);
  } catch {
    // not compiled yet
  }
  const object = await compile();
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, object);
  renameSync(`${file}.${process.pid}`, file);
  return object;
}
