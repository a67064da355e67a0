import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/**
 * Longest that a process is believed to run whose start nobody can tell, in milliseconds: its id may be another's by then. Work
 * of ours takes minutes.
 */
const LONGEST_WORK_MS = 24 * 3600 * 1000;

/**
 * What tells this process from all others that had or will have its id, for names of files: the id, and where the system tells
 * them (Linux) when it started, in ticks since the computer did, and its room of process ids, for a container has its own.
 */
export function processMark(): string {
  return [process.pid, startOf(process.pid), ROOM].filter((part) => part !== undefined).join('.');
}

/** A regular expression's text that a mark fits. */
export const MARK = '\\d+(?:\\.\\d+\\.\\d+)?';

/**
 * Whether the process that left a mark may run still.
 *
 * @param writtenMs when it was last known to, in milliseconds since 1970
 * @param longestMs how long it may have been silent where its start cannot be told
 */
export function mayRun(mark: string, writtenMs: number, longestMs = LONGEST_WORK_MS): boolean {
  const [id, start, room] = mark.split('.');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (writtenMs < Date.now() - os.uptime() * 1000) return false; // before this computer started
  const isRecent = writtenMs > Date.now() - longestMs;
  if (room !== undefined && room !== ROOM) return isRecent; // its ids say nothing here
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined ? isRecent : start === now;
}

/** Whether a process with this id runs, be it ours or another user's. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Number of the room of process ids that this process is in; undefined where the system has none, or does not say. */
const ROOM = roomOfIds();

function roomOfIds(): string | undefined {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
  } catch {
    return undefined;
  }
}

/** When a process started, in ticks since the computer did: field 22 of proc(5)'s stat. Undefined where it is not told. */
function startOf(pid: number): string | undefined {
  if (ROOM === undefined) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the second field is the program's name in brackets, which may hold anything
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
  } catch {
    return undefined;
  }
}
