import type { BoardData } from '../../board/catalogue.ts';
import {
  BUILD,
  elfOf,
  GDB_PORT,
  isSimulated,
  START_FOLDER,
  TASKS,
  type VscodeProject,
  WORKSPACE,
} from './place.ts';
import { PROBLEM_MATCHERS } from './problemMatchers.ts';

/** A task of tasks.json that starts one program, without a shell. */
interface Task {
  readonly label: string;
  readonly type: 'process';
  readonly command: string;
  readonly args: readonly string[];
  readonly [more: string]: unknown;
}

/** The tasks of a project: build, clean, and what its board can do with the firmware. Pure. */
export function tasks(project: VscodeProject): Task[] {
  return [
    ...buildTasks(project),
    ...(project.plan.sdk ? flashTasks(project) : []),
    ...(isSimulated(project.board) ? [debugServer(project)] : []),
  ];
}

function task(label: string, command: string, args: readonly string[], more: object = {}): Task {
  return {
    label,
    type: 'process',
    command,
    args,
    options: { cwd: START_FOLDER },
    problemMatcher: [],
    ...more,
  };
}

function buildTasks({ plan }: VscodeProject): Task[] {
  const reporting = { problemMatcher: PROBLEM_MATCHERS };
  return [
    // what CMakePresets.json says, but no CMakeUserPresets.json is read
    task(TASKS.configure, 'cmake', [
      ...['-S', WORKSPACE, '-B', BUILD, '-G', 'Ninja'],
      `-DCMAKE_TOOLCHAIN_FILE=${WORKSPACE}/toolchain.cmake`,
    ]),
    task(TASKS.build, 'cmake', ['--build', BUILD], {
      dependsOn: TASKS.configure,
      group: { kind: 'build', isDefault: true },
      ...reporting,
    }),
    ...(plan.sdk
      ? []
      : [task(TASKS.buildWithoutCmake, 'sh', [`${WORKSPACE}/build.sh`], { group: 'build', ...reporting })]),
    task(TASKS.clean, 'cmake', ['-E', 'rm', '-rf', BUILD]),
  ];
}

/** Writes the firmware into a real board's flash, with each tool that can. */
function flashTasks({ board, plan }: VscodeProject): Task[] {
  const { openocd, pyocd, linkserver } = board.flashTools;
  const elf = elfOf(plan);
  const flash = (label: string, command: string, args: readonly string[], env?: object): Task =>
    task(`Flash with ${label}`, command, args, {
      options: { cwd: START_FOLDER, ...(env ? { env } : {}) },
      dependsOn: TASKS.build,
    });
  return [
    ...(linkserver ? [flash('LinkServer', 'LinkServer', ['flash', linkserver, 'load', elf])] : []),
    ...(pyocd ? [flash('pyOCD', 'pyocd', ['flash', '--no-wait', '--target', pyocd, elf])] : []),
    ...(openocd
      ? [
          flash(
            'OpenOCD',
            'openocd',
            [
              ...['-f', 'interface/cmsis-dap.cfg', '-c', 'transport select swd', '-f', openocd],
              // a folder's name may hold what Tcl reads as its own: it is given as a value, the file relative to it
              ...[
                '-c',
                'cd [env GLOWPORT_PROJECT]',
                '-c',
                `program {build/${plan.name}.elf} verify reset exit`,
              ],
            ],
            { GLOWPORT_PROJECT: WORKSPACE },
          ),
        ]
      : []),
  ];
}

/** An expression that matches nothing. */
const NEVER = '(?!)()()';

/** Switches a simulated board on for a debugger: GlowPort's command line. Its line for GDB says that it is ready. */
function debugServer({ board, plan }: VscodeProject): Task {
  return task(TASKS.debugServer, 'glowport', debugServerArgs(board, elfOf(plan), GDB_PORT), {
    dependsOn: TASKS.build,
    isBackground: true,
    problemMatcher: {
      owner: 'glowport-debug',
      // no line is a problem: what follows is what the board prints
      pattern: { regexp: NEVER, file: 1, message: 2 },
      background: { activeOnStart: true, beginsPattern: NEVER, endsPattern: 'target extended-remote :\\d+' },
    },
  });
}

/** Arguments of `glowport debug`. @param port of this computer; a free one without */
export function debugServerArgs({ id }: BoardData, elf: string, port?: number): string[] {
  return ['debug', elf, '--board', id, ...(port === undefined ? [] : ['--gdb-port', String(port)])];
}
