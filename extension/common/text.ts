/** A text file's text: UTF-16 where its byte order mark says so, as Notepad and PowerShell write it, else UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const mark = bytes.length < 2 ? 0 : bytes[0]! * 256 + bytes[1]!;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes); // takes the mark away
}
