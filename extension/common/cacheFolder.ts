import os from 'node:os';
import path from 'node:path';

/** Where what is kept between runs lies, by this system's custom. */
export function defaultCacheFolder(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = os.homedir(),
): string {
  if (platform === 'win32') {
    return path.win32.join(env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local'), 'glowport');
  }
  const base =
    platform === 'darwin' ? path.posix.join(home, 'Library', 'Caches') : path.posix.join(home, '.cache');
  return path.posix.join(env['XDG_CACHE_HOME'] || base, 'glowport');
}
