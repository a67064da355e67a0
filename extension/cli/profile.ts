import path from 'node:path';
import type { Command } from 'commander';
import { writeProfile } from '../quantize/profileYaml.ts';
import { writeFileAtomic } from '../files.ts';
import { DEFAULT_IMAGE_OPTIONS } from '../workflow/choices.ts';
import { inspect } from '../workflow/model.ts';
import { profile } from '../workflow/profile.ts';
import {
  addImageOptions,
  addModelOptions,
  type ImageFlags,
  imageOptions,
  type ModelFlags,
  paths,
} from './options.ts';
import { printJson, type Session } from './session.ts';
import { textTable } from './table.ts';

interface ProfileFlags extends ModelFlags, ImageFlags {
  readonly images?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export function addProfile(program: Command, session: Session): void {
  const command = program
    .command('profile')
    .description("measures the range of every tensor over sample images, in Glow's profile format")
    .argument('<model>', 'model file (.onnx)')
    .option('--images <path...>', 'sample images: files and folders', paths)
    .option('--out <file>', 'profile to write (default: <name>.profile.yaml)')
    .option('--json', 'print the ranges as one JSON object');
  addModelOptions(command);
  addImageOptions(command)
    .addHelpText('after', '\nExample:\n  glowport profile mnist.onnx --images calibration --out mnist.yaml')
    .action(async (model: string, flags: ProfileFlags) => {
      const { graph } = await inspect(
        { model, name: flags.name, defines: flags.define ?? {} },
        session.context,
      );
      const options = imageOptions(flags, DEFAULT_IMAGE_OPTIONS);
      const { ranges, samples } = await profile(graph, flags.images ?? [], options, session.context);
      const out = path.resolve(flags.out ?? `${graph.name}.profile.yaml`);
      await writeFileAtomic(out, writeProfile(graph, ranges));
      const values = [...ranges].map(([name, { min, max }]) => ({ name, min, max }));
      if (flags.json) printJson(session, { profile: out, samples: samples.length, values });
      else {
        session.terminal.out(
          textTable(
            [{ title: 'tensor' }, { title: 'min', align: 'right' }, { title: 'max', align: 'right' }],
            values.map((v) => [v.name, v.min.toPrecision(6), v.max.toPrecision(6)]),
          ),
        );
        session.terminal.out(`\n${path.relative(process.cwd(), out)}\n`);
      }
    });
}
