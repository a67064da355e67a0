import path from 'node:path';
import { type Command, Option } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { namedBoard } from '../../workflow/sdk.ts';
import { english, say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { readProfile } from '../../quantize/profileYaml.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { compile, type CompiledModel } from '../../workflow/steps/compile.ts';
import { type CompileChoices, saveCompiled } from '../../workflow/steps/compileChosen.ts';
import { compileByGlow } from '../../workflow/steps/glow/compileByGlow.ts';
import { compileModel } from '../../workflow/steps/compileModel.ts';
import type { LoadedModel } from '../../workflow/steps/inspect.ts';
import { networkOf } from '../../workflow/steps/glow/network.ts';
import { isUnread, readModel, type UnreadModel } from '../../workflow/steps/readModel.ts';
import { floatSentence } from '../../workflow/port/floats.ts';
import { outputPlace } from '../../workflow/folders/outputFolder.ts';
import { addChoices, attributesOf, givenChoices, type OptionKey } from '../choiceOptions.ts';
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
  'samples',
  'name',
  'defines',
  'compiler',
  'glowArguments',
  'reuseInput',
  'quantization',
  'image',
  'sound',
  'normalize',
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
    samples: { help: 'samples to measure ranges with' },
    sdk: { help: 'MCUXpresso SDK that describes a board which the catalogue lacks' },
  })
    .addOption(
      new Option('--profile <file>', 'ranges that "glowport profile" wrote').conflicts(
        attributesOf(['samples']),
      ),
    )
    .option('--out <dir>', 'folder of the bundle (default: <name>-bundle)');
  addGlowCacheOption(command)
    .addOption(overwriteOption())
    .option('--json', 'print the layer report as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  glowport compile mnist.onnx --board frdmke16z --samples calibration
  glowport compile mnist.onnx --board lpc845breakout --profile mnist.profile.yaml --out bundle`,
    )
    .action(async (given: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompileFlags>();
      const choices = { ...givenChoices(flags, CHOSEN), model: given };
      // before all that takes time; a board that only an SDK describes is known from then on
      await namedBoard(choices.board, choices.sdk, { signal: session.signal });
      const model = await readModel(choices, toolPaths(flags), session.context);
      const { compiled, inputs } = await compileAsAsked(choices, model, flags, session);
      const { bundle, size } = compiled;
      const out = await outputPlace(flags.out, `${bundle.name}-bundle`);
      await saveCompiled(out, compiled, isUnread(model) ? undefined : model.graph, {
        inputs,
        confirmOverwrite: overwriting(flags),
        signal: session.signal,
      });
      const { name, layers, placeholders, constantBytes, mutableBytes, stateBytes, activationBytes } = bundle;
      if (flags.json) {
        const memory = { constantBytes, mutableBytes, stateBytes, activationBytes };
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
      const board = findBoard(choices.board);
      const floats = floatSentence({ board, bundle, model: size, floatKinds: compiled.floatKinds ?? [] });
      if (floats) session.terminal.out(`\n${english(floats)}\n`);
      session.terminal.out(
        `\nFlash ${grouped(size.flashBytes)} B, RAM ${grouped(size.ramBytes)} B ` +
          `(placeholders ${grouped(mutableBytes)}${stateBytes > 0 ? `, ${grouped(stateBytes)} of it state` : ''}, activations ${grouped(activationBytes)})\n` +
          `${path.relative(process.cwd(), out)}\n`,
      );
    });
}

interface CompiledFiles {
  readonly compiled: CompiledModel;
  /** Files that it was made of. */
  readonly inputs: readonly string[];
}

/** Compiles with measured ranges, or with those of a file: GlowPort's own profile, or Glow's for Glow. */
async function compileAsAsked(
  choices: PortChoices,
  model: LoadedModel | UnreadModel,
  flags: CompileFlags,
  session: Session,
): Promise<CompiledFiles> {
  const tools = toolPaths(flags);
  const how = { ...choices, board: findBoard(choices.board), tools, ...glowCache(flags) };
  if (flags.profile !== undefined) return compileWithProfile(flags.profile, how, model, session);
  const { compiled, samples } = await compileModel(model, how, session.context);
  return { compiled, inputs: [model.file, ...samples.map((s) => s.path)] };
}

async function compileWithProfile(
  profileFile: string,
  how: CompileChoices,
  model: LoadedModel | UnreadModel,
  { context }: Session,
): Promise<CompiledFiles> {
  const { file } = model;
  const inputs = [file, profileFile];
  const name = path.basename(profileFile);
  const text = (await readBounded(profileFile, 64 * 1024 * 1024, say`profile`)).toString('utf8');
  if (!isUnread(model) && how.compiler !== 'glow') {
    const ranges = readProfile(text, model.graph, name);
    return { compiled: await compile(model.graph, ranges, how, context), inputs };
  }
  const network = isUnread(model) ? model.network : networkOf(model.graph);
  const extraArguments = how.glowArguments;
  const given = { text, file: name };
  const request = { ...how, model: file, network, samples: [], extraArguments, profile: given };
  return { compiled: await compileByGlow(request, context), inputs };
}
