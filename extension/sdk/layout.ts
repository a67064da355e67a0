import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readStart } from '../common/regularFile.ts';

/**
 * How the files of an SDK are arranged: `mcux-sdk` (the repository of SDK 2.x), `package` (SDK_2.x_BOARD.zip, drivers inside
 * the device's folder), `mcuxsdk` (SDK 24.12 and newer, a west workspace).
 */
export type SdkLayout = 'mcux-sdk' | 'package' | 'mcuxsdk';

/** The SDK's own folder inside a folder that the user may have named: itself, or what a west workspace calls it. */
export async function sdkRoot(folder: string): Promise<{ root: string; layout: SdkLayout } | undefined> {
  for (const name of ['.', 'core', 'mcuxsdk', 'mcux-sdk']) {
    const root = path.join(folder, name);
    const layout = await layoutOf(root);
    if (layout) return { root, layout };
  }
  return undefined;
}

async function layoutOf(root: string): Promise<SdkLayout | undefined> {
  const has = (name: string): Promise<boolean> => isFolder(path.join(root, name));
  if (!(await has('devices'))) return undefined;
  if (await has('examples/_boards')) return 'mcuxsdk';
  if (!(await has('boards'))) return undefined;
  return (await has('drivers')) && (await has('utilities')) ? 'mcux-sdk' : 'package';
}

export async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
}

/** Longest start of a file that a version is looked for in. */
const HEAD_BYTES = 64 * 1024;

/**
 * The release, such as `2.16.0`: a package's manifest says it, the repository's west.yml names the tags of its parts, and
 * SDK 24.12 has a file of its own.
 */
export async function sdkVersion(root: string, entries: readonly string[]): Promise<string | undefined> {
  const manifest = entries.find((name) => /_manifest(_v\d+(_\d+)*)?\.xml$/i.test(name));
  if (manifest) {
    const version = /<ksdk\b[^<>]*\bversion="(\d+)\.(\d+)\.(\d+)"/.exec(
      await readHead(path.join(root, manifest)),
    );
    if (version) return dotted(version);
  }
  const tag = /\brevision:\s*MCUX_(\d+)\.(\d+)\.(\d+)/.exec(await readHead(path.join(root, 'west.yml')));
  if (tag) return dotted(tag);
  const text = await readHead(path.join(root, 'MCUX_VERSION'));
  const part = (key: string): string | undefined => new RegExp(`^${key}\\s*=\\s*(\\d+)`, 'm').exec(text)?.[1];
  const [year, minor] = [part('VERSION_MAJOR'), part('VERSION_MINOR')];
  return year !== undefined && minor !== undefined
    ? [part('CURRENT_YEAR'), year, minor].filter((p) => p !== undefined).join('.')
    : undefined;
}

function dotted(match: RegExpExecArray): string {
  return match
    .slice(1, 4)
    .map((digits) => digits.replace(/^0+(?=\d)/, ''))
    .join('.');
}

async function readHead(file: string): Promise<string> {
  return (await readStart(file, HEAD_BYTES))?.toString('utf8') ?? '';
}
