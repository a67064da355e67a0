import path from 'node:path';
import { parseArgs } from 'node:util';
import { FUZZERS } from './all.ts';
import { keepFinding } from './driver/finding.ts';
import { longRun } from './driver/longRun.ts';

/*
 * npm run fuzz -- NAME [--minutes 60] [--seed N] [--cases N]: a fuzzer for as long as is wanted. Findings go to
 * artifacts/fuzz, each kind once; the exit code is 1 when there was one.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string' },
    cases: { type: 'string', default: String(2 ** 31) },
  },
});
const fuzzer = FUZZERS.find((f) => f.name === positionals[0]);
if (!fuzzer) {
  console.error(
    `npm run fuzz -- NAME [--minutes 60] [--seed N] [--cases N]; names: ${FUZZERS.map((f) => f.name).join(', ')}`,
  );
  process.exit(2);
}
const folder = path.resolve('artifacts/fuzz');
/** Another every time, and room for as many as an hour tries. */
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30));
const kinds = new Set<string>();
console.log(`${fuzzer.name} from seed ${firstSeed}`);
const cases = await longRun(fuzzer, {
  firstSeed,
  cases: Number(values.cases),
  minutes: Number(values.minutes),
  onFinding: (finding, input) => {
    if (kinds.has(finding.kind)) return;
    kinds.add(finding.kind);
    console.log(`FINDING ${keepFinding(folder, fuzzer.name, finding, input)}\n  ${finding.kind}`);
  },
  onProgress: (done, minutes) => {
    console.log(`${Math.round(minutes)} min: ${done} cases, ${kinds.size} findings`);
  },
});
console.log(`${fuzzer.name}: ${cases} cases, ${kinds.size} findings`);
process.exit(kinds.size === 0 ? 0 : 1);
