import assert from 'node:assert/strict';
import { portCproject } from '../../../extension/project/mcuxpressoIde/cproject.ts';
import { editCmake } from '../../../extension/project/mcuxpressoVscode/block.ts';
import type { ListedSource } from '../../../extension/project/mcuxpressoVscode/listing.ts';
import { cproject } from './projects.ts';

describe('project: edits of foreign files', () => {
  it('leave the old main out of a folder that was not built before', () => {
    const change = {
      network: 'net',
      defines: [],
      exclude: ['source/hello_world.c'],
      include: ['source/main.c'],
      unlink: [],
      language: 'c',
    } as const;
    const once = portCproject(cproject({ name: 'a', folders: ['startup'] }), '.cproject', change);
    assert.equal([...once.matchAll(/<entry excluding="hello_world\.c" [^>]*name="source"/g)].length, 2);
    assert.equal(portCproject(once, '.cproject', change), once);
  });

  for (const end of ['', '\n', '\r\n', '\r']) {
    it(`take a block back out behind a last line that ends with ${JSON.stringify(end)}`, () => {
      const text = `project(a)\nadd_executable(a main.c)${end}`;
      const edit = (before: string, network: string): string =>
        editCmake(before, 'CMakeLists.txt', {
          network,
          defines: [],
          sources: ['source/main.c'],
          exclude: [],
          listed: [],
          target: 'a',
          above: '',
          style: 'sdk-2-cmake',
        });
      const once = edit(text, 'net');
      assert.ok(once.startsWith(text));
      assert.equal(edit(edit(once, 'other'), 'net'), once);
    });
  }

  it('take out the source that is meant, not another one of its name', () => {
    const source = (place: string): ListedSource => ({ path: place, base: undefined, place, by: 'target' });
    const [main, library] = [source('/p/app/main.c'), source('/p/app/lib/main.c')];
    const text = editCmake('add_executable(a ${ALL})\n', 'CMakeLists.txt', {
      ...{
        network: 'net',
        defines: [],
        sources: ['source/main.c'],
        above: '',
        style: 'sdk-2-cmake',
        target: 'a',
      },
      exclude: [main],
      listed: [main, library],
    });
    const pattern = new RegExp(/REGEX "(.*)"/.exec(text)![1]!);
    assert.ok(pattern.test('/p/app/main.c') && !pattern.test('/p/app/lib/main.c'));
  });
});
