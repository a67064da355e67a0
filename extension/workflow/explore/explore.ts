import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defaultCacheFolder } from '../../common/cacheFolder.ts';
import { errorData, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { inParallel } from '../../common/inParallel.ts';
import { addTo, spread } from '../../common/lists.ts';
import { dataOptions } from '../../data/options.ts';
import type { Sample } from '../../data/sample.ts';
import { checkBundleName } from '../../project/names.ts';
import { givenPart } from '../../quantize/already.ts';
import { requireGcc, type ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { readLabels } from '../data/labels.ts';
import { settledNormalization } from '../data/normalization.ts';
import { requireSameRate, samplesOf } from '../data/samples.ts';
import { answerOf } from '../data/task.ts';
import { affordable } from '../numbers/affordable.ts';
import { boardOfPort } from '../port/boardOfPort.ts';
import { requireSimulated } from '../steps/run.ts';
import { inspect } from '../steps/inspect.ts';
import { foundSamples, profile } from '../steps/profile.ts';
import { step, type StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import type { ExploredFigures, ExploredVariant, Exploration } from './explored.ts';
import { keepOutcomes, keyOf, type KeptOutcome, recallOutcomes } from './kept.ts';
import { type ExploredNetwork, exploreQuantization } from './quantization.ts';
import { requireVariant } from './take.ts';
import { type FixedChoices, quantizationId, type Variant, variantId, variantsFor } from './variants.ts';
import { variantWords } from './variantWords.ts';

export interface ExploreRequest {
  /** Its quantization and weights are what is chosen now. */
  readonly choices: PortChoices;
  /** The same in all variants. */
  readonly fixed: FixedChoices;
  /** Samples that accuracy is measured over; those of `choices` when empty. */
  readonly test: readonly string[];
  /** Also count the cycles of each variant on the simulated board, with the first of these samples. */
  readonly run: boolean;
  readonly tools?: ToolPaths | undefined;
  /** Folder of kept figures; null: nothing is kept; undefined: the usual place. */
  readonly cacheFolder?: string | null | undefined;
  /** Measure all anew, whatever is kept. */
  readonly anew?: boolean | undefined;
  /** Number of a variant that is going to be taken: that there is one is said before anything is measured. */
  readonly take?: number | undefined;
}

/** Operations of both networks over all samples, of one variant: some two seconds. */
const MAX_OPERATIONS = 4e8;
/** Variants that are worked on at the same time: each takes a thread, or a process of gcc. */
const MOST_AT_ONCE = 4;

/**
 * Quantizes and compiles a network in many ways, and measures each over the samples. What was measured before, of the same model
 * with the same samples for the same board, is not measured again; what is done when it is cancelled is kept.
 *
 * @throws UserError as `inspect` and `profile` do; `usage` without samples, without the variant to be taken, and for Glow as compiler; `toolchain`; `board` for a board that
 * is not simulated, where variants shall run. A variant that cannot be is none: it is in the list, and says why
 */
export async function explore(request: ExploreRequest, context: StepContext = {}): Promise<Exploration> {
  const { fixed, tools } = request;
  requireBuiltin(request.choices);
  requireGcc(tools);
  const { board, sdk } = await boardOfPort({ ...request.choices, run: 'none' }, tools, context.signal);
  if (request.run) requireSimulated(board);
  const { graph, file } = await inspect(request.choices, context);
  const choices = await settledNormalization(request.choices, graph.inputs, context);
  checkBundleName(graph.name);
  // a threshold belongs to one quantization: it is measured for what is chosen
  const answer = answerOf(graph, [], { ...choices, threshold: undefined });
  const labels = await readLabels(file, choices.labels);
  const given = givenPart(graph);
  const chosen = { quantization: choices.quantization, weights: choices.weights };
  const variants = variantsFor({ given, fixed, fpu: board.fpu, chosen });
  if (request.take !== undefined) requireVariant(request.take, variants.length);
  const found = await foundSamples(choices.samples, graph, choices, context);
  const { samples } = found;
  const asked =
    request.test.length > 0 ? await samplesOf(request.test, graph.inputs, choices, context) : samples;
  requireSameRate(asked, samples);
  const test = requireTest(spread(asked, affordable(graph, MAX_OPERATIONS)));

  const cache = request.cacheFolder === undefined ? defaultCacheFolder() : request.cacheFolder;
  const surroundings = { file, choices, board, samples, test, labels, tools };
  const key = cache === null ? undefined : await keyOf(surroundings, context.signal);
  const known = new Map(cache === null || key === undefined ? [] : await recallOutcomes(cache, key));
  const isKnown = (v: Variant): boolean => {
    const outcome = known.get(variantId(v, given));
    if (outcome === undefined || request.anew) return false;
    return 'refusal' in outcome || !request.run || outcome.hasRun;
  };
  const open = variants.filter((v) => !isKnown(v));
  if (open.length > 0) {
    const { ranges } = await profile(graph, found, choices, context);
    const network = {
      ...{ graph, file, ranges, given, board, sdk, choices, answer, tools, labels, test },
      ...{ run: request.run, anew: request.anew === true },
    };
    try {
      await exploreOpen(network, open, known, context);
    } finally {
      if (cache !== null && key !== undefined) await keepOutcomes(cache, key, known);
    }
  } else
    await step(
      context,
      'explore',
      'variants',
      () => undefined,
      () => `${variants.length} variants, known already`,
    );
  const explored = variants.map((variant, i): ExploredVariant => {
    const id = variantId(variant, given);
    const outcome = known.get(id)!;
    return {
      number: i + 1,
      variant,
      words: variantWords(variant, given),
      isChosen: id === variantId(chosen, given),
      outcome: 'refusal' in outcome ? outcome : { figures: outcome.figures },
    };
  });
  return { choices, model: path.basename(file), board, given, variants: explored };
}

/** Explores variants that are not known yet; each quantization once, wherever its constants are. */
async function exploreOpen(
  network: Omit<ExploredNetwork, 'evaluated'> & {
    readonly test: readonly Sample[];
    readonly labels: readonly string[];
    /** What is known of accuracy is measured again, too. */
    readonly anew: boolean;
  },
  open: readonly Variant[],
  known: Map<string, KeptOutcome>,
  context: StepContext,
): Promise<void> {
  const { graph, given, choices, labels, anew, run } = network;
  const alike = new Map<string, Variant[]>();
  for (const variant of open) addTo(alike, quantizationId(variant.quantization, given), variant);
  const before = (variant: Variant): ExploredFigures | undefined => {
    const outcome = known.get(variantId(variant, given));
    return outcome && 'figures' in outcome ? outcome.figures : undefined;
  };
  /** Of variants that have not run yet accuracy is known. */
  const isMeasured = (group: readonly Variant[]): boolean => !anew && group.every((v) => before(v));
  // the first one also runs on the board
  const test = [...alike.values()].every(isMeasured) ? network.test.slice(0, 1) : network.test;
  await step(
    context,
    'explore',
    `${open.length} variants`,
    async (progress) => {
      const samples = { graph, samples: test, ...dataOptions(choices), labels };
      const work = { signal: context.signal, progress };
      const evaluated = await runnerOf(context)('evaluateSamples', samples, work);
      const quiet = { signal: context.signal, tasks: context.tasks, log: context.log };
      let done = 0;
      const atOnce = Math.min(MOST_AT_ONCE, availableParallelism());
      await inParallel([...alike.values()], atOnce, async (group) => {
        try {
          const measured = isMeasured(group) ? before(group[0]!) : undefined;
          const figures = await exploreQuantization({ ...network, evaluated }, group, measured, quiet);
          for (const [variant, found] of figures) {
            const id = variantId(variant, given);
            known.set(id, withMeasured({ figures: found, hasRun: run }, known.get(id)));
          }
        } catch (e) {
          // what is wrong with the tools or the samples is so for all
          if (!(e instanceof UserError) || (e.code !== 'model' && e.code !== 'board')) throw e;
          for (const variant of group) known.set(variantId(variant, given), { refusal: errorData(e) });
        }
        done += group.length;
        progress(`${done} of ${open.length} variants`, done / open.length);
      });
    },
    () => `${open.length} variants over ${network.test.length} sample${network.test.length === 1 ? '' : 's'}`,
  );
}

/** What was found now, with what firmware was measured to take before where nothing ran now. */
function withMeasured(
  now: Extract<KeptOutcome, { readonly hasRun: boolean }>,
  before: KeptOutcome | undefined,
): KeptOutcome {
  if (now.hasRun || !before || 'refusal' in before || !before.hasRun) return now;
  const { measuredCycles, firmware } = before.figures;
  return {
    figures: measuredCycles === undefined ? now.figures : { ...now.figures, measuredCycles, firmware },
    hasRun: true,
  };
}

function requireBuiltin({ compiler }: PortChoices): void {
  if (compiler !== 'glow') return;
  throw new UserError('usage', say`Variants are explored with the built-in compiler, and Glow is chosen.`, {
    do: 'useBuiltinCompiler',
  });
}

function requireTest(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length > 0) return samples;
  throw new UserError('usage', say`Without samples nothing tells how good a variant is.`, {
    do: 'giveSamples',
  });
}
