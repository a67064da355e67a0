import path from 'node:path';
import { readHeader } from '../bundle/header.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { type CSource, linkedNames, readC } from '../common/cSource.ts';
import type { HostCode } from './hostCode.ts';
import type { HostProject } from './hostProject.ts';

/** How a port's files and a project's code make one program without a second definition. */
export interface Settled {
  /** Of the port's files those that go in. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** The project's sources that are built no more; those that the port replaces are none. */
  readonly exclude: readonly string[];
  /** Objects that are linked no more, as the project writes them. */
  readonly unlink: readonly string[];
  /** What the user has to know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Settles what a port's files and a project's code both define. Of two definitions the port's goes when main() does not need
 * it; else the project's file is built no more, if nothing else that is built needs it. An old network's object is linked no
 * more when only main files that go called it. Pure.
 *
 * @throws UserError `input` when the project needs what would go
 */
export function settle(
  files: ReadonlyMap<string, string | Uint8Array>,
  network: string,
  host: Pick<HostProject, 'folder' | 'objects'>,
  code: HostCode,
): Settled {
  const ours = new Map<string, CSource>();
  for (const [name, text] of files) if (name.endsWith('.c')) ours.set(name, readC(String(text)));
  const kept = new Map(files);
  const mains = new Set(code.mains);
  const gone = new Set(mains);
  const notes: string[] = [];
  for (const [name, source] of ours) {
    const names = linkedNames(source);
    const there = code.definersOf(names, mains);
    if (there.size > 0 && !isNeeded(name, names, ours)) {
      kept.delete(name);
      kept.delete(name.replace(/c$/, 'h'));
      notes.push(
        `${path.posix.basename(name)} was not added: ${[...there.keys()].join(', ')} has the same functions.`,
      );
      continue;
    }
    for (const file of there.keys()) {
      gone.add(file);
      if (!files.has(file)) notes.push(`${file} is not built any more: ${name} takes its place.`);
    }
    if (code.linkedNames(name).length > 0) gone.add(name);
  }
  const replacing = [...ours].filter(([name]) => kept.has(name)).flatMap(([, source]) => linkedNames(source));
  for (const file of gone) requireUnneeded(file, code, gone, new Set(replacing), host.folder);
  const unlink = host.objects.filter(({ stem }) => isOldNetwork(stem, network, code, gone));
  for (const { stem } of unlink) notes.push(`${stem}.o is not linked any more: it is the old network's.`);
  return {
    files: kept,
    exclude: [...gone].filter((f) => !kept.has(f)),
    unlink: unlink.map((o) => o.value),
    notes,
  };
}

/** Whether another of the port's sources uses what one defines; main() is what all is for. */
function isNeeded(name: string, names: readonly string[], ours: ReadonlyMap<string, CSource>): boolean {
  if (names.includes('main')) return true;
  return [...ours].some(([other, { words }]) => other !== name && names.some((n) => words.has(n)));
}

/** @throws UserError `input` when something that stays uses what only this file defines */
function requireUnneeded(
  file: string,
  code: HostCode,
  gone: ReadonlySet<string>,
  replacing: ReadonlySet<string>,
  folder: string,
): void {
  const lost = code.linkedNames(file).filter((n) => n !== 'main' && !replacing.has(n));
  const use = code.userOf(lost, gone);
  if (!use) return;
  throw new UserError(
    'input',
    say`${use.file} in ${folder} needs ${use.name} of ${file}, a file that cannot be built beside the network's main().`,
    say`Move ${use.name} into a file of its own, and try again.`,
  );
}

/** Whether an object is a network that nothing calls any more, or one of the same name. */
function isOldNetwork(stem: string, network: string, code: HostCode, gone: ReadonlySet<string>): boolean {
  if (stem === '') return false;
  const names = [stem, ...code.headersNamed(`${stem}.h`).flatMap(entryPointOf)];
  if (names.includes(network)) return true;
  const isCalled = names.some((n) => code.mentions(n, (file) => gone.has(file)));
  return isCalled && !names.some((n) => code.mentions(n, (file) => !gone.has(file)));
}

/** The function that a bundle's header declares. */
function entryPointOf(header: string): string[] {
  try {
    return [readHeader(header, '').name];
  } catch {
    return [];
  }
}
