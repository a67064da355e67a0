import { say, type Sentence } from '../common/errors/sentence.ts';
import { withScratchFolder } from '../toolchain/scratch.ts';
import { explainFailure, missesModel } from './failure.ts';
import type { GlowToolName, GlowTools } from './find.ts';
import { type GlowRunOptions, runGlow } from './run.ts';

/** What a Glow installation says of itself. */
export interface GlowAbilities {
  /** Such as `2022-05-19 (2ee55ec50) (Glow_Release_MCUX_SDK_2.12.0)`; undefined when it does not say. */
  readonly version: string | undefined;
}

/** Options that only NXP's fork has, worth showing. */
const NXP_OPTIONS = ['-use-cmsis', '-use-hifi'];
const PROBE_TIMEOUT_MS = 60_000;

/** What tools answered in this process, by command line and question. */
const ANSWERS = new Map<string, Promise<unknown>>();

/** Asks these tools something once a process; a question that ends in an error is asked again. */
export function askOnce<T>(tools: GlowTools, question: string, ask: () => Promise<T>): Promise<T> {
  const key = JSON.stringify([tools.commands, question]);
  const asked = (ANSWERS.get(key) as Promise<T> | undefined) ?? ask();
  ANSWERS.set(key, asked);
  asked.catch(() => ANSWERS.delete(key));
  return asked;
}

/**
 * Asks both tools for `--version`, once a process for each place.
 * @throws UserError `toolchain` when a tool does not run at all
 */
export function probeGlow(tools: GlowTools, options: GlowRunOptions = {}): Promise<GlowAbilities> {
  return askOnce(tools, '--version', async () => {
    const version = parseGlowVersion(await answer(tools, 'model-compiler', '--version', options));
    await answer(tools, 'image-classifier', '--version', options);
    options.log?.(`Glow ${version ?? 'of unknown version'} in ${tools.where}`);
    return { version };
  });
}

/**
 * Whether a tool has an option, asked once a process by giving it that option alone: LLVM refuses one that it does not know, and
 * misses the model otherwise. `--help` does not tell: it leaves aliases out.
 * @param argument the option with a value of its own, such as `-bundle-api=static`
 * @throws UserError `toolchain` when the tool does not run at all
 */
export function hasOption(
  tools: GlowTools,
  tool: GlowToolName,
  argument: string,
  options: GlowRunOptions = {},
): Promise<boolean> {
  return askOnce(tools, `${tool} ${argument}`, async () =>
    missesModel(await answer(tools, tool, argument, options)),
  );
}

async function answer(
  tools: GlowTools,
  tool: GlowToolName,
  argument: string,
  { signal, timeoutMs }: GlowRunOptions,
): Promise<string> {
  const limits = { signal, timeoutMs: Math.min(timeoutMs ?? PROBE_TIMEOUT_MS, PROBE_TIMEOUT_MS) };
  const run = await withScratchFolder('glow', ({ folder }) =>
    runGlow(tools, tool, [argument], folder, limits),
  );
  // 1 is LLVM's for a command line that it does not take; only a crash or a loader's message says that the tool cannot run
  if (run.exitCode > 1 || run.exitCode < 0) throw explainFailure(tool, run, {});
  return run.output;
}

/** The text behind `Glow Tools version:`; undefined when the tool says something else. */
export function parseGlowVersion(output: string): string | undefined {
  const said = /^[ \t]*Glow Tools version:[ \t]*([^\s][^\r\n]{0,119})/m.exec(output)?.[1]?.trim();
  // the name of a release in brackets, which a build from sources has none of
  return said?.replace(/ \(\)$/, '');
}

/** What NXP's fork adds, as a sentence; undefined for the public Glow. @throws as `hasOption` */
export async function describeFork(tools: GlowTools): Promise<Sentence | undefined> {
  const has = await Promise.all(NXP_OPTIONS.map((option) => hasOption(tools, 'model-compiler', option)));
  const extra = NXP_OPTIONS.filter((_, i) => has[i]);
  return extra.length > 0 ? say`NXP's build: it has ${extra}` : undefined;
}
