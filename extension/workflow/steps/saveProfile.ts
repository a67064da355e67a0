import path from 'node:path';
import { RECORDS } from '../../common/output/record.ts';
import { type OverwriteRules, writeOutputs } from '../../common/output/writeOutputs.ts';

/**
 * Writes a profile to a file, and Glow's own of the same model, where there is one, beside it.
 *
 * @param file such as NAME.profile.yaml; Glow's is NAME.profile.glow.yaml
 * @returns the place of Glow's, whether it was written or not
 * @throws UserError as `writeOutputs` does: then neither is written
 */
export async function saveProfile(
  file: string,
  profile: string,
  byGlow: string | undefined,
  rules: OverwriteRules,
): Promise<string> {
  const { dir, base, name, ext } = path.parse(path.resolve(file));
  const glowBase = `${name}.glow${ext}`;
  const files = new Map([[base, profile], ...(byGlow === undefined ? [] : ([[glowBase, byGlow]] as const))]);
  await writeOutputs(dir, files, { ...rules, record: RECORDS.file(base) });
  return path.join(dir, glowBase);
}
