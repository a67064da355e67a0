import type { Fuzzer } from './driver/fuzzer.ts';
import { models } from './models/models.ts';
import { networks } from './models/networks.ts';
import { tflite } from './models/tflite.ts';
import { pictures } from './pictures/pictures.ts';
import { simulator } from './simulator/simulator.ts';
import { texts } from './texts/texts.ts';

/** Every fuzzer, each named here once. */
export const FUZZERS: readonly Fuzzer[] = [models, tflite, networks, pictures, texts, simulator];
