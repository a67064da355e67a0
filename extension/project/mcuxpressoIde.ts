import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { originalsOf } from './changeSet.ts';
import { HostCode } from './hostCode.ts';
import { CodeReader, codeBelow, type HostProject } from './hostProject.ts';
import { type CprojectFacts, portCproject, readCproject } from './mcuxpressoIde/cproject.ts';
import { type LinkedResource, readLinks } from './mcuxpressoIde/links.ts';
import { isBuiltBy } from './mcuxpressoIde/sourceEntries.ts';

/**
 * Reads a project of MCUXpresso IDE: the SDK's imported hello_world, glow_lenet_mnist, or any other program.
 *
 * @returns undefined when the folder has no .cproject
 * @throws UserError `input` for a .cproject that is malformed, of another IDE, builds a library, has a Makefile of its own, or
 * is not made of NXP's SDK
 */
export async function mcuxpressoIdeProject(folder: string): Promise<HostProject | undefined> {
  const original = await originalsOf(folder);
  const name = '.cproject';
  const shown = path.join(path.basename(path.resolve(folder)), name);
  const text = (await original(name))?.toString('latin1');
  if (text === undefined) return undefined;
  const facts = readCproject(text, shown);
  requireManaged(facts, shown);
  const dotProject = (await original('.project'))?.toString('utf8') ?? '';
  const links = readLinks(dotProject, path.resolve(folder));
  requireOwnSources(links, folder);
  const isCpp = /<nature>[^<]*\.ccnature<\/nature>/.test(dotProject);
  const language = isCpp ? 'cpp' : dotProject === '' ? facts.language : 'c';
  let code: Promise<HostCode> | undefined;
  const codeOf = async (): Promise<HostCode> => {
    const found = await readCode(folder, facts, links);
    requireSdk(facts, found, folder);
    return found;
  };
  return {
    kind: 'mcuxpresso-ide',
    folder,
    boardId: facts.boardId,
    core: facts.core,
    code: () => (code ??= codeOf()),
    objects: facts.objects.map((value) => ({ value, stem: stemOf(value) })),
    edits: ({ network, defines, sources, exclude, unlink }) =>
      new Map([
        [
          name,
          (cproject: string) =>
            portCproject(cproject, shown, { network, defines, exclude, include: sources, unlink, language }),
        ],
      ]),
    notes: facts.managedLinkerScript
      ? []
      : [
          "The project has a linker script of its own: if it names Redlib's libraries (libcr_), name libc and libgcc instead.",
        ],
  };
}

/** The name of an object such as `"${workspace_loc:/${ProjName}/source/net.o}"`; empty for another file. */
function stemOf(object: string): string {
  const file = object.replace(/["{}]/g, '').split(/[/\\]/).pop()!;
  return file.endsWith('.o') ? file.slice(0, -2) : '';
}

/** The project's files, and those that Eclipse links into it. */
async function readCode(
  folder: string,
  { sourceEntries, configurations }: CprojectFacts,
  links: readonly LinkedResource[],
): Promise<HostCode> {
  const reader = await CodeReader.of(folder);
  const isBuilt = (file: string): boolean => sourceEntries.some((entries) => isBuiltBy(entries, file));
  // a configuration's folder holds what was built
  for (const file of await codeBelow(folder, new Set(configurations))) await reader.add(file, isBuilt(file));
  for (const { path: shown, isFolder, place } of links) {
    if (place === undefined) continue;
    const files = isFolder ? await codeBelow(place) : [''];
    for (const file of files) {
      const as = isFolder ? `${shown}/${file}` : shown;
      await reader.add(as, isBuilt(as), path.join(place, file));
    }
  }
  return new HostCode(reader.files);
}

/** A build by the user's own Makefile reads none of these settings. */
function requireManaged({ ownMakefile }: CprojectFacts, shown: string): void {
  if (ownMakefile === undefined) return;
  throw new UserError(
    'input',
    say`${shown} is built by a Makefile of its own (configuration ${ownMakefile}), which does not read the IDE's settings.`,
    say`Add the sources of a generated project and the network's object to the Makefile by hand, or let the IDE generate it (C/C++ Build > Builder Settings).`,
  );
}

/** Files go into the project's own folder; Eclipse would not see them where it shows another one. */
function requireOwnSources(links: readonly LinkedResource[], folder: string): void {
  if (!links.some((l) => l.path === 'source' && l.isFolder)) return;
  throw new UserError(
    'input',
    say`The folder source of the project in ${folder} is a link to another place.`,
    say`Copy the project, so that its files are its own.`,
  );
}

/** main.c prints by the SDK's console and starts the board by the SDK's functions. */
function requireSdk({ sdkVersion, boardId }: CprojectFacts, code: HostCode, folder: string): void {
  const says = sdkVersion !== undefined || boardId !== undefined;
  if (says || code.headersNamed('fsl_debug_console.h').length > 0) return;
  throw new UserError(
    'input',
    say`The project in ${folder} is not made of NXP's SDK: it names none and has no fsl_debug_console.h.`,
    say`Import the SDK's hello_world for your board and name its folder, or add the network's object and your own calls of it by hand.`,
  );
}
