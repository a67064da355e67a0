/** Numbers as people read them. No DOM and no vscode: pages and their hosts print the same, each in its reader's language. */
const ENGLISH = 'en-US';

/** Bytes in KB (1024) or MB with as many decimals as help: `1.6 KB`, `64 KB`, `16 MB`, `812 B`. */
export function formatBytes(bytes: number, language = ENGLISH): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${decimals(bytes / 1024, language)} KB`;
  return `${decimals(bytes / 1024 / 1024, language)} MB`;
}

/** Bytes where the exact number matters: exact up to 9,999, then in KB (1,024 bytes) or MB with one decimal. */
export function bytesText(bytes: number, language = ENGLISH): string {
  if (bytes < 10_000) return `${bytes.toLocaleString(language)} B`;
  if (bytes < 1024 * 1024) return `${fixed(bytes / 1024, 1, language)} KB`;
  return `${fixed(bytes / (1024 * 1024), 1, language)} MB`;
}

/** An address with all eight digits. */
export function addressText(address: number): string {
  return `0x${address.toString(16).padStart(8, '0').toUpperCase()}`;
}

/** Microseconds as `850 µs`, `13.5 ms`, `1.2 s`. */
export function formatTime(us: number, language = ENGLISH): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${decimals(us / 1000, language)} ms`;
  return `${decimals(us / 1_000_000, language)} s`;
}

/** Hertz as `48 MHz`. */
export function formatClock(hz: number, language = ENGLISH): string {
  return `${decimals(hz / 1e6, language)} MHz`;
}

/** One decimal below 100, none when it would be 0. */
function decimals(value: number, language: string): string {
  const rounded = value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  return rounded.toLocaleString(language, { useGrouping: false });
}

/** With as many decimals in any case. */
export function fixed(value: number, decimals: number, language = ENGLISH): string {
  return value.toLocaleString(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: false,
  });
}
