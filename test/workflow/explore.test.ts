import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { findBoard } from '../../extension/board/catalogue.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { classNumber } from '../../extension/workflow/data/labels.ts';
import { explore, type ExploreRequest } from '../../extension/workflow/explore/explore.ts';
import { explorationSvg } from '../../extension/workflow/explore/explorationSvg.ts';
import { type Exploration, figuresOf, frontOf, ranked } from '../../extension/workflow/explore/explored.ts';
import { takenChoices } from '../../extension/workflow/explore/take.ts';
import { variantId, variantsFor } from '../../extension/workflow/explore/variants.ts';
import { AccuracyMeter, quantizedInputs } from '../../extension/workflow/report/accuracy.ts';
import { closenessOf } from '../../extension/workflow/compare/closeness.ts';
import { port } from '../../extension/workflow/port/port.ts';
import { compile } from '../../extension/workflow/steps/compile.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { profile } from '../../extension/workflow/steps/profile.ts';
import type { StepContext } from '../../extension/workflow/steps/step.ts';
import { inPlace, type TaskRunner } from '../../extension/workflow/tasks/tasks.ts';
import {
  COSTS,
  frontOf as measuredFront,
  paretoFront,
  type VariantFigures,
} from '../../webview/shared/exploration.ts';
import { top1 } from '../support/mnist.ts';

const example = path.resolve(import.meta.dirname, '../../examples/mnist');
const choices: PortChoices = {
  ...DEFAULT_CHOICES,
  model: path.join(example, 'mnist.onnx'),
  samples: [path.join(example, 'calibration')],
  board: 'frdmke16z',
};
const nothingFixed = { quantization: {} };
const request: ExploreRequest = { choices, fixed: nothingFixed, test: [], run: false, cacheFolder: null };

/** The variants' words, as they are told. */
const words = ({ variants }: Exploration): string[] => variants.map((v) => english(v.words));

describe('variants of a quantization', () => {
  const chosen = { quantization: DEFAULT_QUANTIZE_OPTIONS, weights: 'flash' } as const;
  const space = { given: 'none', fixed: nothingFixed, fpu: false, chosen } as const;

  it('are many, each another network, and what is chosen now is among them', () => {
    const all = variantsFor(space);
    assert.equal(all.length, 34);
    assert.equal(new Set(all.map((v) => variantId(v, 'none'))).size, all.length);
    assert.deepEqual(all[0], chosen);
    assert.ok(!all.some((v) => v.quantization.floatPlaceholders), 'no FPU');
    assert.equal(variantsFor({ ...space, fpu: true }).length, 35);
  });

  it('keep their numbers whichever of them is chosen', () => {
    const all = variantsFor(space);
    for (const variant of all) assert.deepEqual(variantsFor({ ...space, chosen: variant }), all);
    const rare = {
      quantization: { ...DEFAULT_QUANTIZE_OPTIONS, precision: 'int16', range: 'mse' },
      weights: 'ram',
    } as const;
    assert.deepEqual(variantsFor({ ...space, chosen: rare }), [...all, rare]);
    const alike = { ...chosen.quantization, precision: 'int16', schema: 'asymmetric' } as const;
    const known = variantsFor({ ...space, chosen: { quantization: alike, weights: 'flash' } });
    assert.deepEqual(known, all, 'int16 has no offsets');
  });

  it('have what is fixed, all but the chosen one', () => {
    const fixed = { quantization: { precision: 'int8', range: 'mse' }, weights: 'ram' } as const;
    const all = variantsFor({ ...space, fixed });
    assert.ok(all.length > 5);
    assert.deepEqual(all.at(-1), chosen);
    for (const { quantization, weights } of all.slice(0, -1)) {
      assert.deepEqual([quantization.precision, quantization.range, weights], ['int8', 'mse', 'ram']);
    }
  });

  it('of a network that is quantized already differ in its rounding only', () => {
    const rounds = (given: 'some' | 'all'): string[] =>
      variantsFor({ ...space, given }).map((v) => `${v.quantization.rounding} ${v.weights}`);
    assert.deepEqual(rounds('all'), ['exact flash', 'fast flash', 'exact ram']);
    const some = variantsFor({ ...space, given: 'some' });
    assert.ok(some.every((v) => v.quantization.precision === 'int8'));
    assert.equal(rounds('some').filter((r) => r === 'fast flash').length, 1);
  });
});

