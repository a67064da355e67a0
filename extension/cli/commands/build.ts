import path from 'node:path';
import type { Command } from 'commander';
import { build } from '../../workflow/steps/build.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';

export function addBuild(program: Command, session: Session): void {
  program
    .command('build')
    .description('builds a generated project')
    .argument('<project>', 'folder that "glowport generate" or "glowport port" made')
    .option(
      '--sdk <place>',
      'the SDK that the project is built on has moved: its folder or zip file, or auto',
    )
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  glowport build mnist-frdmke16z')
    .action(async (project: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<GlobalOptions & { json?: boolean; sdk?: string }>();
      const folder = path.resolve(project);
      const { elf, images, size } = await build(folder, toolPaths(flags), session.context, flags.sdk);
      if (flags.json) printJson(session, { elf, images, ...size });
      else
        for (const file of [elf, ...images]) session.terminal.out(`${path.relative(process.cwd(), file)}\n`);
    });
}
