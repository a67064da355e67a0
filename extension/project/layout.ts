/**
 * Where a file of a bundle stands in a generated project, with `/`: in source/ what firmware is built from (NAME.c, NAME.h
 * and NAME.weights.txt), in bundle/ all others. Each stands once; together they are the whole bundle.
 */
export function placeInProject(file: string): string {
  return `${/\.(c|h|weights\.txt)$/.test(file) ? 'source' : BUNDLE_FOLDER}/${file}`;
}

/** Folder of a generated project with those files of the bundle that its firmware is not built from. */
export const BUNDLE_FOLDER = 'bundle';
