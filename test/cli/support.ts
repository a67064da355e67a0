import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommandLine } from '../../extension/cli/program.ts';
import type { Terminal } from '../../extension/cli/terminal.ts';
import { productRoot } from '../../extension/common/resources.ts';

export const mnist = path.join(productRoot, 'examples', 'mnist');
export const model = path.join(mnist, 'mnist.onnx');
export const sample = path.join(mnist, 'samples', '0000_7.png');
export const calibration = path.join(mnist, 'calibration');

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps what was said on it. */
export function listening(): { readonly terminal: Terminal; said(): Pick<CommandResult, 'out' | 'err'> } {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    interactive: false,
    columns: 80,
  };
  return { terminal, said: () => ({ out, err }) };
}

/** Runs a command line in this process, in a folder. */
export async function glowport(folder: string, ...args: string[]): Promise<CommandResult> {
  const { terminal, said } = listening();
  const before = process.cwd();
  process.chdir(folder);
  try {
    const code = await runCommandLine(args, terminal, new AbortController().signal);
    return { code, ...said() };
  } finally {
    process.chdir(before);
  }
}

/** Runs a command line as a process of its own (`npm run build` first), and sends SIGINT as soon as its progress contains `when`. */
export function interrupted(folder: string, when: string, ...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [path.join(productRoot, 'dist', 'cli.cjs'), ...args], {
    cwd: folder,
  });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (d) => (out += String(d)));
    child.stderr.on('data', (d) => {
      const before = err.includes(when);
      err += String(d);
      if (!before && err.includes(when)) child.kill('SIGINT');
    });
    const tooLong = setTimeout(() => child.kill('SIGKILL'), 300_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(tooLong);
      resolve({ code: code ?? -1, out, err });
    });
  });
}

/** A new folder, removed by `dispose`; `left` says what is in it. */
export async function temporaryFolder(): Promise<{
  readonly path: string;
  readonly left: () => Promise<string[]>;
  readonly dispose: () => Promise<void>;
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glowport-cli-'));
  return {
    path: folder,
    left: async () => (await readdir(folder)).sort(),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
