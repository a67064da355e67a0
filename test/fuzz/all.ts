import { data } from './data/data.ts';
import type { Fuzzer } from './driver/fuzzer.ts';
import { kerasModels } from './models/kerasModels.ts';
import { models } from './models/models.ts';
import { networks } from './models/networks.ts';
import { tfliteModels } from './models/tfliteModels.ts';
import { pictures } from './pictures/pictures.ts';
import { simulator } from './simulator/simulator.ts';
import { texts } from './texts/texts.ts';

/** Every fuzzer, each named here once. */
export const FUZZERS: readonly Fuzzer[] = [
  models,
  kerasModels,
  tfliteModels,
  networks,
  pictures,
  texts,
  data,
  simulator,
];
