import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import path from 'node:path';

/** A task of tasks.json. */
export interface Task {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };
  readonly dependsOn?: string;
  readonly problemMatcher?: readonly Matcher[];
}

interface Matcher {
  readonly fileLocation: readonly string[];
  readonly severity: string;
  readonly pattern: { readonly regexp: string } & Readonly<Record<string, number>>;
}

/** A configuration of launch.json. */
export interface Launch {
  readonly name: string;
  readonly type: string;
  readonly cwd?: string;
  readonly debuggerArgs?: readonly string[];
  readonly preLaunchTask?: string;
  readonly [more: string]: unknown;
}

/** What VS Code's variables stand for. */
export interface Places {
  readonly workspaceFolder: string;
  readonly userHome: string;
}

type Files = ReadonlyMap<string, string | Uint8Array>;

export function tasksOf(files: Files): Task[] {
  return (JSON.parse(String(files.get('.vscode/tasks.json'))) as { tasks: Task[] }).tasks;
}

export function launchesOf(files: Files): Launch[] {
  return (JSON.parse(String(files.get('.vscode/launch.json'))) as { configurations: Launch[] })
    .configurations;
}

/** As VS Code fills its variables in. */
export function filled(text: string, { workspaceFolder, userHome }: Places): string {
  return text.replaceAll('${workspaceFolder}', workspaceFolder).replaceAll('${userHome}', userHome);
}

/** Runs a task's program as VS Code does, without those that it depends on. */
export function runTask({ command, args, options }: Task, places: Places): SpawnSyncReturns<string> {
  const env = Object.fromEntries(
    Object.entries(options.env ?? {}).map(([name, value]) => [name, filled(value, places)]),
  );
  return spawnSync(
    command,
    args.map((arg) => filled(arg, places)),
    {
      cwd: filled(options.cwd, places),
      env: { ...process.env, HOME: places.userHome, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
}

/** What a task's problem matchers find in its output, with files as VS Code resolves them: in full, else in the workspace. */
export function problemsIn(output: string, { problemMatcher = [] }: Task, places: Places) {
  return output.split('\n').flatMap((line) =>
    problemMatcher.flatMap(({ fileLocation, severity, pattern }) => {
      const found = new RegExp(pattern.regexp).exec(line);
      const part = (name: string): string | undefined => found?.[pattern[name] ?? -1];
      if (!found) return [];
      const [, base = ''] = fileLocation;
      return [
        {
          file: path.resolve(filled(base, places), part('file')!),
          line: Number(part('line')),
          column: Number(part('column') ?? 1),
          severity: part('severity') ?? severity,
          text: part('message')!,
        },
      ];
    }),
  );
}

export function isMissing(program: string): boolean {
  return spawnSync(program, ['--version']).error !== undefined;
}
