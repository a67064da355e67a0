import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readSmall } from '../common/regularFile.ts';
import { slashes } from '../common/slashes.ts';
import { originalsOf } from './changeSet.ts';
import { HostCode } from './hostCode.ts';
import { CodeReader, codeBelow, type HostProject } from './hostProject.ts';
import { type CmakeStyle, cmakeStyle, editCmake, targetOf, withoutBlock } from './mcuxpressoVscode/block.ts';
import { type ListedSource, type Listing, readListing } from './mcuxpressoVscode/listing.ts';

/** What CMake itself says of a project. */
export interface CmakeOracle {
  /**
   * Absolute places of the sources that CMake compiles.
   * @returns undefined where CMake or the SDK is not there, or it fails
   */
  compiledSources(cmakeFolder: string): Promise<readonly string[] | undefined>;
}

/** A CMake file longer than this is none that somebody wrote. */
const MAX_CMAKE = 4 * 1024 * 1024;

/**
 * Reads a project of MCUXpresso for VS Code: `armgcc/CMakeLists.txt` as SDK 2.x has it, or `CMakeLists.txt` with prj.conf as
 * SDK 24.12 and later have it.
 *
 * @param folder the project, or its armgcc folder
 * @param oracle asked where the files do not tell which source defines main()
 * @returns undefined when there is no CMakeLists.txt of either kind
 * @throws UserError `input` when it is malformed
 */
export async function mcuxpressoVscodeProject(
  folder: string,
  oracle?: CmakeOracle,
): Promise<HostProject | undefined> {
  const place = path.resolve(folder);
  if (path.basename(place) === 'armgcc') return mcuxpressoVscodeProject(path.dirname(place), oracle);
  const original = await originalsOf(place);
  for (const file of ['CMakeLists.txt', 'armgcc/CMakeLists.txt']) {
    const text = (await original(file))?.toString('latin1');
    if (text === undefined || !/mcux/i.test(text)) continue;
    const shown = path.join(path.basename(place), file);
    const reader = await codeOf(place);
    const listing = await readListing(slashes(path.join(place, file)), withoutBlock(text, shown), shown, {
      code: reader.files.map((f) => slashes(path.join(place, f.path))),
      read: async (cmake) => (await readCmakeFile(place, cmake, original))?.toString('latin1'),
    });
    const style = cmakeStyle(text, listing.commands);
    if (style)
      return hostProject({ folder: place, file, shown, text, style, listing, reader, oracle }, original);
  }
  return undefined;
}

interface CmakeProject {
  readonly folder: string;
  /** Its CMakeLists.txt, relative to the folder. */
  readonly file: string;
  readonly shown: string;
  readonly text: string;
  readonly style: CmakeStyle;
  readonly listing: Listing;
  readonly reader: CodeReader;
  readonly oracle: CmakeOracle | undefined;
}

async function hostProject(
  project: CmakeProject,
  original: (name: string) => Promise<Buffer | undefined>,
): Promise<HostProject> {
  const { folder, file, shown, style, listing } = project;
  const above = path.dirname(file) === '.' ? '' : '../';
  const read = async (name: string): Promise<string> => (await original(name))?.toString('latin1') ?? '';
  const flags = (await read('armgcc/flags.cmake')) + (await read('flags.cmake'));
  const conf = await read('prj.conf');
  let code: Promise<HostCode> | undefined;
  const listed = [...listing.sources];
  return {
    kind: style,
    folder,
    boardId: boardOf(project.text),
    core: /-mcpu=cortex-(m\w{1,8})/.exec(flags)?.[1]?.replace(/^/, 'c'),
    code: () => (code ??= readCode(project, listed)),
    objects: [],
    edits: ({ network, defines, sources, exclude }) => {
      const target = targetOf(listing.commands) ?? '${MCUX_SDK_PROJECT_NAME}';
      const gone = new Set(exclude);
      const change = {
        ...{ network, defines, sources, above, style, target, listed },
        exclude: listed.filter((s) => gone.has(nameOf(folder, s))),
      };
      return new Map([[file, (cmake: string) => editCmake(cmake, shown, change)]]);
    },
    notes:
      style === 'sdk-24-cmake' && !/CONFIG_/.test(conf)
        ? ['There is no prj.conf beside CMakeLists.txt: the components come from the SDK’s board.']
        : [],
  };
}

