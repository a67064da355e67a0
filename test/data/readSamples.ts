import path from 'node:path';
import { SampleReader } from '../../extension/data/reader.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';

/*
 * Reads files of samples in a process of its own, as hostile.test.ts asks for; prints what is said of each, and the most memory that
 * it took.
 */
const said: Record<string, string> = {};
const before = process.resourceUsage().maxRSS;
for (const file of process.argv.slice(2)) {
  const reader = new SampleReader([{ name: 'x', shape: [1, 6] }], DEFAULT_CHOICES);
  try {
    for (const sample of await reader.samplesIn({ path: file, label: undefined })) await reader.read(sample);
    said[path.basename(file)] = 'read';
  } catch (e) {
    said[path.basename(file)] = e instanceof Error ? e.message : String(e);
  }
}
console.log(JSON.stringify({ said, mb: Math.round((process.resourceUsage().maxRSS - before) / 1024) }));
