import type { BoardData } from '../board/catalogue.ts';

/**
 * VS Code's files for a project of its own: build with problem matcher, flash with each tool that can, debug with Cortex-Debug
 * (marus25.cortex-debug) or MCUXpresso for VS Code (NXPSemiconductors.mcuxpresso). Pure.
 * @param semihosting the debugger answers the firmware's semihosting calls (MCUXpresso's does always)
 */
export function vscodeFiles(board: BoardData, name: string, semihosting = false): Map<string, string> {
  const elf = `\${workspaceFolder}/build/${name}.elf`;
  const { openocd, pyocd, jlink, linkserver } = board.flashTools;
  const cmake = (label: string, args: readonly string[], more: object): object => ({
    label,
    type: 'process',
    command: 'cmake',
    args,
    options: { cwd: '${workspaceFolder}' },
    ...more,
  });
  const flash = (label: string, command: string, args: readonly string[]): object => ({
    label: `Flash with ${label}`,
    type: 'process',
    command,
    args,
    options: { cwd: '${workspaceFolder}' },
    dependsOn: 'Build',
    problemMatcher: [],
  });
  const tasks = [
    cmake('Configure', ['--preset', 'default'], { problemMatcher: [] }),
    cmake('Build', ['--build', '--preset', 'default'], {
      dependsOn: 'Configure',
      group: { kind: 'build', isDefault: true },
      problemMatcher: ['$gcc'],
    }),
    ...(linkserver ? [flash('LinkServer', 'LinkServer', ['flash', linkserver, 'load', elf])] : []),
    ...(pyocd ? [flash('pyOCD', 'pyocd', ['flash', '--no-wait', '--target', pyocd, elf])] : []),
    ...(openocd
      ? [
          flash('OpenOCD', 'openocd', [
            ...['-f', 'interface/cmsis-dap.cfg', '-c', 'transport select swd', '-f', openocd],
            // relative, for a folder's name may hold what Tcl reads as its own
            ...['-c', `program {build/${name}.elf} verify reset exit`],
          ]),
        ]
      : []),
  ];
  const debug = (label: string, servertype: string, more: object): object => ({
    name: `Debug ${board.name} (Cortex-Debug, ${label})`,
    type: 'cortex-debug',
    request: 'launch',
    cwd: '${workspaceFolder}',
    executable: elf,
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
      executable: elf,
      stopAtSymbol: 'main',
      isAttach: false,
      probeSerialNumber: '',
      gdbInitCommands: ['set remotetimeout 600'],
      // the probe's firmware decides which of them is used
      gdbServerConfigs: {
        linkserver: linkserver ? { device: linkserver } : {},
        segger: jlink ? { device: jlink } : {},
        pemicro: {},
      },
      preLaunchTask: 'Build',
    },
  ];
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['.vscode/tasks.json', json({ version: '2.0.0', tasks })],
    ['.vscode/launch.json', json({ version: '0.2.0', configurations })],
    ['.vscode/extensions.json', json({ recommendations: ['marus25.cortex-debug'] })],
  ]);
}
