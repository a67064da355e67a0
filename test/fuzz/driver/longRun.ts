import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Finding } from './finding.ts';
import { caseOf, type Fuzzer } from './fuzzer.ts';
import { type FromWorker, SLOT, type WorkerTask } from './protocol.ts';

/** Processor time after which a case counts as endless, in seconds: most take milliseconds. */
const ENDLESS_CPU_SECONDS = 20;
/** The same for one that only waits. */
const ENDLESS_SECONDS = 600;
const ENDLESS = 'does not end';
const LOOK_MS = 1000;
const TELL_EVERY_MS = 60_000;
/** Largest seed: it stands in shared memory. */
const LARGEST_SEED = 2 ** 31 - 1;

export interface LongRunOptions {
  readonly firstSeed: number;
  /** At most so many cases. */
  readonly cases: number;
  readonly minutes: number;
  readonly onFinding: (finding: Finding, input: Uint8Array | string | undefined) => void;
  readonly onProgress: (cases: number, minutes: number) => void;
}

/**
 * Tries cases in a thread of their own until the time is over. One that does not end is a finding too, when it does not end alone
 * either: its thread is ended, and the next goes on behind it.
 * @returns how many cases were tried
 */
export async function longRun(fuzzer: Fuzzer, options: LongRunOptions): Promise<number> {
  const { firstSeed, onFinding } = options;
  const started = Date.now();
  const end = started + options.minutes * 60_000;
  const last = Math.min(LARGEST_SEED, firstSeed + options.cases - 1);
  let told = started;
  const goOn = (seed: number): boolean => {
    if (Date.now() - told < TELL_EVERY_MS) return Date.now() < end;
    told = Date.now();
    options.onProgress(seed - firstSeed, (told - started) / 60_000);
    return told < end;
  };
  let next = firstSeed;
  while (next <= last && Date.now() < end) {
    const ended = await watched(fuzzer, next, last - next + 1, onFinding, goOn);
    next = ended.seed + 1;
    let { failure } = ended;
    // the time may have gone to a busy machine, or to the garbage of those before it
    if (failure === ENDLESS) ({ failure } = await watched(fuzzer, ended.seed, 1, onFinding, () => true));
    if (failure === undefined) continue;
    const { label, input } = caseOf(await fuzzer.open('long'), ended.seed);
    onFinding({ seed: ended.seed, label, kind: `${label}: ${failure}`, text: failure }, input);
  }
  return next - firstSeed;
}

/** How a thread came to its end. */
interface Ended {
  /** Its last case's. */
  readonly seed: number;
  /** What that case did to the thread. */
  readonly failure?: string;
}

/**
 * One thread, until it is done or has to be ended.
 * @param goOn asked every second; false ends the run behind the case that is tried
 * @throws what ended the thread before its first case
 */
function watched(
  fuzzer: Fuzzer,
  firstSeed: number,
  cases: number,
  onFinding: LongRunOptions['onFinding'],
  goOn: (seed: number) => boolean,
): Promise<Ended> {
  const shared = new SharedArrayBuffer(4 * SLOT.words);
  const slots = new Int32Array(shared);
  slots[SLOT.seed] = firstSeed;
  slots[SLOT.done] = -1; // it opens the fuzzer first
  const worker = start({ fuzzer: fuzzer.name, firstSeed, cases, shared });
  return new Promise((resolve, reject) => {
    let at = { done: -1, since: Date.now(), cpu: process.cpuUsage() };
    let isOver = false;
    const finish = (failure?: string): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(look);
      void worker.terminate().then(() => {
        resolve({ seed: slots[SLOT.seed]!, ...(failure !== undefined && { failure }) });
      }, reject);
    };
    const look = setInterval(() => {
      const done = Atomics.load(slots, SLOT.done);
      if (done !== at.done) at = { done, since: Date.now(), cpu: process.cpuUsage() };
      const used = process.cpuUsage(at.cpu);
      const isEndless =
        (used.user + used.system) / 1e6 > ENDLESS_CPU_SECONDS ||
        Date.now() - at.since > ENDLESS_SECONDS * 1000;
      if (done >= 0 && isEndless) finish(ENDLESS);
      else if (!goOn(slots[SLOT.seed]!)) Atomics.store(slots, SLOT.stop, 1);
    }, LOOK_MS);
    worker.on('message', (message: FromWorker) => {
      if (message === 'done') finish();
      else onFinding(message.finding, message.input);
    });
    worker.on('error', (e) => {
      clearInterval(look);
      // out of memory, or an exception that nobody waited for
      if (slots[SLOT.done]! >= 0) finish(`ends the thread: ${e.message}`);
      else if (!isOver) reject(e);
    });
  });
}

function start(task: WorkerTask): Worker {
  // a thread does not inherit the main thread's tsx
  const tsx = new URL('index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')));
  const entry = new URL('worker.ts', import.meta.url);
  const script =
    `import(${JSON.stringify(tsx.href)}).then(({ register }) => ` +
    `{ register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(script, {
    eval: true,
    execArgv: [],
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
}
