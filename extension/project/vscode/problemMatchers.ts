/**
 * What gcc and the linker say about places in sources, for VS Code's Problems. Its own `$gcc` comes with Microsoft's C/C++
 * extension, which not everybody has. CMake names files in full, the build script from the project's folder.
 */
export const PROBLEM_MATCHERS = [
  matcher('gcc', {
    // a drive's colon belongs to the file
    regexp: '^((?:[A-Za-z]:)?[^:]+):(\\d+):(\\d+): (?:fatal )?(error|warning|note): (.*)$',
    ...{ file: 1, line: 2, column: 3, severity: 4, message: 5 },
  }),
  matcher('ld', {
    // the linker's own name and the object may stand before it
    regexp:
      '^(?:.*ld(?:\\.bfd)?(?:\\.exe)?: )?(?:(?:[A-Za-z]:)?[^:]+\\.o(?:bj)?:)?((?:[A-Za-z]:)?[^:]+):(\\d+): ((?:undefined reference|multiple definition) .*)$',
    ...{ file: 1, line: 2, message: 3 },
  }),
] as const;

function matcher(source: string, pattern: object): object {
  return {
    owner: `glowport-${source}`,
    source,
    fileLocation: ['autoDetect', '${workspaceFolder}'],
    severity: 'error',
    pattern,
  };
}
