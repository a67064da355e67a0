/**
 * Foreign text that may stand inside a C comment: one line of printable ASCII that neither ends nor starts a comment, with no
 * line splice and no trigraph.
 */
export function commentSafe(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/\\/g, '/')
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ')
    .replace(/\?(?=\?)/g, '? ');
}
