import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

/** A layer of a quantized network whose integers cannot be computed with as they are. */
export function wrong(why: Sentence): UserError {
  return new UserError(
    'model',
    why,
    say`Quantize the model again; if it stays so, give the float32 model: GlowPort quantizes it itself.`,
  );
}