describe('exploring the example', () => {
  let found: Exploration;
  let cache = '';
  /** What the exploration told to be done. */
  const steps: string[] = [];
  const stepping: StepContext = {
    onStep: ({ step, state }) => state === 'done' && void steps.push(step),
  };
  before(async () => {
    cache = await mkdtemp(path.join(os.tmpdir(), 'glowport-explore-'));
    found = await explore({ ...request, cacheFolder: cache }, stepping);
  });
  after(() => rm(cache, { recursive: true, force: true }));

  /** Variants of every kind, by their numbers. */
  const SOME = [1, 6, 16, 25, 28, 31, 33, 34];

  it('finds for each variant what compiling it alone gives', async () => {
    const { graph } = await inspect(choices);
    const { ranges } = await profile(graph, choices.samples, choices);
    for (const number of SOME) {
      const v = found.variants[number - 1]!;
      const figures = figuresOf(v)!;
      const board = findBoard(choices.board);
      const { size, bundle } = await compile(graph, ranges, { ...v.variant, board });
      assert.deepEqual(
        [figures.flashBytes, figures.ramBytes, figures.predictedCycles],
        [size.flashBytes, size.ramBytes, bundle.layers.reduce((n, l) => n + l.predictedCycles, 0)],
        english(v.words),
      );
      const inRam = v.variant.weights === 'ram' ? bundle.constantBytes : 0;
      assert.equal(figures.ramBytes, bundle.mutableBytes + bundle.activationBytes + inRam);
    }
  });

  it('and for each what its integers do with the samples', async () => {
    const { graph } = await inspect(choices);
    const { ranges, samples } = await profile(graph, choices.samples, choices);
    const reader = new SampleReader(graph.inputs, choices);
    const [output] = graph.outputs as [string];
    for (const number of SOME) {
      const v = found.variants[number - 1]!;
      const quantized = quantize(graph, ranges, v.variant.quantization);
      const meter = new AccuracyMeter(graph, quantized, { task: 'classify' });
      let correct = 0;
      for (const sample of samples) {
        const inputs = await reader.read(sample);
        const label = classNumber(sample.label, []);
        meter.add({ name: '', label, inputs });
        const result = interpret(quantized, quantizedInputs(quantized, inputs)).get(output)!;
        if (top1(result) === label) correct++;
      }
      const measured = meter.result();
      const figures = figuresOf(v)!;
      assert.equal(figures.labelled!.correct, correct);
      assert.equal(figures.labelled!.correct, measured.labelled!.quantizedCorrect);
      assert.equal(figures.labelled!.samples, 100);
      assert.equal(figures.sameTop1, measured.sameTop1);
      assert.equal(figures.sqnrDb, closenessOf(graph, { task: 'classify' }, measured).sqnrDb);
    }
  });

  it('counts the cycles that a port of the variant counts', async () => {
    const fixed = { quantization: { precision: 'int16', schema: 'symmetric' } } as const;
    const run = await explore({ ...request, fixed, run: true });
    const int16 = run.variants.filter((v) => v.variant.quantization.precision === 'int16');
    assert.deepEqual(
      int16.map((v) => english(v.words)),
      [
        'int16 symmetric, per channel, minmax',
        'int16 symmetric, per tensor, minmax',
        'int16 symmetric, per channel, minmax, weights symmetric_with_power2_scale',
        'int16 symmetric, per channel, minmax, biases int16',
        'int16 symmetric, per channel, minmax, biases int8',
        'int16 symmetric, per channel, minmax, constants in RAM',
      ],
    );
    for (const v of [int16[1]!, int16.at(-1)!]) {
      const out = path.join(cache, `port-${v.number}`);
      const ported = await port({ ...takenChoices(run, v.number), out }, {}, { fitAll: false });
      const figures = figuresOf(v)!;
      assert.equal(figures.measuredCycles, ported.run!.cycles);
      assert.deepEqual(
        [figures.flashBytes, figures.ramBytes],
        [ported.model.flashBytes, ported.model.ramBytes],
      );
      assert.equal(ported.comparison!.match, true);
    }
  });

  it('keeps what it found, and shows it at once', async () => {
    const kept = { ...request, cacheFolder: cache };
    assert.deepEqual(steps, ['inspect', 'profile', 'explore']);
    steps.length = 0;
    assert.deepEqual((await explore(kept, stepping)).variants, found.variants);
    assert.deepEqual(steps, ['inspect', 'explore']);
    // of other samples nothing is known, and a file that is damaged is none
    const few = { ...kept, fixed: { quantization: { ...DEFAULT_QUANTIZE_OPTIONS } } };
    steps.length = 0;
    await explore({ ...few, test: [path.join(example, 'samples')] }, stepping);
    assert.ok(steps.includes('profile'));
    const files = await readdir(cache);
    assert.equal(files.filter((f) => f.endsWith('.exploration.json')).length, 2);
    for (const file of files.filter((f) => f.endsWith('.exploration.json'))) {
      const text = await readFile(path.join(cache, file), 'utf8');
      await writeFile(
        path.join(cache, file),
        text.replace(/"predictedCycles":\d+/g, '"predictedCycles":null'),
      );
    }
    const again = await explore(few, stepping);
    assert.deepEqual(figuresOf(again.variants[0]!), figuresOf(found.variants[0]!));
  });

  it('ends when it is cancelled, and goes on from there the next time', async () => {
    const folder = path.join(cache, 'cancelled');
    const abort = new AbortController();
    // two variants that are quantized alike are done at once, so that any number may be told first
    let done = 0;
    const cancelling: StepContext = {
      signal: abort.signal,
      onStep: ({ message }) => {
        const told = /^(\d+) of 34 variants/.exec(message);
        if (!told || abort.signal.aborted || Number(told[1]) < 3) return;
        done = Number(told[1]);
        abort.abort();
      },
    };
    const kept = { ...request, cacheFolder: folder };
    await assert.rejects(explore(kept, cancelling), { code: 'cancelled' });
    let open = '';
    const context: StepContext = {
      onStep: ({ step, state, message }) => {
        if (step === 'explore' && state === 'start') open = message;
      },
    };
    assert.deepEqual((await explore(kept, context)).variants, found.variants);
    const [, left] = /^(\d+) variants$/.exec(open)!;
    assert.ok(done === 3 || done === 4, String(done));
    // what was going on besides may have ended
    assert.ok(Number(left) <= 34 - done && Number(left) >= 34 - done - 2, `${left} behind ${done}`);
  });

  it('keeps a variant that cannot be in the list, and says why', async () => {
    const fixed = { quantization: { ...DEFAULT_QUANTIZE_OPTIONS, floatPlaceholders: true } };
    const float = await explore({ ...request, fixed });
    const refused = float.variants.filter((v) => 'refusal' in v.outcome);
    assert.ok(refused.length > 0 && refused.length < float.variants.length);
    const { outcome } = refused[0]!;
    assert.match(english('refusal' in outcome ? outcome.refusal.sentence : say``), /FRDM-KE16Z has no FPU/);
    assert.throws(() => takenChoices(float, refused[0]!.number), /has no FPU/);
    assert.throws(() => takenChoices(float, 999), /There is no variant 999/);
    assert.equal(ranked(float).at(-1)!.number, refused.at(-1)!.number);
  });

  it('marks what does not fit the board, which is on no front', async () => {
    const small = await explore({
      ...request,
      choices: { ...choices, board: 'frdmke04z' },
      fixed: { quantization: { schema: 'symmetric' } },
    });
    const fits = small.variants.map((v) => figuresOf(v)!.fit.fits);
    assert.ok(fits.includes(false), 'int16 needs more RAM than there is');
    const front = frontOf(small.variants, 'sqnr');
    for (const v of small.variants) if (front.has(v.number)) assert.ok(figuresOf(v)!.fit.fits);
  });

  it('refuses to go without samples, and with Glow', async () => {
    await assert.rejects(explore({ ...request, choices: { ...choices, samples: [] } }), { code: 'usage' });
    await assert.rejects(explore({ ...request, choices: { ...choices, compiler: 'glow' } }), {
      code: 'usage',
    });
  });

  describe('again', () => {
    /** How often each task is asked for, and what is told at the end of the exploration. */
    const counting = () => {
      const asked = new Map<string, number>();
      let told = '';
      const tasks: TaskRunner = (name, input, work) => {
        asked.set(name, (asked.get(name) ?? 0) + 1);
        return inPlace(name, input, work);
      };
      const context: StepContext = {
        tasks,
        onStep: ({ step, state, message }) => {
          if (step === 'explore' && state === 'done') told = message;
        },
      };
      return { context, count: (name: string) => asked.get(name) ?? 0, told: () => told };
    };
    /** As a file keeps it. */
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const narrow = { quantization: { ...DEFAULT_QUANTIZE_OPTIONS } };

    it('finds and reads samples once, and those of the board not at all', async () => {
      const { context, count } = counting();
      await explore({ ...request, fixed: narrow, run: true }, context);
      assert.deepEqual([count('samplesIn'), count('evaluateSamples'), count('loadSample')], [1, 1, 0]);
    });

    it('keeps refusals, and that a variant cannot run', async () => {
      const kept = { ...request, cacheFolder: path.join(cache, 'refusals') };
      const float = {
        ...kept,
        fixed: { quantization: { ...DEFAULT_QUANTIZE_OPTIONS, floatPlaceholders: true } },
      };
      const first = await explore(float);
      const again = counting();
      assert.deepEqual(plain((await explore(float, again.context)).variants), plain(first.variants));
      assert.match(again.told(), /known already/);
      // on a board that is too small nothing runs, and that is known as well
      const small = { ...kept, choices: { ...choices, board: 'frdmke04z' }, fixed: { quantization: { ...DEFAULT_QUANTIZE_OPTIONS, precision: 'int16', schema: 'symmetric' } as const }, run: true }; // prettier-ignore
      const tooLarge = await explore(small);
      assert.ok(tooLarge.variants.some((v) => figuresOf(v)!.measuredCycles === undefined));
      const twice = counting();
      assert.deepEqual((await explore(small, twice.context)).variants, tooLarge.variants);
      assert.match(twice.told(), /known already/);
    });

    it('counts cycles without measuring accuracy again, and does not forget them', async () => {
      const kept = { ...request, fixed: narrow, cacheFolder: path.join(cache, 'counted') };
      const before = await explore(kept);
      const running = counting();
      const ran = await explore({ ...kept, run: true }, running.context);
      assert.equal(running.count('measureAccuracy'), 0);
      const cycles = ran.variants.map((v) => figuresOf(v)!.measuredCycles);
      assert.ok(cycles.every((c) => c !== undefined && c > 0));
      // what ran was built: its sizes are those of the firmware
      assert.ok(ran.variants.every((v) => figuresOf(v)!.firmware.basis === 'built'));
      const others = ({ variants }: typeof ran) =>
        variants.map((v) => ({ ...figuresOf(v)!, measuredCycles: undefined, firmware: undefined }));
      assert.deepEqual(others(ran), others(before));
      const anew = counting();
      const measured = await explore({ ...kept, anew: true }, anew.context);
      assert.ok(anew.count('measureAccuracy') > 0);
      assert.deepEqual(measured.variants, ran.variants);
      assert.deepEqual((await explore({ ...kept, run: true })).variants, ran.variants);
    });

    it('says that there is no such variant before anything is measured', async () => {
      const { context, count } = counting();
      await assert.rejects(explore({ ...request, take: 999 }, context), /There is no variant 999\./);
      assert.deepEqual([count('samplesIn'), count('measureRanges')], [0, 0]);
    });
  });

  it('draws what it found', () => {
    const svg = explorationSvg(found);
    assert.match(svg, /^<svg [^>]*xmlns=/);
    assert.ok(!/NaN|Infinity|undefined/.test(svg));
    assert.equal(svg.match(/class="front"/g)!.length, 6, 'accuracy and SQNR over three costs');
  });

  it('tells its variants in words of their own', () => {
    assert.equal(new Set(words(found)).size, found.variants.length);
    assert.equal(words(found)[0], 'int8 asymmetric, per channel, minmax');
  });
});

