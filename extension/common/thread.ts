import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { fromSource, workerEntry } from './resources.ts';

/**
 * Starts a thread, from the bundle or, through tsx, from the source.
 *
 * @param name of its entry in dist/. @param source the entry's path below extension/
 * @param data its `workerData`: what can be cloned
 */
export function startThread(
  { name, source }: { readonly name: string; readonly source: string },
  data: unknown,
  resourceLimits: ResourceLimits = {},
): Worker {
  const entry = workerEntry(name, source);
  if (!fromSource) return new Worker(entry, { workerData: data, resourceLimits });
  // a thread does not inherit the main thread's tsx, and --import=tsx is looked up in the working directory
  const tsx = new URL('index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')));
  const script =
    `import(${JSON.stringify(tsx.href)}).then(({ register }) => ` +
    `{ register(); return import(${JSON.stringify(pathToFileURL(entry).href)}); })`;
  return new Worker(script, { eval: true, execArgv: [], workerData: data, resourceLimits });
}
