import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { makeFolder } from '../common/folders.ts';
import { readSmall } from '../common/regularFile.ts';
import { slashes } from '../common/slashes.ts';
import { requireGcc, toolPath, type ToolPaths } from './find.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';

export interface CmakeSourcesOptions {
  /** NXP's SDK, whose CMake files the project includes. */
  readonly sdkRoot: string;
  readonly paths?: ToolPaths | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** Largest answer of CMake that is read, in bytes, and the time that it gets, in milliseconds. */
const MAX_REPLY = 32 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** The part of CMake's file API that lists targets, as cmake-file-api(7) has it. */
const QUERY = 'codemodel-v2';

/**
 * Sources that CMake compiles into the programs of somebody's project: it configures the project into a folder for temporary
 * files, which runs the project's CMake files as building it does, and tells by its file API.
 *
 * @param folder with CMakeLists.txt
 * @returns absolute paths with `/`; undefined where CMake or the compiler is missing, or the project cannot be configured
 * @throws UserError `cancelled`
 */
export async function cmakeSources(
  folder: string,
  { sdkRoot, paths, signal, log }: CmakeSourcesOptions,
): Promise<string[] | undefined> {
  const cmake = toolPath('cmake', paths);
  const ninja = toolPath('ninja', paths);
  const make = toolPath('make', paths);
  if (cmake === undefined || (ninja ?? make) === undefined) return undefined;
  try {
    const gcc = slashes(requireGcc(paths));
    return await withScratchFolder('cmake', async (scratch) => {
      const build = path.join(scratch.folder, 'build');
      const api = path.join(build, '.cmake', 'api', 'v1');
      await makeFolder(path.join(api, 'query'));
      await writeFile(path.join(api, 'query', QUERY), '');
      const toolchain = `${slashes(sdkRoot)}/tools/cmake_toolchain_files/armgcc.cmake`;
      const hasToolchain = (await readSmall(toolchain, MAX_REPLY)) !== undefined;
      const compiler = ['C', 'CXX', 'ASM'].flatMap((l) => [
        `-DCMAKE_${l}_COMPILER=${l === 'CXX' ? gcc.replace(/gcc(\.exe)?$/, 'g++$1') : gcc}`,
        `-DCMAKE_${l}_COMPILER_WORKS=1`,
      ]);
      const args = [
        ...[
          '-S',
          folder,
          '-B',
          build,
          '-Wno-dev',
          '-DCMAKE_BUILD_TYPE=debug',
          `-DSdkRootDirPath=${slashes(sdkRoot)}`,
        ],
        ...(ninja ? ['-G', 'Ninja', `-DCMAKE_MAKE_PROGRAM=${slashes(ninja)}`] : []),
        ...(hasToolchain
          ? [`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`]
          : ['-DCMAKE_SYSTEM_NAME=Generic', ...compiler]),
      ];
      const env = { ...scratch.env, SdkRootDirPath: sdkRoot, ARMGCC_DIR: path.dirname(path.dirname(gcc)) };
      const run = { cwd: scratch.folder, env, signal, log, timeoutMs: TIMEOUT_MS, wholeTree: true };
      const { exitCode } = await runTool(cmake, args, run);
      return exitCode === 0 ? await readReply(path.join(api, 'reply'), folder) : undefined;
    });
  } catch (e) {
    if (e instanceof UserError && e.code !== 'cancelled') return undefined;
    throw e;
  }
}

/** What CMake says of its targets' sources. */
interface Target {
  readonly type?: string;
  readonly sources?: readonly { readonly path?: string; readonly compileGroupIndex?: number }[];
}

async function readReply(folder: string, source: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((n) => n.startsWith('target-') && n.endsWith('.json'));
  const found = new Set<string>();
  for (const name of names) {
    const bytes = await readSmall(path.join(folder, name), MAX_REPLY);
    const target = JSON.parse(bytes?.toString('utf8') ?? '{}') as Target;
    if (!/^(EXECUTABLE|OBJECT_LIBRARY)$/.test(target.type ?? '')) continue;
    for (const { path: file, compileGroupIndex } of target.sources ?? []) {
      if (file !== undefined && compileGroupIndex !== undefined)
        found.add(slashes(path.resolve(source, file)));
    }
  }
  return [...found];
}
