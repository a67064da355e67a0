import type { Command } from 'commander';
import { english } from '../../common/errors/sentence.ts';
import type { Diagnosis } from '../../toolchain/find.ts';
import { diagnose } from '../../workflow/diagnose.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { advice } from '../remedies.ts';
import { textTable } from '../table.ts';

/** What is more to say about a tool, and what to do about it, as one note. */
function inWords({ note, remedies, ...rest }: Diagnosis) {
  const text = [...(note ? [english(note)] : []), ...(remedies?.length ? [advice(remedies)] : [])].join(' ');
  return text === '' ? rest : { ...rest, note: text };
}

export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('what is installed, which version, and how to get what is missing')
    .option('--json', 'print an array, an object a tool')
    .addHelpText('after', '\nExit code 6 when something is missing that a build needs.')
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals<GlobalOptions & { json?: boolean }>();
      const findings = (await diagnose(toolPaths(flags))).map(inWords);
      if (findings.some((f) => f.required && f.state !== 'ok')) session.exitCode = EXIT.toolchain;
      if (flags.json) {
        printJson(session, findings);
        return;
      }
      session.terminal.out(
        textTable(
          [{ title: 'tool' }, { title: 'state' }, { title: 'version' }, { title: 'where' }],
          findings.map((f) => [
            f.label,
            f.state === 'ok' || f.required ? f.state : `${f.state} (optional)`,
            f.version ?? '',
            f.path ?? '',
          ]),
        ),
      );
      for (const f of findings.filter((x) => x.install !== undefined)) {
        session.terminal.out(`\n${f.label} ${f.purpose}. Get it with:\n  ${f.install}\n`);
      }
      for (const f of findings) if ('note' in f) session.terminal.out(`\n${f.label}: ${f.note}\n`);
    });
}
