import path from 'node:path';
import { type Command, Option } from 'commander';
import { findBoard } from '../board/catalogue.ts';
import { readBounded } from '../files.ts';
import type { Graph } from '../model/graph.ts';
import { readProfile } from '../quantize/profileYaml.ts';
import type { Ranges } from '../quantize/ranges.ts';
import { saveBundle } from '../workflow/bundleFolder.ts';
import { DEFAULT_CHOICES } from '../workflow/choices.ts';
import { compile } from '../workflow/compile.ts';
import { inspect } from '../workflow/model.ts';
import { profile } from '../workflow/profile.ts';
import {
  addImageOptions,
  addModelOptions,
  addQuantizeOptions,
  type ImageFlags,
  imageOptions,
  type ModelFlags,
  paths,
  type QuantizeFlags,
  quantizeOptions,
} from './options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from './session.ts';
import { grouped, textTable } from './table.ts';

interface CompileFlags extends GlobalOptions, ModelFlags, ImageFlags, QuantizeFlags {
  readonly board: string;
  readonly images?: readonly string[];
  readonly profile?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addCompile(program: Command, session: Session): void {
  const command = program
    .command('compile')
    .description(
      'quantizes a model and compiles it to a bundle: C, object, header, weights, layer report, drawing',
    )
    .argument('<model>', 'model file (.onnx)')
    .requiredOption('--board <id>', 'board whose processor it is for')
    .addOption(new Option('--images <path...>', 'sample images to measure ranges with').argParser(paths))
    .addOption(new Option('--profile <file>', 'ranges that "glowport profile" wrote').conflicts('images'))
    .option('--out <dir>', 'folder of the bundle (default: <name>-bundle)')
    .option('--json', 'print the layer report as one JSON object');
  addModelOptions(command);
  addQuantizeOptions(command);
  addImageOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  glowport compile mnist.onnx --board frdmke16z --images calibration
  glowport compile mnist.onnx --board lpc845breakout --profile mnist.profile.yaml --out bundle`,
    )
    .action(async (model: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompileFlags>();
      const board = findBoard(flags.board);
      const { graph } = await inspect(
        { model, name: flags.name, defines: flags.define ?? {} },
        session.context,
      );
      const ranges = await rangesOf(graph, flags, session);
      const quantization = quantizeOptions(flags, DEFAULT_CHOICES.quantization);
      const options = { board, quantization, weights: 'flash', tools: toolPaths(flags) } as const;
      const { bundle, quantized, size } = await compile(graph, ranges, options, session.context);
      const out = path.resolve(flags.out ?? `${bundle.name}-bundle`);
      await saveBundle(out, bundle, graph, quantized);
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
      session.terminal.out(
        textTable(
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
          [
            ...layers.map((l) => [
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
              'all',
              '',
              '',
              '',
              '',
              total('macs'),
              grouped(code),
              total('constantBytes'),
              total('predictedCycles'),
              '',
            ],
          ],
        ),
      );
      session.terminal.out(
        `\nFlash ${grouped(size.flashBytes)} B, RAM ${grouped(size.ramBytes)} B ` +
          `(placeholders ${grouped(mutableBytes)}, activations ${grouped(activationBytes)})\n` +
          `${path.relative(process.cwd(), out)}\n`,
      );
    });
}

async function rangesOf(graph: Graph, flags: CompileFlags, session: Session): Promise<Ranges> {
  if (flags.profile === undefined) {
    const options = imageOptions(flags, DEFAULT_CHOICES.image);
    return (await profile(graph, flags.images ?? [], options, session.context)).ranges;
  }
  const text = (await readBounded(flags.profile, 64 * 1024 * 1024, 'profile')).toString('utf8');
  return readProfile(text, graph, path.basename(flags.profile));
}
