import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BUILD_PLAN_FILE } from '../../board/buildPlan.ts';
import { UserError } from '../../common/error.ts';
import { type ParsedHeader, readHeader } from '../../bundle/header.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { BUNDLE_FOLDER, placeInProject } from '../../project/layout.ts';
import { readBuildPlan } from '../../toolchain/buildPlanFile.ts';

/** Largest file of a bundle that is read, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The files of a bundle, its header read. */
export interface BundleFiles {
  readonly folder: string;
  /** Name and text of its header, and what that says. */
  readonly header: string;
  readonly text: string;
  readonly parsed: ParsedHeader;
  /** Whether there is a file NAME.`ending`. */
  readonly has: (ending: string) => Promise<boolean>;
  readonly read: (ending: string) => Promise<Buffer>;
  /** The error for files that do not belong together. */
  readonly damaged: (what: Sentence) => UserError;
}

/**
 * Opens a bundle by its header.
 * @param place its folder, or its NAME.h; a project, or the project's bundle/
 * @throws UserError `input` when there is none, there are several, or the header is none
 */
export async function openBundle(place: string): Promise<BundleFiles> {
  const { folder, header, at } = await findBundle(place);
  const text = (await readBounded(at(header), MAX_BYTES, say`bundle header`)).toString('utf8');
  const parsed = readHeader(text, header);
  const file = (ending: string): string => at(`${parsed.name}.${ending}`);
  return {
    folder,
    header,
    text,
    parsed,
    has: async (ending) => (await stat(file(ending)).catch(() => undefined)) !== undefined,
    read: (ending) => readBounded(file(ending), MAX_BYTES, say`bundle file`),
    damaged: (what) =>
      new UserError(
        'input',
        say`The bundle in ${folder} is damaged: ${what}.`,
        say`Compile the model again.`,
      ),
  };
}

/** Where the files of a bundle are. */
interface BundlePlace {
  readonly folder: string;
  /** Name of its header. */
  readonly header: string;
  readonly at: (file: string) => string;
}

async function findBundle(place: string): Promise<BundlePlace> {
  const kind = await stat(place).catch(() => undefined);
  if (!kind) throw new UserError('input', say`There is no bundle ${place}.`, say`Check the path.`);
  const whole = (header: string): BundlePlace => {
    const folder = path.dirname(header);
    return { folder, header: path.basename(header), at: (file) => path.join(folder, file) };
  };
  if (!kind.isDirectory()) return whole(place);
  const headers = (await readdir(place)).filter((name) => name.endsWith('.h'));
  if (headers.length === 1) return whole(path.join(place, headers[0]!));
  const project = headers.length === 0 ? await projectOf(path.resolve(place)) : undefined;
  if (project !== undefined) {
    const { name } = await readBuildPlan(project);
    return { folder: place, header: `${name}.h`, at: (file) => path.join(project, placeInProject(file)) };
  }
  throw new UserError(
    'input',
    headers.length === 0 ? say`${place} holds no bundle.` : say`${place} holds several headers.`,
    headers.length === 0 ? { do: 'compileModel' } : say`Name the bundle's header itself.`,
  );
}

/** The generated project that a folder is, or is the bundle/ of. */
async function projectOf(folder: string): Promise<string | undefined> {
  const above = path.basename(folder) === BUNDLE_FOLDER ? [path.dirname(folder)] : [];
  for (const project of [folder, ...above]) {
    if (await stat(path.join(project, BUILD_PLAN_FILE)).catch(() => undefined)) return project;
  }
  return undefined;
}
