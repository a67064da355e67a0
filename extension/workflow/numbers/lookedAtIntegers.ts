import { errorData } from '../../common/error.ts';
import type { LookedAt } from '../../model/formats/importModel.ts';
import { isIntegerGraph } from '../../model/formats/tflite/integers.ts';
import { ModelRefusal } from '../../model/import/modelRefusal.ts';
import { tfliteIntegers } from '../../quantize/tflite/network.ts';

/** A model that was looked at; one that its file has in integers is refused where these cannot be computed. */
export function lookedAtIntegers(model: LookedAt): LookedAt {
  if (!('graph' in model) || !isIntegerGraph(model.graph)) return model;
  try {
    tfliteIntegers(model.graph);
    return model;
  } catch (e) {
    if (!(e instanceof ModelRefusal)) throw e;
    return { sketch: e.sketch, refusal: errorData(e) };
  }
}
