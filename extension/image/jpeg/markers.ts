/** Codes of markers (T.81, table B.1) without their first byte, 0xff. */
export const RST0 = 0xd0;
const RST7 = 0xd7;

/** Whether a marker stands between two restart intervals of a scan. */
export function isRestart(code: number): boolean {
  return code >= RST0 && code <= RST7;
}

/** A marker, and where what follows it begins. */
export interface Marker {
  readonly code: number;
  readonly at: number;
}

/** The first marker from `at` on; what stands before it is passed over, as libjpeg does. Undefined at the file's end. */
export function nextMarker(bytes: Uint8Array, at: number): Marker | undefined {
  for (let from = bytes.indexOf(0xff, at); from >= 0; from = bytes.indexOf(0xff, from)) {
    while (bytes[from] === 0xff) from++;
    const code = bytes[from++];
    if (code === undefined) return undefined;
    if (code !== 0) return { code, at: from };
  }
  return undefined;
}
