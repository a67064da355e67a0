import type { BuildPlan } from '../../board/buildPlan.ts';
import { BUILD, type VscodeProject, WORKSPACE } from './place.ts';

/** Flags of gcc that clang refuses. */
const NOT_OF_CLANG = ['-fno-tree-loop-distribute-patterns'];

/**
 * .vscode/c_cpp_properties.json for Microsoft's C/C++: the flags are those that a build leaves in compile_commands.json; before
 * there is one, and for files that it does not have, the plan's own. Pure.
 */
export function cppProperties({ board, plan }: VscodeProject): object {
  return {
    version: 4,
    configurations: [
      {
        name: board.name,
        compileCommands: `${BUILD}/compile_commands.json`,
        compilerPath: 'arm-none-eabi-gcc',
        compilerArgs: board.compile.cpuFlags,
        includePath: plan.includeDirs.map((folder) => `${WORKSPACE}/${folder}`),
        defines: plan.defines,
        cStandard: 'gnu99',
        intelliSenseMode: 'gcc-arm',
      },
    ],
  };
}

/** .clangd: what clangd has to know of a compile_commands.json that gcc's flags stand in. */
export function clangdConfiguration(): string {
  return [
    '# clangd finds build/compile_commands.json by itself; before the first build it takes compile_flags.txt.',
    'CompileFlags:',
    '  Add: --target=arm-none-eabi',
    `  Remove: [${NOT_OF_CLANG.join(', ')}]`,
    '',
  ].join('\n');
}

/** compile_flags.txt, which clangd reads where there is no compile_commands.json yet: folders are relative to it. Pure. */
export function compileFlags({ cFlags, includeDirs, defines }: BuildPlan): string {
  const flags = [
    ...cFlags.filter((flag) => !NOT_OF_CLANG.includes(flag)),
    ...defines.map((define) => `-D${define}`),
    ...includeDirs.map((folder) => `-I${folder}`),
  ];
  return `${flags.join('\n')}\n`;
}
