import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { EXIT } from '../../extension/cli/exit.ts';
import { glowport, model, sample, temporaryFolder } from './support.ts';

const MODEL = ['mnist.onnx', '--samples', 'digit.png'];
/** Every command that writes files for its user, with a place of its own for them. */
const COMMANDS: Readonly<Record<string, { readonly out: string; readonly args: readonly string[] }>> = {
  image: { out: 'test.inc', args: ['image', 'digit.png', '--out', 'test.inc'] },
  profile: { out: 'ranges.yaml', args: ['profile', ...MODEL, '--out', 'ranges.yaml'] },
  compile: { out: '.', args: ['compile', ...MODEL, '--board', 'frdmke16z', '--out', '.'] },
  generate: {
    out: 'project',
    args: ['generate', 'bundle', '--board', 'frdmke16z', '--input', 'digit.png', '--out', 'project'],
  },
  port: {
    out: 'project',
    args: ['port', ...MODEL, '--board', 'frdmke16z', '--run', 'none', '--no-save', '--out', 'project'],
  },
};

describe('cli: files of others', () => {
  let root: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    root = await temporaryFolder();
    copyFileSync(model, path.join(root.path, 'mnist.onnx'));
    const args = ['compile', 'mnist.onnx', '--board', 'frdmke16z', '--samples', sample, '--out', 'bundle'];
    assert.equal((await glowport(root.path, ...args)).code, 0);
  });
  after(() => root.dispose());

  /** A folder in which the user works, with a model, an image and a bundle. */
  function workplace(): string {
    const folder = mkdtempSync(path.join(root.path, 'user-'));
    copyFileSync(model, path.join(folder, 'mnist.onnx'));
    copyFileSync(sample, path.join(folder, 'digit.png'));
    symlinkSync(path.join(root.path, 'bundle'), path.join(folder, 'bundle'));
    return folder;
  }
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      );
  const contents = (folder: string): Record<string, string> =>
    Object.fromEntries(files(folder).map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]));
  /** What a command writes into an empty workplace. */
  async function outputsOf(args: readonly string[]): Promise<string[]> {
    const folder = workplace();
    const there = files(folder);
    const { code, err } = await glowport(folder, ...args);
    assert.equal(code, 0, err);
    return files(folder).filter((name) => !there.includes(name) && !/\.glowport\/|\/build\//.test(name));
  }

  for (const [name, { out, args }] of Object.entries(COMMANDS)) {
    it(`${name} leaves them byte for byte, whichever of its outputs they are, and says which and what to do`, async () => {
      const outputs = await outputsOf(args);
      assert.ok(outputs.length > 0);
      const planted = fc.dictionary(fc.constantFrom(...outputs), fc.string({ unit: 'binary' }), {
        minKeys: 1,
      });
      await fc.assert(
        fc.asyncProperty(planted, async (foreign) => {
          const folder = workplace();
          for (const [file, text] of Object.entries(foreign)) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            writeFileSync(path.join(folder, file), text);
          }
          const before = contents(folder);
          const { code, err } = await glowport(folder, ...args);
          assert.equal(code, EXIT.input, err);
          const named = Object.keys(foreign).map((file) =>
            path.relative(path.join(folder, out), path.join(folder, file)),
          );
          const shown = out.includes('.') && out !== '.' ? [out] : named.sort().slice(0, 5);
          for (const file of shown) assert.ok(err.includes(file), `${err} names ${file}`);
          assert.match(err, /--overwrite writes over them\.\n$/);
          assert.deepEqual(contents(folder), before);
        }),
        { numRuns: name === 'port' || name === 'compile' ? 2 : 4 },
      );
    });

    it(`${name} writes over them when told so, then over its own, and not over what was edited since`, async () => {
      const folder = workplace();
      const [first] = await outputsOf(args);
      const file = path.join(folder, first!);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, 'foreign');
      const told = await glowport(folder, ...args, '--overwrite');
      assert.equal(told.code, 0, told.err);
      const ours = readFileSync(file);
      assert.notEqual(String(ours), 'foreign');
      const changed = name === 'image' ? ['--type', 'uint8'] : ['--image-mode', '0to255'];
      const again = await glowport(folder, ...args, ...(name === 'generate' ? [] : changed));
      assert.equal(again.code, 0, again.err);
      writeFileSync(file, `${String(ours)} edited`);
      const refused = await glowport(folder, ...args);
      assert.equal(refused.code, EXIT.input);
      assert.match(readFileSync(file, 'latin1'), / edited$/);
    });
  }

  it('bundles of two names stand side by side, and nothing of others goes', async () => {
    const folder = workplace();
    writeFileSync(path.join(folder, 'mnist.notes'), 'mine');
    const compile = COMMANDS['compile']!.args;
    assert.equal((await glowport(folder, ...compile)).code, 0);
    assert.equal((await glowport(folder, ...compile, '--name', 'other')).code, 0);
    const there = readdirSync(folder);
    for (const file of ['mnist.c', 'other.c', 'mnist.notes', 'mnist.onnx'])
      assert.ok(there.includes(file), file);
  });

  it('an image goes into a project in place of the one that a port put there', async () => {
    const folder = workplace();
    assert.equal((await glowport(folder, ...COMMANDS['port']!.args)).code, 0);
    const image = ['image', 'digit.png', '--type', 'uint8', '--out', 'project/source/test_image.inc'];
    const result = await glowport(folder, ...image);
    assert.equal(result.code, 0, result.err);
  });

  it('an input is never an output, by whatever name, however often it was said', async function () {
    if (process.platform === 'win32') this.skip(); // links need a permission there
    const names: Readonly<Record<string, (folder: string, input: string) => void>> = {
      itself: () => undefined,
      link: (folder, input) => symlinkSync(input, path.join(folder, 'link')),
      chain: (folder, input) => {
        symlinkSync(input, path.join(folder, 'one'));
        symlinkSync('one', path.join(folder, 'chain'));
      },
      hard: (folder, input) => linkSync(path.join(folder, input), path.join(folder, 'hard')),
      'here/': (folder) => symlinkSync('.', path.join(folder, 'here')),
    };
    for (const [input, args] of [
      ['digit.png', ['image', 'digit.png']],
      ['mnist.onnx', ['profile', ...MODEL]],
      ['digit.png', ['profile', ...MODEL]],
    ] as const) {
      for (const [name, make] of Object.entries(names)) {
        const folder = workplace();
        make(folder, input);
        const out = name === 'itself' ? input : name.endsWith('/') ? name + input : name;
        const before = contents(folder);
        for (const more of [[], ['--overwrite']]) {
          const { code, err } = await glowport(folder, ...args, '--out', out, ...more);
          assert.equal(code, EXIT.input, err);
          assert.match(err, / is an input of this command and would be written over\. Choose another place/);
          assert.deepEqual(contents(folder), before);
        }
      }
    }
  });

  it('a folder that nobody chose and that a link leads elsewhere is not written into', async function () {
    if (process.platform === 'win32') this.skip(); // links need a permission there
    for (const [name, usual] of [
      ['compile', 'mnist-bundle'],
      ['generate', 'mnist-frdmke16z'],
      ['port', 'mnist-frdmke16z'],
    ] as const) {
      const folder = workplace();
      const elsewhere = mkdtempSync(path.join(root.path, 'elsewhere-'));
      symlinkSync(elsewhere, path.join(folder, usual));
      const { code, err } = await glowport(folder, ...COMMANDS[name]!.args.slice(0, -2));
      assert.equal(code, EXIT.input, err);
      assert.match(err, new RegExp(`${usual} in .* leads out of that folder by a link`));
      assert.deepEqual(readdirSync(elsewhere), []);
    }
  });

  it('a glowport.json that is none stays, with and without a model', async () => {
    const folder = workplace();
    writeFileSync(path.join(folder, 'glowport.json'), '{"mine": true}');
    const port = COMMANDS['port']!.args.filter((arg) => arg !== '--no-save');
    const { code, err } = await glowport(folder, ...port);
    assert.equal(code, EXIT.input);
    assert.match(err, /glowport\.json lacks the key "model"\. Mend .* or delete it/);
    assert.equal(readFileSync(path.join(folder, 'glowport.json'), 'utf8'), '{"mine": true}');
    rmSync(folder, { recursive: true });
  });
});
