import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { findBoard } from '../../../extension/board/catalogue.ts';
import { planRevert, revertChanges } from '../../../extension/project/changeSet.ts';
import { definesMain } from '../../../extension/common/cSource.ts';
import { boardInit } from '../../../extension/project/helloWorld.ts';
import {
  type CprojectChange,
  portCproject,
  readCproject,
} from '../../../extension/project/mcuxpressoIde/cproject.ts';
import {
  type CmakeChange,
  cmakeStyle,
  editCmake,
  targetOf,
  withoutBlock,
} from '../../../extension/project/mcuxpressoVscode/block.ts';
import { readListing } from '../../../extension/project/mcuxpressoVscode/listing.ts';
import { sdkVersion } from '../../../extension/sdk/layout.ts';
import { tinyBundle } from '../../project/tinyBundle.ts';
import { classicProject, componentProject } from '../../project/mcuxpresso/cmakeProjects.ts';
import { cproject, helloWorld } from '../../project/mcuxpresso/projects.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, texts } from '../driver/targets.ts';
import { CaseFolder } from './folder.ts';

const cprojectChange: CprojectChange = {
  network: 'net',
  defines: ['PRINTF_ADVANCED_ENABLE=1', '__USE_CMSIS'],
  exclude: ['source/hello_world.c'],
  include: ['source/main.c'],
  unlink: ['"x.o"'],
  language: 'c',
};
const xmlTokens = ['<', '>', '/>', '</', '<!--', '-->', '<![CDATA[', ']]>', '<!DOCTYPE a [', '<!ENTITY a "b">', '&a;', '&amp;', '&#0;', '<?', '?>', ' value="', '"', "'", '<option ', '<configuration ']; // prettier-ignore
const cmakeTokens = ['(', ')', '"', '\\', '#', '#[[', ']]', '[==[', ']==]', '${', '}', ';', 'add_executable(', 'mcux_add_source(', 'include(', '# >>> GlowPort', '# <<< GlowPort', 'SOURCES', 'BASE_PATH', '\r\n']; // prettier-ignore
const cTokens = ['{', '}', '(', ')', ';', '/*', '*/', '//', '"', "'", '\\\n', '#if', '#endif', '#include "board.h"', 'BOARD_InitPins();', 'int main(void)', 'while', '\r\n']; // prettier-ignore

/** Projects that `into` changes, the SDK's own example, and the files that tell an SDK's version. */
export async function projectTargets(): Promise<Target[]> {
  const bundle = await tinyBundle();
  const cmake = [classicProject(bundle), componentProject(bundle)].flatMap(({ project }) =>
    Object.entries(project)
      .filter(([name]) => name.endsWith('CMakeLists.txt'))
      .map(([, text]) => text),
  );
  const hello = helloWorld(['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()']);
  const folder = new CaseFolder();
  return [
    {
      name: '.cproject',
      corpus: texts(cproject({ name: 'a' }), cproject({ name: 'b', cpp: true, newline: '\r\n', old: true })),
      tokens: xmlTokens,
      check: checkCproject,
    },
    { name: 'CMakeLists.txt', corpus: texts(...cmake), tokens: cmakeTokens, check: checkCmake },
    { name: 'hello_world.c', corpus: texts(hello), tokens: cTokens, check: checkExample },
    {
      name: "an SDK's version",
      corpus: texts(
        '    revision: MCUX_2.16.000\n',
        '<x><ksdk id="a" name="b" version="2.16.000" revision="r"/></x>',
        'CURRENT_YEAR = 25\nVERSION_MAJOR = 12\nVERSION_MINOR = 00\n',
      ),
      tokens: ['<ksdk ', 'version="', 'revision: MCUX_', 'VERSION_MAJOR = '],
      check: async (b) => {
        const root = folder.with({ 'a_manifest_v3.xml': b, 'west.yml': b, MCUX_VERSION: b });
        const version = await sdkVersion(root, ['a_manifest_v3.xml']);
        assert.match(version ?? '0', /^\d+(\.\d+){0,2}$/);
      },
    },
    {
      name: 'record of a port into a project',
      isJson: true,
      corpus: texts(recordText),
      tokens: ['"', '../', '/', '\\\\', '..', 'source', '{', '}', '[', ']', 'null'],
      check: (b) => checkRevert(folder, b),
    },
  ];
}

async function checkCproject(bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString('latin1');
  const facts = await valueOrRefusal(() => readCproject(text, '.cproject'));
  if (!facts) return;
  const once = await valueOrRefusal(() => portCproject(text, '.cproject', cprojectChange));
  if (once === undefined) return;
  assert.equal(portCproject(once, '.cproject', cprojectChange), once, 'a second port changes nothing');
}

async function checkCmake(bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString('latin1');
  await valueOrRefusal(async () => {
    const name = 'CMakeLists.txt';
    const files = { code: ['/p/a.c', '/p/src/main.c'], read: () => Promise.resolve('set(A ${A} a.c)') };
    const { sources: listed, commands } = await readListing(
      `/p/${name}`,
      withoutBlock(text, name),
      name,
      files,
    );
    const style = cmakeStyle(text, commands);
    if (!style) return;
    const change: CmakeChange = {
      ...{ network: 'net', defines: ['A=1'], sources: ['source/main.c'], above: '', style, listed },
      exclude: listed.slice(0, 2),
      target: targetOf(commands) ?? 'a',
    };
    const once = editCmake(text, name, change);
    assert.equal(editCmake(once, name, change), once, 'a second port changes nothing');
  });
}

function checkExample(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  definesMain(text);
  const half = text.slice(text.length >> 1);
  const { calls, headers } = boardInit(findBoard('frdmke16z'), {
    main: text,
    hardwareInit: half,
    declarations: half,
  });
  // they stand in generated C
  for (const call of calls) assert.match(call, /^\w+\([\w\s,|()*&.+-]*\)$/);
  for (const header of headers) assert.match(header, /^\w+\.h$/);
}

const recordText = JSON.stringify({
  version: 1,
  files: [{ path: 'source/net.h', original: null, written: 'a'.repeat(64) }],
  folders: ['source'],
});

/** Whatever a project's record says, nothing outside of the project changes. */
async function checkRevert(folder: CaseFolder, record: Uint8Array): Promise<void> {
  const place = folder.with({
    'outside.txt': 'kept',
    'project/source/net.h': 'ours',
    'project/.glowport/into/record.json': record,
    'project/.glowport/into/source/net.h.bak': 'theirs',
  });
  await valueOrRefusal(() => planRevert(`${place}/project`));
  await valueOrRefusal(() => revertChanges(`${place}/project`, { overwrite: true }));
  assert.deepEqual(readdirSync(place).sort(), ['outside.txt', 'project']);
  assert.equal(readFileSync(`${place}/outside.txt`, 'utf8'), 'kept');
}
