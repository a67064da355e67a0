import { unescaped } from '../../common/escapes.ts';
import { grouped } from '../../common/grouped.ts';
import type { MonitorCommand, MonitorTarget } from './monitorCommand.ts';
import { NETWORK_COMMANDS } from './networkCommands.ts';

/** The longest text that goes to the UART at once. */
const MOST_TEXT = 4096;

const COMMANDS: Readonly<Record<string, MonitorCommand>> = {
  help: { help: 'lists these commands', run: () => helpText() },
  reset: {
    help: 'presses the reset button; then "maintenance flush register-cache", for GDB remembers registers ("run" does both)',
    run: ({ debuggee }) => {
      debuggee.change({ kind: 'reset' });
      return 'The board stands at its first instruction.';
    },
  },
  cycles: {
    help: 'core cycles since the board was last resumed, and since power-on',
    run: ({ debuggee: { cyclesSinceResumed, machine } }) =>
      `${grouped(cyclesSinceResumed)} cycles since it was resumed, ${grouped(machine.cycles)} since power-on`,
  },
  uart: {
    argument: 'TEXT',
    help: 'sends text to the console UART; \\n, \\r, \\t, \\\\ and \\xHH stand for bytes',
    run: ({ debuggee }, argument) => {
      if (debuggee.machine.board.console === undefined) return 'This board has no console.';
      if (argument === '' || argument.length > MOST_TEXT)
        return `Give a text of 1 to ${MOST_TEXT} characters.`;
      const bytes = unescaped(argument);
      debuggee.change({ kind: 'uart', bytes });
      return `${bytes.length} bytes are on their way.`;
    },
  },
  snapshots: {
    help: 'what is kept for going back',
    run: ({
      debuggee: {
        history: { figures },
      },
    }) =>
      `${figures.snapshots} snapshots, ${grouped(figures.bytes)} bytes; the past is known from cycle ${grouped(figures.begin)} on`,
  },
  ...NETWORK_COMMANDS,
  fault: {
    help: 'the last fault, in one sentence',
    run: ({ debuggee: { fault, machine } }) => (fault ?? machine.fault)?.message ?? 'No fault since reset.',
  },
};

/** Answers what follows GDB's `monitor`. @returns text for its user */
export async function monitor(target: MonitorTarget, line: string): Promise<string> {
  const [, name = '', argument = ''] = /^\s*(\S*) ?([^]*)$/.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return `There is no "${name.slice(0, 40)}".\n${helpText()}\n`;
  return `${await command.run(target, argument)}\n`;
}

function helpText(): string {
  const lines = Object.entries(COMMANDS).map(([name, { argument, help }]) =>
    `monitor ${name}${argument ? ` ${argument}` : ''}`.padEnd(32).concat(help),
  );
  return lines.join('\n');
}
