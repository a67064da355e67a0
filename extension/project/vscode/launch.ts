import { elfOf, GDB_PORT, isSimulated, START_FOLDER, TASKS, type VscodeProject, WORKSPACE } from './place.ts';
import { debugServerArgs } from './tasks.ts';

/** gdb then runs no script beside the firmware, nor a .gdbinit where it is started; the user's own it does. */
const GDB_LOADS_NOTHING = 'set auto-load no';
/** Debian's gdb for Arm; elsewhere it is a part of the compiler's package. */
const GDB_OF_DEBIAN = 'gdb-multiarch';

/** An entry of launch.json. */
interface LaunchConfiguration {
  readonly name: string;
  readonly type: string;
  readonly request: 'launch';
  /** Of Cortex-Debug: what drives the board. */
  readonly servertype?: string;
  readonly [more: string]: unknown;
}

/**
 * The launch configurations of a project, on the simulated board, and on the real one
 * where the firmware is made for it. Pure.
 */
export function launchConfigurations(project: VscodeProject): LaunchConfiguration[] {
  return [
    ...(isSimulated(project.board) ? onSimulatedBoard(project) : []),
    ...(project.plan.sdk ? onBoard(project) : []),
  ];
}

function onSimulatedBoard({ board, plan }: VscodeProject): LaunchConfiguration[] {
  const program = elfOf(plan);
  const name = `Debug on simulated ${board.name}`;
  // the board, too, is told to begin again: GDB remembers registers
  const reset = ['monitor reset', 'maintenance flush register-cache'];
  return [
    {
      ...cortexDebug(`${name} (Cortex-Debug)`, program, 'external'),
      gdbTarget: `localhost:${GDB_PORT}`,
      linux: { gdbPath: GDB_OF_DEBIAN },
      overrideLaunchCommands: ['load', ...reset],
      overrideResetCommands: reset,
      preLaunchTask: TASKS.debugServer,
    },
    {
      name: `${name} (CDT GDB)`,
      type: 'gdbtarget',
      request: 'launch',
      cwd: START_FOLDER,
      program,
      gdb: 'arm-none-eabi-gdb',
      linux: { gdb: GDB_OF_DEBIAN },
      gdbArguments: ['-iex', GDB_LOADS_NOTHING],
      target: {
        type: 'extended-remote',
        host: 'localhost',
        server: 'glowport',
        serverParameters: debugServerArgs(board, program),
        serverPortRegExp: 'target extended-remote :(\\d+)',
      },
      initCommands: ['tbreak main'],
      customResetCommands: reset,
      preLaunchTask: TASKS.build,
    },
  ];
}

/** With Cortex-Debug by each probe's server that knows the board, and with MCUXpresso for VS Code, which builds by the presets. */
function onBoard({ board, plan, semihosting = false }: VscodeProject): LaunchConfiguration[] {
  const elf = elfOf(plan);
  const { openocd, pyocd, jlink, linkserver } = board.flashTools;
  const debug = (label: string, servertype: string, more: object): LaunchConfiguration => ({
    ...cortexDebug(`Debug ${board.name} (Cortex-Debug, ${label})`, elf, servertype),
    interface: 'swd',
    preLaunchTask: TASKS.build,
    ...more,
  });
  const answering = (command: string): object => (semihosting ? { postLaunchCommands: [command] } : {});
  return [
    ...(openocd
      ? [
          debug('OpenOCD', 'openocd', {
            configFiles: ['interface/cmsis-dap.cfg', openocd],
            ...answering('monitor arm semihosting enable'),
          }),
        ]
      : []),
    ...(pyocd
      ? [
          debug('pyOCD', 'pyocd', {
            targetId: pyocd,
            ...(semihosting ? { serverArgs: ['--semihosting'] } : {}),
          }),
        ]
      : []),
    ...(jlink
      ? [debug('J-Link', 'jlink', { device: jlink, ...answering('monitor semihosting enable') })]
      : []),
    {
      name: `Debug ${board.name} (MCUXpresso)`,
      type: 'mcuxpresso-debug',
      request: 'launch',
      cwd: WORKSPACE,
      executable: { elf },
      stopAtSymbol: 'main',
      isAttach: false,
      // it builds by itself, with the toolchain that it manages
      skipBuildBeforeDebug: false,
      probeSerialNumber: '',
      gdbInitCommands: [GDB_LOADS_NOTHING, 'set remotetimeout 600'],
      // the probe's firmware decides which of them is used
      gdbServerConfigs: {
        linkserver: linkserver ? { device: linkserver } : {},
        segger: jlink ? { device: jlink } : {},
        pemicro: {},
      },
    },
  ];
}

function cortexDebug(name: string, executable: string, servertype: string): LaunchConfiguration {
  return {
    name,
    type: 'cortex-debug',
    request: 'launch',
    cwd: START_FOLDER,
    executable,
    debuggerArgs: ['-iex', GDB_LOADS_NOTHING],
    servertype,
    runToEntryPoint: 'main',
  };
}
