import path from 'node:path';
import { readOriginal } from './changeSet.ts';
import { exampleOf, type HostProject, mainsOf, sourcesBelow } from './hostProject.ts';
import { editCmake, type CmakeStyle, cmakeStyle, listedSources } from './mcuxpressoVscode/block.ts';

/**
 * Reads a project of MCUXpresso for VS Code: `armgcc/CMakeLists.txt` as SDK 2.x has it, or `CMakeLists.txt` with prj.conf as
 * SDK 24.12 and later have it.
 *
 * @param folder the project, or its armgcc folder
 * @returns undefined when there is no CMakeLists.txt of either kind
 * @throws UserError `input` when it is malformed
 */
export async function mcuxpressoVscodeProject(folder: string): Promise<HostProject | undefined> {
  const place = path.resolve(folder);
  if (path.basename(place) === 'armgcc') return mcuxpressoVscodeProject(path.dirname(place));
  for (const file of ['CMakeLists.txt', 'armgcc/CMakeLists.txt']) {
    const text = (await readOriginal(place, file))?.toString('latin1');
    const shown = path.join(path.basename(place), file);
    const style = text === undefined ? undefined : cmakeStyle(text, shown);
    if (text !== undefined && style) return hostProject(place, file, text, style);
  }
  return undefined;
}

async function hostProject(
  folder: string,
  file: string,
  text: string,
  style: CmakeStyle,
): Promise<HostProject> {
  const shown = path.join(path.basename(folder), file);
  const above = path.dirname(file) === '.' ? '' : '../';
  const mains = await mainsOf(folder, await sourcesBelow(folder, ['source', 'src', '']));
  const mainNames = new Set([...mains.map((m) => path.posix.basename(m)), 'hello_world.c']);
  // a listed main that is not in the folder lies in the SDK
  const exclude = listedSources(text, shown, style).filter((s) => mainNames.has(path.posix.basename(s.path)));
  const read = async (name: string): Promise<string> =>
    (await readOriginal(folder, name))?.toString('latin1') ?? '';
  const flags = (await read('armgcc/flags.cmake')) + (await read('flags.cmake'));
  const conf = await read('prj.conf');
  return {
    kind: style,
    folder,
    boardId: boardOf(text),
    core: /-mcpu=cortex-m7\b/.test(flags)
      ? 'cm7'
      : /-mcpu=cortex-m0plus\b/.test(flags)
        ? 'cm0plus'
        : undefined,
    mains,
    example: await exampleOf(folder, mains),
    edits: (network, defines) =>
      new Map([
        [file, (cmake: string) => editCmake(cmake, shown, { network, defines, exclude, above, style })],
      ]),
    notes:
      style === 'sdk-24-cmake' && !/CONFIG_/.test(conf)
        ? ['There is no prj.conf beside CMakeLists.txt: the components come from the SDK’s board.']
        : [],
  };
}

/** Board folder of the SDK that the file refers to, such as `boards/frdmke16z/`. */
function boardOf(text: string): string | undefined {
  return /\bboards\/(\w+)\//.exec(text)?.[1] ?? /\bset\s*\(\s*board\s+"?(\w+)/i.exec(text)?.[1];
}
