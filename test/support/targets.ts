import type { Target } from '../../extension/compiler/target/target.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/** A Cortex-M0+ for which no assembly is chosen: what its C costs there. */
export function portableTarget(unrollBytes: number): Target {
  const target = targetFor('cortex-m0plus', unrollBytes);
  return { ...target, instructions: { ...target.instructions, thumb1Only: false } };
}
