import path from 'node:path';
import { type BuildPlan, BUILD_PLAN_FILE, flashOf } from '../board/buildPlan.ts';
import { boards } from '../board/catalogue.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readSmall } from '../common/regularFile.ts';

/** Longest plan read, in bytes; they have a few kilobytes. */
const MAX_PLAN_BYTES = 4 * 1024 * 1024;
/** Largest flash, in bytes: an image of it may be made. */
const MAX_FLASH = 256 * 1024 * 1024;

/**
 * Reads how a generated project is built.
 * @throws UserError `input` when the folder holds no such project, or its plan is damaged
 */
export async function readBuildPlan(folder: string): Promise<BuildPlan> {
  const file = path.join(folder, BUILD_PLAN_FILE);
  const text = (await readSmall(file, MAX_PLAN_BYTES))?.toString('utf8');
  if (text === undefined) {
    throw new UserError('input', say`${folder} holds no GlowPort project.`, [
      { do: 'generateProject' },
      say`A project's folder has CMakeLists.txt and .glowport.`,
    ]);
  }
  const plan = parsePlan(text);
  if (!plan) {
    throw new UserError('input', say`${file} is damaged.`, say`Generate the project again.`);
  }
  return plan;
}

function parsePlan(text: string): BuildPlan | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  // GlowPorts before NAME.c was compiled in the project stated the object alone
  const { object, ...rest } = value as BuildPlan & { readonly object?: string };
  // nor did they state the flash
  const board = boards().find((b) => b.id === rest.board);
  const flash = rest.flash ?? (board && flashOf(board));
  const plan: BuildPlan = { ...rest, flash, ...(object === undefined ? {} : { network: { object } }) };
  const network: Partial<Record<'source' | 'cFlags' | 'object', unknown>> = plan.network ?? {};
  const lists = [
    plan.sources,
    plan.includedFiles,
    plan.includeDirs,
    plan.defines,
    plan.cFlags,
    plan.linkFlags,
    ...(plan.ownFlags === undefined ? [] : [plan.ownFlags]),
    ...(network.source === undefined ? [] : [network.cFlags]),
    ...(plan.sdk === undefined ? [] : [plan.sdk?.sources, plan.sdk?.includeDirs]),
  ];
  const texts = [
    plan.name,
    network.source ?? network.object,
    plan.linkerScript,
    ...(plan.board === undefined ? [] : [plan.board]),
    ...(plan.sdk === undefined ? [] : [plan.sdk?.root, plan.sdk?.cmsis, plan.sdk?.linkerScript]),
  ];
  const good =
    texts.every((t) => typeof t === 'string') &&
    isRegion(flash) &&
    lists.every((list) => Array.isArray(list) && list.every((t) => typeof t === 'string')) &&
    /^\w+$/.test(plan.name);
  return good ? plan : undefined;
}

function isRegion(flash: BuildPlan['flash'] | undefined): boolean {
  const isBelow = (n: unknown, most: number): boolean =>
    Number.isInteger(n) && Number(n) >= 0 && Number(n) < most;
  return isBelow(flash?.origin, 2 ** 32) && isBelow(flash?.size, MAX_FLASH + 1);
}
