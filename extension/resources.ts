import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** The folder that holds templates/ and examples/: one up from extension/ in the source, one up from dist/ when bundled. */
export const productRoot = path.resolve(path.dirname(here), '..');

/** True when running from the TypeScript source (tests), false in the bundle. */
export const fromSource = here.endsWith('.ts');

/** Path of a worker thread's entry: `source` (relative to extension/) in the source, dist/<name>.cjs in the bundle. */
export function workerEntry(name: string, source: string): string {
  return fromSource
    ? path.join(productRoot, 'extension', source)
    : path.join(productRoot, 'dist', `${name}.cjs`);
}
