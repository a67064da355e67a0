import type { BoardData } from '../board/catalogue.ts';

/**
 * Where all programs are started: what lies in a project's folder may have come from anybody, and they run what they find where
 * they are started (interface/*.cfg, pyocd_user.py, .gdbinit, on Windows also programs). The project is given in full.
 */
const START_FOLDER = '${userHome}';
/** gdb then runs no script beside the firmware, nor a .gdbinit where it is started; the user's own it does. */
const GDB_LOADS_NOTHING = 'set auto-load no';

/**
 * VS Code's files for a project of its own: build with problem matcher, flash with each tool that can, debug with Cortex-Debug
 * (marus25.cortex-debug) or MCUXpresso for VS Code (NXPSemiconductors.mcuxpresso), which builds by the presets. Pure.
 * @param semihosting the debugger answers the firmware's semihosting calls (MCUXpresso's does always)
 */
export function vscodeFiles(board: BoardData, name: string, semihosting = false): Map<string, string> {
  const build = '${workspaceFolder}/build';
  const elf = `${build}/${name}.elf`;
  const { openocd, pyocd, jlink, linkserver } = board.flashTools;
  const cmake = (label: string, args: readonly string[], more: object): object => ({
    label,
    type: 'process',
    command: 'cmake',
    args,
    options: { cwd: START_FOLDER },
    ...more,
  });
  const flash = (label: string, command: string, args: readonly string[], env?: object): object => ({
    label: `Flash with ${label}`,
    type: 'process',
    command,
    args,
    options: { cwd: START_FOLDER, ...(env ? { env } : {}) },
    dependsOn: 'Build',
    problemMatcher: [],
  });
  const tasks = [
    // what CMakePresets.json says, but no CMakeUserPresets.json is read
    cmake(
      'Configure',
      [
        ...['-S', '${workspaceFolder}', '-B', build, '-G', 'Ninja'],
        '-DCMAKE_TOOLCHAIN_FILE=${workspaceFolder}/toolchain.cmake',
      ],
      { problemMatcher: [] },
    ),
    cmake('Build', ['--build', build], {
      dependsOn: 'Configure',
      group: { kind: 'build', isDefault: true },
      problemMatcher: ['$gcc'],
    }),
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
              ...['-c', 'cd [env GLOWPORT_PROJECT]', '-c', `program {build/${name}.elf} verify reset exit`],
            ],
            { GLOWPORT_PROJECT: '${workspaceFolder}' },
          ),
        ]
      : []),
  ];
  const debug = (label: string, servertype: string, more: object): object => ({
    name: `Debug ${board.name} (Cortex-Debug, ${label})`,
    type: 'cortex-debug',
    request: 'launch',
    cwd: START_FOLDER,
    executable: elf,
    debuggerArgs: ['-iex', GDB_LOADS_NOTHING],
    servertype,
    interface: 'swd',
    runToEntryPoint: 'main',
    preLaunchTask: 'Build',
    ...more,
  });
  const answering = (command: string): object => (semihosting ? { postLaunchCommands: [command] } : {});
  const configurations = [
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
      cwd: '${workspaceFolder}',
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
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['.vscode/tasks.json', json({ version: '2.0.0', tasks })],
    ['.vscode/launch.json', json({ version: '0.2.0', configurations })],
    [
      '.vscode/extensions.json',
      json({ recommendations: ['NXPSemiconductors.mcuxpresso', 'marus25.cortex-debug'] }),
    ],
  ]);
}
