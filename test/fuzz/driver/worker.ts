import { parentPort, workerData } from 'node:worker_threads';
import { FUZZERS } from '../all.ts';
import { findingOf } from './finding.ts';
import { caseOf } from './fuzzer.ts';
import { type FromWorker, SLOT, type WorkerTask } from './protocol.ts';

/** Memory that the whole process may have had at most, in KB; far more than any limit on inputs adds up to. */
const MOST_KB = 3 * 2 ** 20;

const { fuzzer, firstSeed, cases, shared } = workerData as WorkerTask;
const slots = new Int32Array(shared);
const tell = (message: FromWorker): void => parentPort!.postMessage(message);
const make = await FUZZERS.find((f) => f.name === fuzzer)!.open('long');

let isTooLarge = false;
for (let i = 0; i < cases && Atomics.load(slots, SLOT.stop) === 0; i++) {
  const seed = firstSeed + i;
  Atomics.store(slots, SLOT.seed, seed);
  Atomics.store(slots, SLOT.done, i);
  let made;
  try {
    made = caseOf(make, seed);
    await made.check();
    if (!isTooLarge && process.resourceUsage().maxRSS > MOST_KB) {
      isTooLarge = true;
      throw new Error(`the process has grown beyond ${MOST_KB} KB`);
    }
  } catch (e) {
    tell({ finding: findingOf(seed, made?.label ?? 'making the case', e), input: made?.input });
  }
}
tell('done');
