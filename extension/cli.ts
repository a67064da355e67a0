#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';
import { processTasks, processTerminal } from './cli/terminal.ts';

/** The command line's entry. Ctrl-C cancels what runs and cleans up; a second one ends at once. */
const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  });
}
void runCommandLine(process.argv.slice(2), processTerminal(), cancel.signal, processTasks).then((code) => {
  process.exitCode = code;
});
