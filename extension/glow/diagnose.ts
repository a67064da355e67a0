import type { Diagnosis } from '../toolchain/find.ts';
import { UserError } from '../common/error.ts';
import { findGlow, type GlowSetting } from './find.ts';
import { describeFork, probeGlow } from './probe.ts';

/** Glow's line of `glowport doctor`: where it is, its version, what NXP's fork adds; why it cannot be used. */
export async function diagnoseGlow(setting?: GlowSetting): Promise<Diagnosis> {
  const line = {
    tool: 'glow',
    label: 'Glow (image-classifier, model-compiler)',
    purpose: 'second compiler, beside the built-in one',
    required: false,
    install: undefined,
  } as const;
  try {
    const tools = findGlow(setting);
    if (!tools) return { ...line, state: 'missing', path: undefined, version: undefined };
    const { version } = await probeGlow(tools);
    return {
      ...line,
      state: 'ok',
      path: tools.where,
      version,
      note: await describeFork(tools),
    };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    const { sentence: note, remedies } = e;
    return { ...line, state: 'missing', path: undefined, version: undefined, note, remedies };
  }
}
