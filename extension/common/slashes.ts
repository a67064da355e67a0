/** A path with `/` on every system, as CMake, the compiler and projects write them. */
export function slashes(file: string): string {
  return file.replace(/\\/g, '/');
}
