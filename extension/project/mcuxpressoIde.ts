import path from 'node:path';
import { readOriginal } from './changeSet.ts';
import { exampleOf, type HostProject, mainsOf, sourcesBelow } from './hostProject.ts';
import { portCproject, readCproject } from './mcuxpressoIde/cproject.ts';

/**
 * Reads a project of MCUXpresso IDE: the SDK's imported hello_world, glow_lenet_mnist, or any other program.
 *
 * @returns undefined when the folder has no .cproject
 * @throws UserError `input` for a .cproject that is malformed, of another IDE, or builds a library
 */
export async function mcuxpressoIdeProject(folder: string): Promise<HostProject | undefined> {
  const name = '.cproject';
  const shown = path.join(path.basename(path.resolve(folder)), name);
  const text = (await readOriginal(folder, name))?.toString('latin1');
  if (text === undefined) return undefined;
  const facts = readCproject(text, shown);
  const natures = (await readOriginal(folder, '.project'))?.toString('utf8') ?? '';
  const language = /<nature>[^<]*\.ccnature<\/nature>/.test(natures)
    ? 'cpp'
    : natures === ''
      ? facts.language
      : 'c';
  const mains = await mainsOf(folder, await sourcesBelow(folder, ['source', 'src']));
  const exclude = mains.filter((m) => m !== 'source/main.c');
  return {
    kind: 'mcuxpresso-ide',
    folder,
    boardId: facts.boardId,
    core: facts.core,
    mains,
    example: await exampleOf(folder, mains),
    edits: (network, defines) =>
      new Map([
        [
          name,
          (cproject: string) =>
            portCproject(cproject, shown, {
              network,
              defines,
              exclude,
              include: ['main', 'timer', 'glow_bundle_utils'].map((f) => `source/${f}.c`),
              language,
            }),
        ],
      ]),
    notes: facts.managedLinkerScript
      ? []
      : [
          "The project has a linker script of its own: if it names Redlib's libraries (libcr_), name libc and libgcc instead.",
        ],
  };
}
