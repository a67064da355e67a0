import type { Bundle } from '../../../extension/bundle/bundle.ts';
import { classicProject, componentProject } from './cmakeProjects.ts';
import { helloWorld } from './projects.ts';

/* CMake projects of our own making that keep their main() where their CMakeLists.txt does not name it. */

export interface CmakeTrait {
  readonly title: string;
  readonly style: 'sdk-2-cmake' | 'sdk-24-cmake';
  /** Only CMake can tell. */
  readonly needsCmake?: boolean;
  readonly make: (bundle: Bundle) => { sdk: Record<string, string>; project: Record<string, string> };
}

const main = helloWorld(['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()']);
const other = 'int other(void)\n{\n    return 1;\n}\n';

/** A project of SDK 2.x with this in the place of its main file in add_executable, and these files. */
function classic(
  bundle: Bundle,
  listed: string,
  files: Record<string, string>,
  before = '',
  after = '',
): ReturnType<typeof classicProject> {
  const { sdk, project } = classicProject(bundle);
  const rest = Object.fromEntries(Object.entries(project).filter(([name]) => name !== 'hello_world.c'));
  const cmake = project['armgcc/CMakeLists.txt']!.replace(
    '"${ProjDirPath}/../hello_world.c"',
    listed,
  ).replace('add_executable(', `${before}\nadd_executable(`);
  return { sdk, project: { ...rest, ...files, 'armgcc/CMakeLists.txt': cmake + after } };
}

export const CMAKE_TRAITS: readonly CmakeTrait[] = [
  {
    title: 'sources in an included file, behind add_executable',
    style: 'sdk-2-cmake',
    make: (bundle) =>
      classic(
        bundle,
        '',
        {
          'src/main.c': main,
          'src/other.c': other,
          'armgcc/all_sources.cmake':
            'target_sources(${MCUX_SDK_PROJECT_NAME} PRIVATE\n  ${ProjDirPath}/../src/main.c\n  ${ProjDirPath}/../src/other.c)\n',
        },
        '',
        'if(TRUE)\n  include(all_sources.cmake)\nendif()\n',
      ),
  },
  {
    title: 'a list in a variable, made of others, from a subdirectory',
    style: 'sdk-2-cmake',
    make: (bundle) =>
      classic(
        bundle,
        '${ALL_SOURCES}',
        {
          'app/start.c': main,
          'app/lib/main.c': 'int libraryMain;\n',
          'armgcc/lists/sources.cmake':
            'set(APP_DIR ${ProjDirPath}/../app)\nlist(APPEND ALL_SOURCES ${APP_DIR}/start.c "${APP_DIR}/lib/main.c")\n',
        },
        'include(${CMAKE_CURRENT_LIST_DIR}/lists/sources.cmake)\nset(ALL_SOURCES ${ALL_SOURCES})',
      ),
  },
  {
    title: 'a glob over the folder that the port writes to',
    style: 'sdk-2-cmake',
    make: (bundle) =>
      classic(
        bundle,
        '${APP}',
        { 'source/program.c': main, 'source/other.c': other },
        'file(GLOB_RECURSE APP CONFIGURE_DEPENDS "${ProjDirPath}/../source/*.c")',
      ),
  },
  {
    title: 'what only CMake can tell: a list that a function makes',
    style: 'sdk-2-cmake',
    needsCmake: true,
    make: (bundle) =>
      classic(
        bundle,
        '${FOUND}',
        { 'src/program.c': main, 'src/other.c': other },
        'function(collect out)\n  foreach(name program other)\n    list(APPEND all "${ProjDirPath}/../src/${name}.c")\n  endforeach()\n  set(${out} ${all} PARENT_SCOPE)\nendfunction()\ncollect(FOUND)',
      ),
  },
  {
    title: 'SDK 24.12 with a glob of its own, and an included file',
    style: 'sdk-24-cmake',
    make: (bundle) => {
      const { sdk, project } = componentProject(bundle);
      const cmake = project['CMakeLists.txt']!.replace(/mcux_add_source\([^)]*\)/, 'include(app.cmake)');
      return {
        sdk,
        project: {
          ...project,
          'CMakeLists.txt': cmake,
          'app.cmake': 'set(PARTS src/program.c src/other.c)\nmcux_add_source(\n    SOURCES ${PARTS}\n)\n',
          'src/program.c': main,
          'src/other.c': other,
        },
      };
    },
  },
];
