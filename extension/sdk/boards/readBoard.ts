import path from 'node:path';
import { type BoardData, boards } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { type BoardHeader, readBoardHeader } from './boardHeader.ts';
import { bootParts, bootSourcesOf } from './bootHeader.ts';
import { chipNames } from './chip.ts';
import { coreClockAfter } from './clockConfig.ts';
import { coreFacts, type CoreFacts, cpuFlags, type DeviceCore } from './device.ts';
import { type Macros, macrosOf } from './directives.ts';
import { familyOf, isApplicationProcessor, isSignalController } from './family.ts';
import type { FileIndex } from './fileIndex.ts';
import { deviceOf, foldersOf, linkerScriptOf, partOf, type ReadSdk } from './findDevice.ts';
import { boardFolderOf, sourcePlaces } from './places.ts';
import { notFound } from './problem.ts';
import { runnerNames } from './runner.ts';
import { mentionedComponents, neededSources, placeOf, type SourceSearch } from './sources.ts';

/** CMSIS's number of each core. */
const CORTEX_M = { 'cortex-m0plus': 0, 'cortex-m33': 33, 'cortex-m7': 7 } as const;
/** Firmware with PRINTF_ADVANCED_ENABLE leaves nothing of a flash that is no larger. */
const NO_ADVANCED_PRINTF = 16 * 1024;
/** What startup code of some devices does only where it is told. */
const STARTUP_MACROS = ['__STARTUP_CLEAR_BSS', '__STARTUP_INITIALIZE_NONCACHEDATA'];
const HEADERS = [
  'fsl_device_registers.h',
  'fsl_debug_console.h',
  'pin_mux.h',
  'clock_config.h',
  'board.h',
] as const;
/** Console, and what it and the C library call. */
const UTILITIES = ['fsl_debug_console.c', 'fsl_str.c', 'fsl_assert.c', 'fsl_sbrk.c', 'fsl_syscall_stub.c'];

/**
 * A board as the SDK's own files describe it: memories from the linker script, core and FPU from the device's header,
 * console from board.h, clock from clock_config, flash tools from board_runner.cmake, and the sources that these need.
 * @throws UserError `input` naming the fact that is missing and the file that does not say it
 */