describe('the Pareto front', () => {
  const figures = (cycles: number, flash: number, ram: number, sqnrDb: number): VariantFigures => ({
    ...{ samples: 10, namesClasses: false, sameTop1: 0, labelled: undefined, sqnrDb },
    ...{ predictedCycles: cycles, flashBytes: flash, ramBytes: ram },
    firmware: { basis: 'predicted', flashBytes: 0, ramBytes: 0 },
  });

  it('holds what no other variant is better than, and for all others such a one', () => {
    const small = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small, small, small), { maxLength: 12 }), (rows) => {
        const list = rows.map((r) => figures(...r));
        const front = paretoFront(list, COSTS, 'sqnr');
        const wins = (a: number[], b: number[]): boolean =>
          a[0]! <= b[0]! && a[1]! <= b[1]! && a[2]! <= b[2]! && a[3]! >= b[3]! && String(a) !== String(b);
        rows.forEach((row, i) => assert.equal(front.has(i), !rows.some((other) => wins(other, row))));
      }),
    );
  });

  it('compares counted cycles with counted ones only: with predictions where one that fits was not counted', () => {
    const first = { ...figures(100, 10, 10, 30), measuredCycles: 120 };
    const second = figures(110, 10, 10, 30);
    const front = (other: VariantFigures, fits = true): number[] => [
      ...measuredFront(
        [
          { number: 1, isChosen: false, fits: true, figures: first },
          { number: 2, isChosen: false, fits, figures: other },
        ],
        'sqnr',
        COSTS,
      ),
    ];
    assert.deepEqual(front(second), [1]);
    assert.deepEqual(front({ ...second, measuredCycles: 115 }), [2]);
    assert.deepEqual(front(second, false), [1]);
  });
});
