/**
 * What MCUXpresso for VS Code knows a project of its own by: a CMake project without parts of its making, as those are that NXP
 * publishes itself (`nxp-mcuxpresso/nxp-vee-imxrt1170-evk`). Pure.
 *
 * Where the toolchain is, is left open: that differs between computers, and the extension asks and remembers it. It names no
 * SDK either, for CMakeLists.txt finds that; the debugger's device is in launch.json.
 *
 * @param name the project's, in the list of projects
 * @returns the text of `.vscode/mcuxpresso-tools.json`
 */
export function mcuxpressoTools(name: string): string {
  const project = {
    version: '25.3',
    toolchainPath: '',
    linkedProjects: [],
    trustZoneType: 'none',
    multicoreType: 'none',
    projectType: 'cmake-freestanding',
    projectName: name,
  };
  return `${JSON.stringify(project, null, 2)}\n`;
}