export async function readSdkBoard(sdk: ReadSdk, id: string): Promise<BoardData> {
  const { index, layout } = sdk;
  const folder = boardFolderOf(layout, id);
  const header = await textOf(index, `${folder}/board.h`);
  if (header === '') throw notFound(id, say`the board`, `${folder}/board.h`);
  const { name = id.toUpperCase(), uart, baudRate = 115200, attach } = readBoardHeader(header);
  const { part, deviceFolder, cpu, facts } = await processorOf(sdk, name, folder);
  if (uart === undefined) throw notFound(name, say`the UART of its console`, `${folder}/board.h`);
  const script = await linkerScriptOf(index, deviceFolder, cpu, part);
  if (!script) throw notFound(name, say`its flash and RAM`, `${deviceFolder}/gcc/*_flash.ld`);
  const { memories } = script;
  const coreFolder = cpu.suffix.replace(/^_/, '');

  const boot = bootParts(memories);
  const defines = [cpu.macro, ...boot.defines];
  const macros = await macrosFor(index, deviceFolder, cpu, facts, defines);
  const files = await boardSources(index, name, folder, coreFolder);
  const search: SourceSearch = {
    index,
    boardFolders: [...new Set([files.pinMux, files.clock, files.board].map((f) => path.posix.dirname(f)))],
    deviceFolders: await foldersOf(index, deviceFolder),
    components: await componentsOf(index, folder, deviceFolder),
    macros,
  };
  const startup = `${deviceFolder}/gcc/startup_${cpu.header}.S`;
  const first = [
    startup,
    `${deviceFolder}/system_${cpu.header}.c`,
    ...Object.values(files),
    ...(await utilities(search, name, adapterOf(uart, macros))),
    ...(await bootSourcesOf(index, folder, search.deviceFolders, boot, name)),
  ];
  for (const file of first) {
    if (!(await textOf(index, file)))
      throw notFound(name, say`${path.posix.basename(file)}`, path.posix.dirname(file));
  }
  const example = await exampleOf(index, folder, coreFolder);
  const found = await neededSources(search, first, example.files);
  const [lost] = found.lost;
  if (lost) {
    throw refused(
      say`${name} cannot be built for: ${lost[0]}, which ${lost[1]} includes, is not in the SDK.`,
    );
  }
  if (await needsPowerLibrary(index, deviceFolder, found.sources, files.clock)) {
    throw refused(
      say`${name} cannot be built for: this SDK has its power driver as a library only; newer ones have the source.`,
    );
  }
  const clock = await clockOf(index, name, files.clock, example.text, macros);
  const chip = chipNames(await textOf(index, `${deviceFolder}/Kconfig.chip`), part);
  const device = chip.device ?? script.model;
  const runner = await textOf(index, `${folder}/board_runner.cmake`);
  const attaching =
    attach && (await attachCall(search, attach, example.text + (await textOf(index, files.board))));
  const like = predecessorOf(id);
  return {
    id,
    name,
    family: familyOf(part),
    partNumber: part,
    processor: device,
    core: facts.core,
    fpu: facts.fpu,
    coreClockHz: clock.hertz,
    flash: memories.flash,
    ram: memories.ram,
    console: { name: uart, baudRate },
    clock: { mode: clock.call },
    timing: like?.timing ?? { cyclesFactor: 1, note: UNKNOWN_TIMING },
    init: {
      headers: HEADERS,
      calls: [
        ...(/\bvoid\s+BOARD_ConfigMPU\s*\(/.test(header) ? ['BOARD_ConfigMPU()'] : []),
        ...(attaching === undefined ? [] : [attaching]),
        ...['BOARD_InitBootPins()', `${clock.call}()`, 'BOARD_InitDebugConsole()'],
      ],
      note: `As ${folder} has them.`,
    },
    compile: { cpuFlags: cpuFlags(facts), defines },
    sdk: {
      boardFolder: folder,
      deviceFolder,
      coreFolder,
      linkerScript: script.file,
      codeOffset: memories.codeOffset,
      asmDefines: await startupMacros(index, startup),
      printfAdvanced: memories.flash.size > NO_ADVANCED_PRINTF,
      vectorChecksum: /^LPC(8|51U)/.test(part),
      sources: found.sources.filter((s) => s !== files.pinMux),
      includeDirs: [...new Set([...search.boardFolders, ...registersIn(search), ...found.includeDirs])],
      pinMux: files.pinMux,
    },
    probes: like?.probes ?? [],
    flashTools: {
      ...like?.flashTools,
      ...runnerNames(runner, { device, jlink: chip.jlink ?? device }, coreFolder),
    },
    timers: like?.timers ?? [],
    ...(like?.overhead ? { overhead: like.overhead } : {}),
    sources: { all: `${folder}, ${script.file}, ${deviceFolder}/${cpu.header}.h of the SDK` },
  };
}

const UNKNOWN_TIMING =
  'Estimated from the core alone: nobody has measured this board, and what its flash makes it wait is not known.';

/** The board of our catalogue that another one of NXP's followed, with the same processor. */
function predecessorOf(id: string): BoardData | undefined {
  return boards().find((b) => b.successors?.includes(id));
}

async function textOf(index: FileIndex, file: string): Promise<string> {
  return (await index.text(file)) ?? '';
}

/** Whether the board's clocks call what this SDK has in a library only (LPC51U68 up to 2.16). */
async function needsPowerLibrary(
  index: FileIndex,
  deviceFolder: string,
  sources: readonly string[],
  clock: string,
): Promise<boolean> {
  if (!index.namesIn(`${deviceFolder}/gcc`).some((file) => /^libpower\w{0,40}\.a$/.test(file))) return false;
  const driver = sources.find((s) => s.endsWith('/fsl_power.c'));
  const own = driver === undefined ? '' : await textOf(index, driver);
  const called = (await textOf(index, clock)).matchAll(/\b(POWER_Set\w{1,60})\(/g);
  return Array.from(called).some(([, name]) => !own.includes(`${name!}(`));
}

/** What the board's part is, and which of its cores starts. */
async function processorOf(
  sdk: ReadSdk,
  name: string,
  folder: string,
): Promise<{ part: string; deviceFolder: string; cpu: DeviceCore; facts: CoreFacts }> {
  const { index } = sdk;
  const part = await partOf(index, folder);
  if (part === undefined) throw notFound(name, say`its processor`, `${folder}/clock_config.c`);
  if (isApplicationProcessor(part))
    throw refused(say`${name} cannot be built for: Linux starts its Cortex-M.`);
  if (isSignalController(part)) throw refused(say`${name} cannot be built for: its core is not Arm's.`);
  const device = await deviceOf(sdk, part, folder);
  if (!device) throw notFound(name, say`its device ${part}`, 'devices/*/fsl_device_registers.h');
  const { core: cpu, folder: deviceFolder } = device;
  // since SDK 24.12 a part's own header has its registers only, and a common one its core
  const headers = [`${deviceFolder}/${cpu.header}_COMMON.h`, `${deviceFolder}/${cpu.header}.h`];
  const read = await Promise.all(headers.map((h) => index.directives(h)));
  const facts = read.map(coreFacts).find((f) => f !== undefined);
  if (facts === undefined) throw notFound(name, say`its core`, headers[1]!);
  if (typeof facts === 'string') {
    throw refused(say`${name} cannot be built for: GlowPort has no compiler target for its ${facts}.`);
  }
  return { part, deviceFolder, cpu, facts };
}

function refused(sentence: Sentence): UserError {
  return new UserError('board', sentence, { do: 'chooseBoard', which: 'any' });
}

/** Macros that conditions in the SDK's files ask for: what gcc gets and defines, and the device's features. */
async function macrosFor(
  index: FileIndex,
  deviceFolder: string,
  cpu: DeviceCore,
  { core }: CoreFacts,
  defines: readonly string[],
): Promise<Macros> {
  const own = ['SDK_DEBUGCONSOLE=1', 'NDEBUG', '__GNUC__=12', '__arm__=1', `__CORTEX_M=${CORTEX_M[core]}`];
  // what device headers define, which are not read for it
  own.push(`${cpu.header}_SERIES`);
  const features = await index.macros(`${deviceFolder}/${cpu.header}_features.h`);
  return new Map([...features, ...macrosOf([...defines, ...own])]);
}

/** The call that connects the console's clock, where neither the board nor its example does it and the clock driver can. */
async function attachCall(
  search: SourceSearch,
  { call, value }: NonNullable<BoardHeader['attach']>,
  text: string,
): Promise<string | undefined> {
  if (text.includes('CLK_ATTACH') || text.includes('BOARD_InitHardware')) return undefined;
  const driver = await placeOf(search, 'fsl_clock.h');
  return driver !== undefined && (await textOf(search.index, driver)).includes(value) ? call : undefined;
}

/** The three sources of a board that hello_world compiles. */
async function boardSources(
  index: FileIndex,
  name: string,
  folder: string,
  core: string,
): Promise<{ board: string; clock: string; pinMux: string }> {
  const find = async (file: string): Promise<string> => {
    for (const place of sourcePlaces(folder, core, file)) if (await textOf(index, place)) return place;
    throw notFound(name, say`${file}`, folder);
  };
  return {
    board: await find('board.c'),
    clock: await find('clock_config.c'),
    pinMux: await find('pin_mux.c'),
  };
}

async function utilities(search: SourceSearch, name: string, adapter: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of [adapter, ...UTILITIES]) {
    const at = await placeOf(search, file);
    if (at === undefined) throw notFound(name, say`${file}`, 'components, utilities');
    found.push(at);
  }
  return found;
}

/** The debug console's adapter for a UART. */
function adapterOf(uart: string, macros: Macros): string {
  const kind = uart.replace(/\d{1,2}$/, '').toLowerCase();
  const hasFlexcomm = (macros.get('FSL_FEATURE_SOC_FLEXCOMM_COUNT') ?? 0) > 0;
  const name = kind === 'flexcomm' || kind === 'usart' ? (hasFlexcomm ? 'usart' : 'miniusart') : kind;
  return `fsl_adapter_${name}.c`;
}

/** The board's hello_world: files whose headers count, and their text. */
async function exampleOf(
  index: FileIndex,
  folder: string,
  core: string,
): Promise<{ files: string[]; text: string }> {
  const places = (core === '' ? ['.'] : [core, '.']).flatMap((inner) =>
    ['hardware_init.c', 'hello_world.c'].map((name) =>
      path.posix.join(folder, 'demo_apps/hello_world', inner, name),
    ),
  );
  for (const file of places) {
    const text = await textOf(index, file);
    if (text !== '') return { files: [file], text };
  }
  return { files: [], text: '' };
}

/** The core's clock, and the call that sets it. */
async function clockOf(
  index: FileIndex,
  name: string,
  source: string,
  example: string,
  macros: Macros,
): Promise<{ call: string; hertz: number }> {
  const call =
    /\b(BOARD_(?:InitBootClocks|BootClock\w{1,40}))\s?\(/.exec(example)?.[1] ?? 'BOARD_InitBootClocks';
  const header = source.replace(/\.c$/, '.h');
  const [text, declarations] = await Promise.all([textOf(index, source), textOf(index, header)]);
  const hertz = coreClockAfter(call, text, declarations, macros);
  if (hertz === undefined) throw notFound(name, say`its core clock`, header);
  return { call, hertz };
}

/** The device's folder, and where SDK 24.12 and newer keep its registers. */
function registersIn({ deviceFolders }: SourceSearch): string[] {
  const [device, ...more] = deviceFolders;
  return [device!, ...more.filter((f) => /\/periph\w*$/.test(f))];
}

async function startupMacros(index: FileIndex, startup: string): Promise<string[]> {
  const text = await textOf(index, startup);
  return STARTUP_MACROS.filter((macro) => text.includes(macro));
}

async function componentsOf(
  index: FileIndex,
  board: string,
  device: string,
): Promise<SourceSearch['components']> {
  const of = async (folder: string, files: readonly string[]): Promise<Set<string>> =>
    mentionedComponents(await Promise.all(files.map((file) => textOf(index, `${folder}/${file}`))));
  return {
    board: await of(board, ['Kconfig', `set_board_${path.posix.basename(board)}.cmake`]),
    device: await of(device, [
      ...['Kconfig', 'Kconfig.chip'],
      ...index.namesIn(device).filter((name) => /^all_lib_device\w*\.cmake$/.test(name)),
    ]),
  };
}
