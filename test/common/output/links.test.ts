import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../../extension/common/error.ts';
import { writeFileAtomic } from '../../../extension/common/files.ts';
import { RECORDS } from '../../../extension/common/output/record.ts';
import { writeOutput, writeOutputs } from '../../../extension/common/output/writeOutputs.ts';
import { writeProject } from '../../../extension/project/write.ts';

/** All that lies below a folder, as text: links by where they point, files by what they hold. */
function tree(folder: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(path.join(folder, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    const file = path.join(folder, name);
    if (entry.isSymbolicLink()) found[name] = `-> ${readlinkSync(file)}`;
    else if (entry.isFile()) found[name] = readFileSync(file, 'latin1');
    else Object.assign(found, { [name]: 'folder' }, tree(folder, name));
  }
  return found;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const overwrite = (): Promise<'overwrite'> => Promise.resolve('overwrite');

/** Names that links have in the folder of the outputs; some are on the way of an output, some are one. */
const LINKS = [
  'a',
  'b',
  'sub',
  'sub/a',
  'sub/deep',
  '.glowport',
  '.glowport/generated.json',
  '.glowport/files',
];
const OUTPUTS = ['a', 'b', 'sub/a', 'sub/deep/c', 'sub/b'];
/** What a link points at, seen from the folder `out`, whose neighbour is `outside`. */
const TARGETS = [
  '../outside/victim',
  '../outside/folder',
  '../outside/missing',
  '../outside',
  '..',
  'inside/kept',
  'inside',
  'nowhere',
  '/nonexistent/x',
  'a',
  'b',
  'sub',
  '.',
];

describe('common/output: links', () => {
  let root: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip(); // links need a permission there
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'glowport-links-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A folder for outputs with a neighbour that nobody may touch. */
  function place(): { at: string; out: string; outside: string } {
    const at = mkdtempSync(path.join(root, 'x'));
    const out = path.join(at, 'out');
    const outside = path.join(at, 'outside');
    mkdirSync(path.join(outside, 'folder', 'deep'), { recursive: true });
    mkdirSync(path.join(outside, 'empty'));
    for (const file of ['victim', 'a', 'generated.json', 'folder/a', 'folder/deep/c'])
      writeFileSync(path.join(outside, file), 'foreign');
    mkdirSync(path.join(out, 'inside'), { recursive: true });
    writeFileSync(path.join(out, 'inside', 'kept'), 'foreign');
    return { at, out, outside };
  }

  const link = fc.record({ name: fc.constantFrom(...LINKS), target: fc.constantFrom(...TARGETS) });
  const records = [undefined, RECORDS.project, RECORDS.bundle('net'), RECORDS.file('a')];

  it('never lead out of the folder, whichever lie in it, whatever was said about overwriting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(link, { maxLength: 5 }),
        fc.uniqueArray(fc.constantFrom(...OUTPUTS), { minLength: 1 }),
        fc.constantFrom(...records),
        fc.constantFrom('ask', 'atomic', 'project'),
        async (links, names, record, way) => {
          const { out, outside } = place();
          for (const { name, target } of links) {
            const at = path.join(out, name);
            const relative = path.relative(path.dirname(at), path.join(out, target)) || '.';
            try {
              mkdirSync(path.dirname(at), { recursive: true });
              symlinkSync(path.isAbsolute(target) ? target : relative, at);
            } catch {
              // an earlier link is in the way
            }
          }
          const before = tree(outside);
          const files = new Map(names.map((name) => [name, `ours ${name}`]));
          try {
            if (way === 'atomic')
              for (const [name, text] of files) await writeFileAtomic(path.join(out, name), text, out);
            else if (way === 'project') await writeProject(out, files, { confirmOverwrite: overwrite });
            else
              await writeOutputs(out, files, { ...(record ? { record } : {}), confirmOverwrite: overwrite });
          } catch (e) {
            assert.ok(e instanceof UserError && e.code === 'input', String(e));
          }
          assert.deepEqual(tree(outside), before);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('lead a record that came with the folder to no file outside: none is removed, whatever it says', async () => {
    const name = fc.constantFrom(
      ...[
        'up/victim',
        'up/folder/a',
        'sub/up/victim',
        '../outside/victim',
        'sub/../../outside/victim',
        './up/victim',
      ],
      ...[
        'C:/victim',
        'C:victim',
        '..\\outside\\victim',
        '\\\\host\\victim',
        'up//victim',
        'file',
        'chain/victim',
        '',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1 }), fc.boolean(), async (named, isPending) => {
        const { out, outside } = place();
        mkdirSync(path.join(out, 'sub'));
        mkdirSync(path.join(out, '.glowport'));
        symlinkSync('../outside', path.join(out, 'up'));
        symlinkSync('up', path.join(out, 'chain'));
        symlinkSync(outside, path.join(out, 'sub', 'up'));
        symlinkSync('../outside/victim', path.join(out, 'file'));
        const all = [...named, path.join(outside, 'victim')];
        const files = Object.fromEntries(all.map((n) => [n, sha256('foreign')]));
        const text = JSON.stringify(isPending ? { files: {}, pending: files } : { files });
        writeFileSync(path.join(out, '.glowport/generated.json'), text);
        const before = tree(outside);
        const links = ['up', 'chain', 'sub/up', 'file'];
        await writeProject(out, new Map([['a.c', 'ours']]));
        assert.deepEqual(tree(outside), before);
        for (const at of links) assert.ok(lstatSync(path.join(out, at)).isSymbolicLink(), at);
      }),
      { numRuns: 30 },
    );
  });

  it('are nothing that a record which is no record can use', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`up/${i}`, sha256('foreign')]));
    const hash = sha256('foreign');
    for (const value of [
      [],
      [['up/victim', hash]],
      { files: ['up/victim'] },
      { files: { 'up/victim': [hash] } },
      { files: { 'up/victim': { hash } } },
      { files: many },
      { files: 'up/victim' },
      { files: { 'up/victim': hash }, padding: 'x'.repeat(5 << 20) },
      null,
    ]) {
      const { out, outside } = place();
      symlinkSync('../outside', path.join(out, 'up'));
      mkdirSync(path.join(out, '.glowport'));
      writeFileSync(path.join(out, '.glowport/generated.json'), JSON.stringify(value));
      const before = tree(outside);
      await writeProject(out, new Map([['a.c', 'ours']]));
      assert.deepEqual(tree(outside), before);
      assert.equal(readFileSync(path.join(out, 'a.c'), 'utf8'), 'ours');
    }
  });

  it('that lead out are refused by their name, before anything is written', async () => {
    const { out } = place();
    symlinkSync('../outside/victim', path.join(out, 'net.h'));
    const before = tree(out);
    const files = new Map([
      ['net.c', '1'],
      ['net.h', '2'],
    ]);
    await assert.rejects(
      writeOutputs(out, files, { record: RECORDS.bundle('net'), confirmOverwrite: overwrite }),
      /^UserError: net\.h in .*\/out leads out of that folder by a link\.$/,
    );
    await assert.rejects(
      writeOutput(path.join(out, 'net.h'), '2', { confirmOverwrite: overwrite }),
      /net\.h in/,
    );
    assert.deepEqual(tree(out), before);
  });

  it('that stay in the folder are followed', async () => {
    const { out } = place();
    symlinkSync('inside/kept', path.join(out, 'a'));
    await assert.rejects(writeOutput(path.join(out, 'a'), 'ours', {}), /did not write .*: a\.$/);
    await writeOutput(path.join(out, 'a'), 'ours', { confirmOverwrite: overwrite });
    assert.equal(readFileSync(path.join(out, 'inside', 'kept'), 'utf8'), 'ours');
    assert.ok(lstatSync(path.join(out, 'a')).isSymbolicLink());
  });

  it('of the other kind, hard ones, are cut: the file outside keeps its bytes', async () => {
    const { linkSync } = await import('node:fs');
    const { out, outside } = place();
    linkSync(path.join(outside, 'victim'), path.join(out, 'a'));
    await assert.rejects(writeOutput(path.join(out, 'a'), 'ours', {}), /did not write/);
    await writeOutput(path.join(out, 'a'), 'ours', { confirmOverwrite: overwrite });
    assert.equal(readFileSync(path.join(outside, 'victim'), 'utf8'), 'foreign');
  });
});
