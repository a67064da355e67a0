import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import type { CommandResult } from '../cli/support.ts';

const PARTS = [
  ...['extension', 'webview', 'templates', 'bench'],
  ...[
    'package.json',
    'tsconfig.json',
    'esbuild.mjs',
    'notices.mjs',
    'eslint.config.js',
    'eslint.house.mjs',
    'eslint.walls.mjs',
  ],
];

/**
 * A copy of the product's source in a temporary folder, to which a test adds a part that it makes up (a board, a format, a
 * kernel): all that such a part takes is seen in the test, and the copy's own command line has it.
 */
export class ProductCopy {
  readonly root: string;
  /** The folder that its command lines run in: a user's, empty at first. */
  readonly work: string;
  /** Whether its bundles are those of its source. */
  #isBuilt = false;

  private constructor(root: string, work: string) {
    this.root = root;
    this.work = work;
  }

  static async make(): Promise<ProductCopy> {
    const [root, work] = await Promise.all([newFolder('copy'), newFolder('work')]);
    for (const name of PARTS) {
      await cp(path.join(productRoot, name), path.join(root, name), { recursive: true });
    }
    await symlink(path.join(productRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
    return new ProductCopy(root, work);
  }

  /** Adds a file, and fails where there is one. @param name with `/`, from the product's root */
  async addFile(name: string, text: string): Promise<void> {
    this.#isBuilt = false;
    await writeFile(path.join(this.root, name), text, { flag: 'wx' });
  }

  /** Adds a line to a file: behind the only one that holds a text, or at the end. */
  async addLine(name: string, line: string, behind?: string): Promise<void> {
    this.#isBuilt = false;
    const file = path.join(this.root, name);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const places = behind === undefined ? lines.slice(-1) : lines.filter((l) => l.includes(behind));
    assert.equal(places.length, 1, `lines of ${name} with ${behind}`);
    await writeFile(file, `${lines.toSpliced(lines.lastIndexOf(places[0]!) + 1, 0, line).join('\n')}\n`);
  }

  /** Runs the copy's command line as `glowport` does, and gives what it printed; it must succeed. */
  async run(...args: string[]): Promise<string> {
    const { code, out, err } = await this.glowport(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${err}`);
    return out;
  }

  /** Runs the copy's command line as a process in its work folder, built anew when the source has changed. */
  async glowport(...args: string[]): Promise<CommandResult> {
    if (!this.#isBuilt) {
      const built = await this.#node(this.root, 'esbuild.mjs');
      assert.equal(built.code, 0, built.err);
      this.#isBuilt = true;
    }
    return this.#node(this.work, path.join(this.root, 'dist', 'cli.cjs'), ...args);
  }

  #node(cwd: string, ...args: string[]): Promise<CommandResult> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });
  }

  async dispose(): Promise<void> {
    for (const folder of [this.root, this.work]) await rm(folder, { recursive: true, force: true });
  }
}

async function newFolder(name: string): Promise<string> {
  return realpath(await mkdtemp(path.join(tmpdir(), `glowport-${name}-`)));
}
