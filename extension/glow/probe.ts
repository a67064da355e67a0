import os from 'node:os';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { GLOW_TOOLS, type GlowToolName, type GlowTools } from './find.ts';
import { explainFailure } from './failure.ts';
import { optionName } from './options.ts';
import { type GlowRunOptions, runGlow } from './run.ts';

/** What a Glow installation can do. */
export interface GlowAbilities {
  /** Such as `2022-05-19 (2ee55ec50) (Glow_Release_MCUX_SDK_2.12.0)`; undefined when it does not say. */
  readonly version: string | undefined;
  /** Names of each tool's options without dashes, from `--help`; empty when that cannot be read. */
  readonly options: Readonly<Record<GlowToolName, ReadonlySet<string>>>;
}

/** Options that only NXP's fork has, worth showing. */
const NXP_OPTIONS = ['use-cmsis', 'use-hifi'];
const PROBE_TIMEOUT_MS = 60_000;

const KNOWN = new Map<string, Promise<GlowAbilities>>();

/**
 * Asks both tools for `--version` and `--help`, once a process for each place.
 * @throws UserError `toolchain` when a tool does not run at all
 */
export function probeGlow(tools: GlowTools, options: GlowRunOptions = {}): Promise<GlowAbilities> {
  const key = JSON.stringify(tools.commands);
  const asked = KNOWN.get(key) ?? probe(tools, options);
  KNOWN.set(key, asked);
  asked.catch(() => KNOWN.delete(key));
  return asked;
}

async function probe(tools: GlowTools, { signal, log, timeoutMs }: GlowRunOptions): Promise<GlowAbilities> {
  const ask = async (tool: GlowToolName, question: string): Promise<string> => {
    const limits = { signal, timeoutMs: Math.min(timeoutMs ?? PROBE_TIMEOUT_MS, PROBE_TIMEOUT_MS) };
    const { exitCode, output } = await runGlow(tools, tool, [question], os.tmpdir(), limits);
    // old builds end --version and --help with 1; only a crash or a loader's message says that the tool cannot run
    if (exitCode > 1 || exitCode < 0) throw explainFailure(tool, { exitCode, output }, {});
    return output;
  };
  const version = await ask('model-compiler', '--version');
  const helps = await Promise.all(GLOW_TOOLS.map((tool) => ask(tool, '--help')));
  const options = Object.fromEntries(
    GLOW_TOOLS.map((tool, i) => [tool, parseHelp(helps[i]!)]),
  ) as unknown as GlowAbilities['options'];
  const abilities = { version: parseGlowVersion(version), options };
  log?.(`Glow ${abilities.version ?? 'of unknown version'} in ${tools.where}`);
  return abilities;
}

/** The text behind `Glow Tools version:`; undefined when the tool says something else. */
export function parseGlowVersion(output: string): string | undefined {
  return /^[ \t]*Glow Tools version:[ \t]*([^\s][^\r\n]{0,119})/m.exec(output)?.[1]?.trim();
}

/** Names of the options in LLVM's `--help`: lines such as `  --emit-bundle=<string>   - Output directory`. */
export function parseHelp(output: string): ReadonlySet<string> {
  const names = output
    .split(/\r?\n/)
    .map((line) =>
      /^\s{1,8}--?[A-Za-z]/.test(line) ? optionName(line.trim().split(/[\s<[]/)[0]!) : undefined,
    )
    .filter((name) => name !== undefined);
  return new Set(names);
}

/** Whether a tool has an option; undefined when its help could not be read. */
export function knowsOption(
  abilities: GlowAbilities,
  tool: GlowToolName,
  option: string,
): boolean | undefined {
  const names = abilities.options[tool];
  return names.size === 0 ? undefined : names.has(option);
}

/** @throws UserError `toolchain` when a tool is known not to have one of the options */
export function requireOptions(abilities: GlowAbilities, tool: GlowToolName, args: readonly string[]): void {
  const missing = args
    .map(optionName)
    .find((name) => name !== undefined && knowsOption(abilities, tool, name) === false);
  if (missing === undefined) return;
  throw new UserError(
    'toolchain',
    say`This Glow (${abilities.version ?? say`of unknown version`}) has no option -${missing}.`,
    missing === 'enable-channelwise'
      ? [{ do: 'quantizePerTensor' }, say`Or use a newer Glow.`]
      : say`Choose other options, or use a newer Glow.`,
  );
}

/** What NXP's fork adds, as a sentence; undefined for the public Glow. */
export function describeAbilities(abilities: GlowAbilities): Sentence | undefined {
  const extra = NXP_OPTIONS.filter((o) => knowsOption(abilities, 'model-compiler', o));
  return extra.length > 0 ? say`NXP's build: it has ${extra.map((o) => `-${o}`)}` : undefined;
}
