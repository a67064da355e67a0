import { spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Ends a process and all that it has started. On Windows the tree is found by its root, so the root must still run: nothing
 * else may end it first. Elsewhere the process must lead a group of its own (`detached`).
 *
 * @param taskkill path of Windows' tool
 * @returns when the order has been carried out; whether it was, false where the tree was gone or could not be ended
 */
export function endProcessTree(
  pid: number,
  platform: NodeJS.Platform = process.platform,
  taskkill: string = systemTaskkill(),
): Promise<boolean> {
  if (platform !== 'win32') {
    try {
      process.kill(-pid, 'SIGKILL');
      return Promise.resolve(true);
    } catch {
      return Promise.resolve(false); // it has ended already
    }
  }
  return new Promise((resolve) => {
    const child = spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

/** By its whole path: a taskkill.exe in the working folder or in PATH is not trusted. */
function systemTaskkill(): string {
  return path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
}
