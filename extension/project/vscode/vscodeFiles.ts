import { clangdConfiguration, compileFlags, cppProperties } from './intelliSense.ts';
import { launchConfigurations } from './launch.ts';
import type { VscodeProject } from './place.ts';
import { tasks } from './tasks.ts';

/** This extension, as VS Code names it. */
const OURS = 'glowport.glowport';

/**
 * Files that make a project one of VS Code's: tasks, launch configurations, settings and recommended extensions, and what
 * IntelliSense and clangd need. Nothing in them runs by itself when the folder is opened. Pure.
 */
export function vscodeFiles(project: VscodeProject): Map<string, string> {
  const { plan } = project;
  const recommendations = [
    OURS,
    'ms-vscode.cpptools',
    ...(plan.sdk ? ['NXPSemiconductors.mcuxpresso', 'marus25.cortex-debug'] : []),
  ];
  return new Map([
    ['.vscode/tasks.json', json({ version: '2.0.0', tasks: tasks(project) })],
    ['.vscode/launch.json', json({ version: '0.2.0', configurations: launchConfigurations(project) })],
    ['.vscode/c_cpp_properties.json', json(cppProperties(project))],
    ['.vscode/settings.json', json(SETTINGS)],
    ['.vscode/extensions.json', json({ recommendations })],
    ['.clangd', clangdConfiguration()],
    ['compile_flags.txt', compileFlags(plan)],
  ]);
}

const SETTINGS = {
  // CMake Tools would run CMake as soon as the folder is opened
  'cmake.configureOnOpen': false,
};

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
