import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** True when running from the TypeScript source (tests), false in the bundle. */
export const fromSource = here.endsWith('.ts');

/** The folder that holds templates/ and examples/: above extension/common/ in the source, above dist/ when bundled. */
export const productRoot = path.resolve(path.dirname(here), fromSource ? '../..' : '..');

/** Path of a worker thread's entry: `source` (relative to extension/) in the source, dist/<name>.cjs in the bundle. */
export function workerEntry(name: string, source: string): string {
  return fromSource
    ? path.join(productRoot, 'extension', source)
    : path.join(productRoot, 'dist', `${name}.cjs`);
}
