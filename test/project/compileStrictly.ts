import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BoardData } from '../../extension/board/catalogue.ts';

/** What a careful C project switches on. */
const strict =
  '-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes ' +
  '-Wcast-align -Wredundant-decls -Wwrite-strings -Werror';

/** Compiles every source of a project but the network's own. */
export function compileStrictly(board: BoardData, project: string, network: string): void {
  const sources = ['source', 'bsp'].flatMap((folder) =>
    readdirSync(path.join(project, folder)).flatMap((name) =>
      name.endsWith('.c') && name !== `${network}.c` ? [path.join(folder, name)] : [],
    ),
  );
  assert.equal(sources.length, 8);
  const flags = [...board.compile.cpuFlags, '-std=gnu99', '-ffreestanding', '-Os', ...strict.split(' ')];
  const args = [...flags, '-Isource', '-Ibsp', '-fsyntax-only', ...sources];
  execFileSync('arm-none-eabi-gcc', args, { cwd: project, stdio: 'pipe' });
}
