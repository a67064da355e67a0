import path from 'node:path';
import type { SdkLayout } from '../layout.ts';
import { packageOf } from './clockConfig.ts';
import { bootCore, type DeviceCore, deviceCores, isForPart } from './device.ts';
import type { FileIndex } from './fileIndex.ts';
import { type LinkerMemories, linkerMemories } from './linkerScript.ts';

/** An SDK whose boards are read. */
export interface ReadSdk {
  readonly index: FileIndex;
  readonly layout: SdkLayout;
  /** All devices by folder. */
  readonly devices: readonly Device[];
}

interface Device {
  readonly folder: string;
  readonly cores: readonly DeviceCore[];
}

/** Devices of an SDK, from the header that each has. */
export async function readSdkDevices(index: FileIndex, layout: SdkLayout): Promise<ReadSdk> {
  const devices = await Promise.all(
    index.named('fsl_device_registers.h').map(async (file) => ({
      folder: path.posix.dirname(file),
      cores: deviceCores((await index.text(file)) ?? ''),
    })),
  );
  return { index, layout, devices };
}

/** The part on the board: what prj.conf selects since SDK 24.12, else what Config Tools wrote. */
export async function partOf(index: FileIndex, folder: string): Promise<string | undefined> {
  const selected = /^[ \t]*CONFIG_MCUX_HW_DEVICE_PART_(\w{4,40})=y/m.exec(
    (await index.text(`${folder}/prj.conf`)) ?? '',
  );
  if (selected) return selected[1];
  for (const file of ['clock_config.c', 'project_template/clock_config.c', 'project_template/pin_mux.c']) {
    const part = packageOf((await index.text(`${folder}/${file}`)) ?? '');
    if (part !== undefined) return part;
  }
  return undefined;
}

/** The device that has a part, and the core of it that starts. */
export async function deviceOf(
  { index, devices }: ReadSdk,
  part: string,
  board: string,
): Promise<{ folder: string; core: DeviceCore } | undefined> {
  const having = devices.filter((d) => d.cores.some((c) => c.part === part));
  const said = /\bmcux_set_variable\(\s?device\s+"?(\w{1,60})/.exec(
    (await index.text(`${board}/variable.cmake`)) ?? '',
  )?.[1];
  const device = having.find((d) => path.posix.basename(d.folder) === said) ?? having[0];
  const core = device && bootCore(device.cores, part);
  return core && { folder: device.folder, core };
}

/** The script that places code in flash, for this part and core. */
export async function linkerScriptOf(
  index: FileIndex,
  device: string,
  cpu: DeviceCore,
  part: string,
): Promise<{ file: string; model: string; memories: LinkerMemories } | undefined> {
  const scripts = index
    .namesIn(`${device}/gcc`)
    .map((name) => /^([A-Za-z0-9]{3,60})(_cm\w{1,20}?)?_(?:flash|flexspi_nor)\.ld$/.exec(name))
    .filter((match) => match !== null)
    .map(([name, model, core]) => ({ name, model: model!, core: core ?? '' }))
    .filter((s) => s.core === '' || s.core === cpu.suffix);
  const fitting = scripts
    .filter((s) => isForPart(s.model, part))
    .sort((a, b) => b.model.length + b.core.length - a.model.length - a.core.length);
  for (const script of fitting.length > 0 ? fitting : scripts) {
    const file = `${device}/gcc/${script.name}`;
    const memories = linkerMemories((await index.text(file)) ?? '');
    if (memories) return { file, model: script.model, memories };
  }
  return undefined;
}

/** Most folders of other devices that one takes in. */
const MAX_LENT = 20;

/** The device's folder, its registers', and those that its CMake files take in. */
export async function foldersOf(index: FileIndex, device: string): Promise<string[]> {
  const folders = [device];
  const variables = (await index.text(`${device}/variable.cmake`)) ?? '';
  const periph = /\bmcux_set_variable\(\s?soc_periph\s+"?(\w{1,60})/.exec(variables)?.[1] ?? 'periph';
  folders.push(path.posix.join(path.posix.dirname(device), periph));
  for (const at of [device, `${device}/drivers`, `${device}/xip`]) {
    for (const lent of await lentTo(index, at)) if (folders.length < MAX_LENT) folders.push(lent);
  }
  return [...new Set(folders)];
}

async function lentTo(index: FileIndex, folder: string, depth = 0): Promise<string[]> {
  const text = (await index.text(`${folder}/CMakeLists.txt`)) ?? '';
  const lent: string[] = [];
  const references =
    /(?:\$\{SdkRootDirPath\}\/(devices\/[\w./-]{1,200})|(?:\$\{CMAKE_CURRENT_LIST_DIR\}\/)?((?:\.\.\/){1,6}[\w./-]{1,200}))/g;
  for (const [, rooted, relative] of text.matchAll(references)) {
    const place = rooted ?? path.posix.join(folder, relative!);
    const at = /\.[chS]$/.test(place) ? path.posix.dirname(place) : place;
    if (!at.startsWith('devices/') || /\.cmake$/.test(at) || lent.length >= MAX_LENT) continue;
    lent.push(at);
    if (depth < 3 && at !== folder) for (const more of await lentTo(index, at, depth + 1)) lent.push(more);
  }
  return lent;
}
