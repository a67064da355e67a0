import { errorData, errorOf, UserError } from '../../../common/error.ts';
import type { Remedy } from '../../../common/errors/remedy.ts';
import { say } from '../../../common/errors/sentence.ts';
import { findGlow } from '../../../glow/find.ts';
import type { ToolPaths } from '../../../toolchain/find.ts';

/**
 * What `auto` does with a model that GlowPort itself refuses: where Glow is installed, it is Glow's turn.
 * @throws UserError where it is not, the refusal, with Glow as a remedy; where Glow fails too, one that says what each said
 */
export async function offerToGlow<T>(
  refusal: UserError,
  tools: ToolPaths | undefined,
  byGlow: () => Promise<T>,
): Promise<T> {
  try {
    if (findGlow(tools?.glow)) return await byGlow();
  } catch (e) {
    if (!(e instanceof UserError) || e.code === 'cancelled') throw e;
    throw new UserError(
      'model',
      say`Neither compiler takes this model: the built-in one says "${refusal.sentence}", Glow says "${e.sentence}"`,
      [say`For the built-in compiler:`, ...refusal.remedies, say`For Glow:`, ...e.remedies],
      e.detail,
      refusal.problems,
    );
  }
  const remedies: readonly Remedy[] = [...refusal.remedies, { do: 'installGlow', instead: true }];
  throw errorOf({ ...errorData(refusal), remedies });
}
