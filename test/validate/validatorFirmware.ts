import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BoardData } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';

/** Builds the firmware that validates a bundle, without warnings. @param look at the project before it is removed */
export async function validatorFirmware(
  board: BoardData,
  bundle: Bundle,
  look: (project: string) => void = () => undefined,
): Promise<Uint8Array> {
  const outDir = mkdtempSync(path.join(os.tmpdir(), 'glowport validator '));
  try {
    await generateProject({ board, bundle, testData: new Map(), validates: true, weights: 'flash', outDir });
    const built = await buildProject(outDir, { with: 'gcc', warningsAsErrors: true });
    look(outDir);
    return new Uint8Array(readFileSync(built.elf));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
