import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { type RunResult, runTool } from '../toolchain/run.ts';
import { temporaryFilesIn } from '../toolchain/scratch.ts';
import type { GlowToolName, GlowTools } from './find.ts';
import { NoiseFolder } from './noise.ts';

export interface GlowRunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
  /** Milliseconds a tool gets; default 15 minutes. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

/**
 * Runs one of Glow's tools in a folder, into which its temporary files and logs go too. A crash is a result (exit code 134 and
 * so on); its output is logged without the harmless part.
 * @param cpu the processor asked for, whose being unknown is no noise
 * @throws UserError `toolchain` when it cannot be started, hangs, is killed or prints without end; `cancelled`
 */
export async function runGlow(
  tools: GlowTools,
  tool: GlowToolName,
  args: readonly string[],
  folder: string,
  options: GlowRunOptions & { readonly cpu?: string } = {},
): Promise<RunResult> {
  const [program, ...first] = tools.commands[tool].map((w) => w.replaceAll('{folder}', folder));
  const noise = new NoiseFolder(options.log ?? (() => undefined), options.cpu);
  options.log?.([program!, ...first, ...args].join(' '));
  try {
    return await runTool(program!, [...first, ...args], {
      cwd: folder,
      // image-classifier logs every run there
      env: temporaryFilesIn(folder),
      signal: options.signal,
      log: (line) => noise.push(line),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      whenMissing: { do: 'correctToolPlace', of: 'glow' },
      wholeTree: true,
      crashIsResult: true,
    });
  } catch (e) {
    const isWrapped = first.length > 0 || path.parse(program!).name !== tool;
    throw isWrapped && e instanceof UserError && e.code === 'toolchain' ? named(e, tool) : e;
  } finally {
    noise.end();
  }
}

/** Of a wrapper that fails (`wsl could not be started`), the sentence says for which tool it ran. */
function named(e: UserError, tool: GlowToolName): UserError {
  return new UserError(e.code, say`Glow's ${tool}: ${e.sentence}`, e.remedies, e.detail);
}
