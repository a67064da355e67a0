import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { findGlow, type GlowSetting, type GlowTools, parseGlowSetting } from '../../extension/glow/find.ts';
import type { GlowRequest } from '../../extension/workflow/steps/glow/request.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { networkOf } from '../../extension/workflow/steps/glow/network.ts';
import { standInFolder } from './stand-in/build.ts';

export const standIn: GlowSetting & readonly string[] = [
  process.execPath,
  path.join(standInFolder(), '{tool}.mjs'),
];

/** Real tools when GLOWPORT_GLOW says where they are. */
export const realGlow: GlowSetting | undefined = parseGlowSetting(
  process.env['GLOWPORT_GLOW'] ?? '',
  process.cwd(),
);

/** What the tests that both must pass run. */
export const glow: GlowSetting = realGlow ?? standIn;
export const glowTools: GlowTools = findGlow(glow)!;

export const example = path.join(productRoot, 'examples', 'mnist');

/** The example model for the FRDM-KE16Z with the note's options, profiled with its 20 samples, nothing kept. */
export async function request(change: Partial<GlowRequest> = {}): Promise<GlowRequest> {
  const model = change.model ?? path.join(example, 'mnist.onnx');
  const network = change.network ?? networkOf((await inspect({ model })).graph);
  return {
    network,
    samples: await findSamples([path.join(example, 'samples')]),
    image: DEFAULT_CHOICES.image,
    normalize: DEFAULT_CHOICES.normalize,
    board: findBoard('frdmke16z'),
    quantization: { ...DEFAULT_CHOICES.quantization, channelwise: false },
    weights: 'flash',
    tools: { glow },
    extraArguments: [],
    cacheFolder: null,
    ...change,
    model,
  };
}

/** Runs work with the stand-ins misbehaving in a way (see stand-in/). */
export async function behaving<T>(
  how: string,
  work: () => Promise<T>,
  variable: 'STAND_IN' | 'STAND_IN_WITHOUT' | 'STAND_IN_TFLITE' = 'STAND_IN',
): Promise<T> {
  process.env[variable] = how;
  try {
    return await work();
  } finally {
    // the stand-ins take an empty one as none
    process.env[variable] = '';
  }
}

/** No Glow anywhere: nothing set, nothing in PATH. */
export async function withoutGlow<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env['GLOWPORT_GLOW'];
  delete process.env['GLOWPORT_GLOW'];
  try {
    return await work();
  } finally {
    if (before !== undefined) process.env['GLOWPORT_GLOW'] = before;
  }
}

/** A folder for one test file, removed when mocha is done with it. */
export function folderForTests(): { path: () => string } {
  let folder = '';
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-glow-test-'))));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return { path: () => folder };
}
