import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { bspView } from '../../extension/project/bspView.ts';
import { render } from '../../extension/project/render.ts';
import type { SdkLayout } from '../../extension/sdk/layout.ts';
import { helloWorld } from '../project/mcuxpresso/projects.ts';

/*
 * An MCUXpresso SDK of our own making for one board: the files that its recipe names, where each kind of SDK has them. What is
 * in them is our own board support, so that firmware on it builds and boots; drivers that this does not need are empty.
 */

/** Where an SDK of this kind has a file of the repository. */
export function placeIn(layout: SdkLayout, file: string, board: BoardData): string {
  const device = board.sdk.deviceFolder;
  if (layout === 'package') {
    return file
      .replace(/^drivers\/\w+\//, `${device}/drivers/`)
      .replace(/^utilities\//, `${device}/utilities/`)
      .replace('project_template/pin_mux', 'demo_apps/hello_world/pin_mux');
  }
  if (layout === 'mcuxsdk') {
    return file
      .replace(/^devices\//, 'devices/Kinetis/KE/')
      .replace(/^utilities\//, 'components/')
      .replace(/^boards\/(\w+)\/project_template\//, 'examples/_boards/$1/common/pin_mux/')
      .replace(/^boards\//, 'examples/_boards/');
  }
  return file;
}

/**
 * The SDK's files by path, as its root has them.
 * @param of a board with board support of our own
 * @param init the calls of its hello_world; without them it has none
 */
export function ownSdk(
  layout: SdkLayout,
  of: string | BoardData = 'frdmke16z',
  init?: readonly string[],
): Map<string, string> {
  const board = typeof of === 'string' ? findBoard(of) : of;
  const { id: boardId, sdk } = board;
  const view = bspView(board, board.bsp!, 512);
  const own = (name: string): string => render(`bsp/${name}`, view);
  const named = (ending: string): string => sdk.sources.find((s) => s.endsWith(ending))!;
  const header = (source: string): string => source.replace(/\.c$/, '.h');
  const texts = new Map<string, string>(sdk.sources.map((s) => [s, '/* nothing of it is needed here */\n']));
  texts.set(
    sdk.sources.find((s) => /\/system_\w+\.c$/.test(s))!,
    own('startup.c'),
  );
  texts.set(sdk.linkerScript, own('linker.ld'));
  texts.set(`${sdk.deviceFolder}/fsl_device_registers.h`, own('fsl_device_registers.h'));
  for (const [name, place] of [
    ['fsl_debug_console.c', named('fsl_debug_console.c')],
    ['board.c', named('/board.c')],
    ['clock_config.c', named('/clock_config.c')],
    ['pin_mux.c', sdk.pinMux],
  ] as const) {
    texts.set(place, own(name));
    texts.set(header(place), own(header(name)));
  }
  const placed = new Map([...texts].map(([file, text]) => [placeIn(layout, file, board), text]));
  for (const name of ['core_cm0plus.h', 'core_cm7.h']) {
    placed.set(`${layout === 'mcuxsdk' ? 'arch/arm/' : ''}CMSIS/Core/Include/${name}`, '');
  }
  for (const [file, text] of Object.entries(versions[layout])) placed.set(file, text);
  if (init && layout === 'mcuxsdk') {
    const calls = init.map((call) => `    ${call};\n`).join('');
    const folder = 'demo_apps/hello_world';
    placed.set(`examples/${folder}/hello_world.c`, helloWorld(['BOARD_InitHardware()']));
    placed.set(
      `examples/_boards/${boardId}/${folder}/hardware_init.c`,
      `void BOARD_InitHardware(void)\n{\n${calls}}\n`,
    );
  } else if (init) {
    const folder = layout === 'package' ? `boards/${boardId}` : `../examples/${boardId}`;
    placed.set(`${folder}/demo_apps/hello_world/hello_world.c`, helloWorld(init));
  }
  return placed;
}

const versions: Readonly<Record<SdkLayout, Readonly<Record<string, string>>>> = {
  'mcux-sdk': { 'west.yml': '    revision: MCUX_2.16.000\n' },
  package: { 'OWN_manifest_v3_14.xml': '<x><ksdk id="a" name="b" version="2.16.000" revision="r"/></x>' },
  mcuxsdk: { MCUX_VERSION: 'CURRENT_YEAR = 25\nVERSION_MAJOR = 12\nVERSION_MINOR = 00\n' },
};

/** Writes such an SDK into a folder. */
export async function layOwnSdk(root: string, files: ReadonlyMap<string, string>): Promise<string> {
  for (const [name, text] of files) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return root;
}
