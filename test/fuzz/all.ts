import type { Fuzzer } from './driver/fuzzer.ts';
import { models } from './models/models.ts';
import { networks } from './models/networks.ts';

/** Every fuzzer, each named here once. */
export const FUZZERS: readonly Fuzzer[] = [models, networks];
