import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder of a fuzzer's own, made anew by each case and gone at the end of the process. */
export class CaseFolder {
  readonly place = mkdtempSync(path.join(os.tmpdir(), 'glowport-fuzz-'));

  constructor() {
    process.on('exit', () => {
      rmSync(this.place, { recursive: true, force: true });
    });
  }

  /** Empties it and writes files. @param files by path below it */
  with(files: Readonly<Record<string, string | Uint8Array>>): string {
    rmSync(this.place, { recursive: true, force: true });
    mkdirSync(this.place);
    for (const [name, contents] of Object.entries(files)) {
      const file = path.join(this.place, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, contents);
    }
    return this.place;
  }
}
