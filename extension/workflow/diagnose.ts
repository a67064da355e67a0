import { diagnoseGlow } from '../glow/diagnose.ts';
import { diagnoseSdk } from './sdk.ts';
import { type Diagnosis, doctor, type ToolPaths } from '../toolchain/find.ts';

/** Every tool that GlowPort can use: the toolchain's, and Glow's. */
export async function diagnose(paths: ToolPaths = {}): Promise<Diagnosis[]> {
  const [tools, glow, sdk] = await Promise.all([
    doctor(paths),
    diagnoseGlow(paths.glow),
    diagnoseSdk(paths.sdk),
  ]);
  return [...tools, glow, sdk];
}
