/** Numbers as people read them. No DOM and no vscode: pages and their hosts print the same. */

/** Bytes in KB (1024) or MB with as many decimals as help: `1.6 KB`, `64 KB`, `16 MB`, `812 B`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${decimals(bytes / 1024)} KB`;
  return `${decimals(bytes / 1024 / 1024)} MB`;
}

/** Bytes where the exact number matters: exact up to 9,999, then in KB (1,024 bytes) or MB with one decimal. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toLocaleString('en-US')} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

/** An address with all eight digits. */
export function addressText(address: number): string {
  return `0x${address.toString(16).padStart(8, '0').toUpperCase()}`;
}

/** Microseconds as `850 µs`, `13.5 ms`, `1.2 s`. */
export function formatTime(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${decimals(us / 1000)} ms`;
  return `${decimals(us / 1_000_000)} s`;
}

/** Hertz as `48 MHz`. */
export function formatClock(hz: number): string {
  return `${decimals(hz / 1e6)} MHz`;
}

/** One decimal below 100, none when it would be 0. */
function decimals(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
