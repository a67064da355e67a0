import path from 'node:path';
import { type Command, Option } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { namedBoard } from '../../workflow/sdk.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import type { Graph } from '../../model/graph.ts';
import { readProfile } from '../../quantize/profileYaml.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { compile, type CompiledModel } from '../../workflow/steps/compile.ts';
import { compileChosen, saveCompiled } from '../../workflow/steps/compileChosen.ts';
import { compileByGlow } from '../../workflow/steps/compileByGlow.ts';
import { inspect } from '../../workflow/steps/inspect.ts';
import { outputPlace } from '../../workflow/folders/outputFolder.ts';
import { profile } from '../../workflow/steps/profile.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import {
  addGlowCacheOption,
  glowCache,
  type GlowCacheFlags,
  MODEL_FILE,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { grouped, layerTable } from '../table.ts';

interface CompileFlags extends GlobalOptions, GlowCacheFlags, OverwriteFlags {
  readonly profile?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  'board',
  'sdk',
  'images',
  'name',
  'defines',
  'compiler',
  'glowArguments',
  'reuseInput',
  'quantization',
  'image',
];

export function addCompile(program: Command, session: Session): void {
  const command = program
    .command('compile')
    .description(
      'quantizes a model and compiles it to a bundle: C, object, header, weights, layer report, drawing',
    )
    .argument('<model>', MODEL_FILE);
  addChoices(command, CHOSEN, {
    board: { help: 'board whose processor it is for', mandatory: true },
    images: { help: 'sample images to measure ranges with' },
    sdk: { help: 'MCUXpresso SDK that describes a board which the catalogue lacks' },
  })
    .addOption(new Option('--profile <file>', 'ranges that "glowport profile" wrote').conflicts('images'))
    .option('--out <dir>', 'folder of the bundle (default: <name>-bundle)');
  addGlowCacheOption(command)
    .addOption(overwriteOption())
    .option('--json', 'print the layer report as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  glowport compile mnist.onnx --board frdmke16z --images calibration
  glowport compile mnist.onnx --board lpc845breakout --profile mnist.profile.yaml --out bundle`,
    )
    .action(async (model: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompileFlags>();
      const choices = { ...givenChoices(flags, CHOSEN), model };
      // before all that takes time; a board that only an SDK describes is known from then on
      await namedBoard(choices.board, choices.sdk, { signal: session.signal });
      const { graph } = await inspect(choices, session.context);
      const { compiled, inputs } = await compileModel(choices, graph, flags, session);
      const { bundle, size } = compiled;
      const out = await outputPlace(flags.out, `${bundle.name}-bundle`);
      await saveCompiled(out, compiled, graph, {
        inputs,
        confirmOverwrite: overwriting(flags),
        signal: session.signal,
      });
      const { name, layers, placeholders, constantBytes, mutableBytes, activationBytes } = bundle;
      if (flags.json) {
        const memory = { constantBytes, mutableBytes, activationBytes };
        printJson(session, {
          bundle: out,
          name,
          modelFlashBytes: size.flashBytes,
          modelRamBytes: size.ramBytes,
          ...memory,
          placeholders,
          layers,
        });
        return;
      }
      const total = (key: 'macs' | 'constantBytes' | 'predictedCycles'): string =>
        grouped(layers.reduce((n, l) => n + l[key], 0));
      const code = layers.reduce((n, l) => n + (l.codeBytes ?? 0), 0);
      // the entry function, and routines that layers call
      const sharedCode = size.flashBytes - constantBytes - code;
      if (layers.length > 0) {
        session.terminal.out(
          layerTable(
            [
              { title: 'layer' },
              { title: 'operator' },
              { title: 'output' },
              { title: 'scale', align: 'right' },
              { title: 'offset', align: 'right' },
              { title: 'MACs', align: 'right' },
              { title: 'code B', align: 'right' },
              { title: 'const B', align: 'right' },
              { title: 'cycles', align: 'right' },
              { title: 'kernel' },
            ],
            layers.map((l) => [
              l.name,
              l.operator,
              l.outputShape.join('x'),
              l.scale.toPrecision(6),
              l.offset,
              grouped(l.macs),
              grouped(l.codeBytes ?? 0),
              grouped(l.constantBytes),
              grouped(l.predictedCycles),
              l.variant,
            ]),
            [
              ['shared', '', '', '', '', '', grouped(sharedCode), '', '', ''],
              [
                'all',
                '',
                '',
                '',
                '',
                total('macs'),
                grouped(code + sharedCode),
                total('constantBytes'),
                total('predictedCycles'),
                '',
              ],
            ],
          ),
        );
      }
      session.terminal.out(
        `\nFlash ${grouped(size.flashBytes)} B, RAM ${grouped(size.ramBytes)} B ` +
          `(placeholders ${grouped(mutableBytes)}, activations ${grouped(activationBytes)})\n` +
          `${path.relative(process.cwd(), out)}\n`,
      );
    });
}

/**
 * Compiles with measured ranges, or with those of a file: GlowPort's own profile, or Glow's for Glow.
 *
 * @returns what it made, and of which files
 */
async function compileModel(
  choices: PortChoices,
  graph: Graph,
  flags: CompileFlags,
  session: Session,
): Promise<{ readonly compiled: CompiledModel; readonly inputs: readonly string[] }> {
  const { context } = session;
  const { image } = choices;
  const file = path.resolve(choices.model);
  const common = { ...choices, board: findBoard(choices.board), tools: toolPaths(flags) };
  if (flags.profile === undefined) {
    const { ranges, samples } = await profile(graph, choices.images, image, context);
    const measured = { file, graph, ranges, samples };
    const compiled = await compileChosen(measured, { ...common, ...glowCache(flags) }, context);
    return { compiled, inputs: [file, ...samples.map((s) => s.path)] };
  }
  const inputs = [file, flags.profile];
  const text = (await readBounded(flags.profile, 64 * 1024 * 1024, say`profile`)).toString('utf8');
  if (choices.compiler === 'glow') {
    const extraArguments = choices.glowArguments;
    const given = { text, file: path.basename(flags.profile) };
    const request = { ...common, model: file, graph, samples: [], extraArguments, profile: given };
    return { compiled: await compileByGlow(request, context), inputs };
  }
  const ranges = readProfile(text, graph, path.basename(flags.profile));
  return { compiled: await compile(graph, ranges, common, context), inputs };
}