/**
 * The project's code: what it lists, of that what can be read, and the headers beside it.
 *
 * @param listed filled with what CMake alone can tell
 * @throws UserError `input` when neither the files nor CMake tell which source defines main()
 */
async function readCode(project: CmakeProject, listed: ListedSource[]): Promise<HostCode> {
  const { folder, reader } = project;
  const found = await codeFrom(project, listed);
  if (
    found.mains.length > 0 ||
    (!project.listing.isPartial && listed.every((s) => isAtHand(s, reader, folder)))
  )
    return found;
  // the SDK's own example lies in the SDK
  const inSdk = listed.find((s) => path.posix.basename(s.path) === 'hello_world.c');
  if (inSdk) {
    const name = nameOf(folder, inSdk);
    return new HostCode([...found.files, { path: name, text: '', isBuilt: true }], name);
  }
  const compiled = await project.oracle?.compiledSources(path.join(folder, path.dirname(project.file)));
  for (const place of compiled ?? []) {
    if (!listed.some((s) => s.place === place))
      listed.push({ path: place, base: undefined, place, by: 'target' });
  }
  const asked = compiled && (await codeFrom(project, listed));
  if (asked && asked.mains.length > 0) return asked;
  throw new UserError(
    'input',
    say`${project.shown} does not tell which source has the main() that the network's takes the place of.`,
    say`List that source by its name in ${path.basename(project.file)}, or set SdkRootDirPath to NXP's SDK so that CMake can be asked.`,
  );
}

async function codeFrom(
  { folder, reader }: CmakeProject,
  listed: readonly ListedSource[],
): Promise<HostCode> {
  for (const source of listed) {
    if (source.place !== undefined && nameOf(folder, source) === source.place) {
      await reader.add(source.place, true, source.place);
    }
  }
  const built = new Set(listed.map((s) => nameOf(folder, s)));
  return new HostCode(reader.files.map((f) => ({ ...f, isBuilt: built.has(f.path) })));
}

function isAtHand(source: ListedSource, reader: CodeReader, folder: string): boolean {
  const name = nameOf(folder, source);
  return reader.files.some((f) => f.path === name);
}

/** What a listed source is called: its path in the project, else its place, else as it is listed. */
function nameOf(folder: string, { place, path: listed }: ListedSource): string {
  if (place === undefined) return listed;
  const root = `${slashes(folder)}/`;
  return place.startsWith(root) ? place.slice(root.length) : place;
}

async function codeOf(folder: string): Promise<CodeReader> {
  const reader = await CodeReader.of(folder);
  for (const file of await codeBelow(folder, new Set(['build', 'armgcc/debug', 'armgcc/release'])))
    await reader.add(file, false);
  return reader;
}

/** A CMake file of the project as it was, or one elsewhere. */
async function readCmakeFile(
  folder: string,
  file: string,
  original: (name: string) => Promise<Buffer | undefined>,
): Promise<Buffer | undefined> {
  const root = `${slashes(folder)}/`;
  if (!file.startsWith(root)) return readSmall(file, MAX_CMAKE);
  return original(file.slice(root.length)).catch(() => undefined);
}

/** Board folder of the SDK that the file refers to, such as `boards/frdmke16z/`. */
function boardOf(text: string): string | undefined {
  return /\bboards\/(\w+)\//.exec(text)?.[1] ?? /\bset\s*\(\s*board\s+"?(\w+)/i.exec(text)?.[1];
}
