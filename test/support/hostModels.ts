import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { WARNINGS } from './compiledModel.ts';

/** What the PC's gcc watches for while generated C runs: every access out of bounds, every operation that C does not define. */
export const SANITIZED = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/**
 * Bundles compiled by the PC's own compiler into one program. Each of the three memories is an allocation of its exact size, so
 * that the address sanitizer sees a single byte too far.
 */
export class HostModels {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-host-'));
  readonly #program = path.join(this.#folder, 'all');
  readonly #bundles: readonly Bundle[];

  constructor(bundles: readonly Bundle[], flags: readonly string[] = SANITIZED, compiler = 'gcc') {
    this.#bundles = bundles;
    for (const b of bundles) {
      writeFileSync(path.join(this.#folder, `${b.name}.h`), b.header);
      writeFileSync(path.join(this.#folder, `${b.name}.c`), b.source!);
    }
    writeFileSync(path.join(this.#folder, 'all.c'), mainOf(bundles));
    execFileSync(
      compiler,
      ['-std=c99', '-ffp-contract=off', ...WARNINGS, ...flags, '-o', this.#program, 'all.c'].concat(
        bundles.map((b) => `${b.name}.c`),
      ),
      { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
  }

  /**
   * Runs bundles one after the other.
   *
   * @returns the output placeholders' bytes of each run
   * @throws with the sanitizer's report when it found something
   */
  run(
    runs: readonly { bundle: Bundle; inputs: ReadonlyMap<string, Uint8Array> }[],
  ): Map<string, Uint8Array>[] {
    const requests = runs.map(({ bundle, inputs }) => {
      const index = Buffer.alloc(4);
      index.writeUInt32LE(this.#bundles.indexOf(bundle));
      // what other runs left behind must not matter
      const mutable = Buffer.alloc(bundle.mutableBytes, 0x5a);
      for (const p of bundle.placeholders) {
        if (p.direction === 'input') mutable.set(inputs.get(p.name)!, p.byteOffset);
      }
      return Buffer.concat([index, bundle.weights, mutable]);
    });
    const answer = execFileSync(this.#program, [], {
      input: Buffer.concat(requests),
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    });
    let at = 0;
    return runs.map(({ bundle }) => {
      const mutable = answer.subarray(at, (at += bundle.mutableBytes));
      return new Map(
        bundle.placeholders
          .filter((p) => p.direction === 'output')
          .map((p) => [p.name, Uint8Array.from(mutable.subarray(p.byteOffset, p.byteOffset + p.byteSize))]),
      );
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Reads requests (index, weights, mutable memory) from stdin and writes the mutable memory back after each inference. */
function mainOf(bundles: readonly Bundle[]): string {
  const sizes = (b: Bundle): string => `${b.constantBytes}, ${b.mutableBytes}, ${b.activationBytes}`;
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
${bundles.map((b) => `#include "${b.name}.h"`).join('\n')}

static const struct {
  int (*run)(uint8_t *, uint8_t *, uint8_t *);
  size_t constant, mutable, activations;
} models[] = {
${bundles.map((b) => `  {${b.name}, ${sizes(b)}},`).join('\n')}
};

static uint8_t *take(size_t bytes) {
  uint8_t *p = malloc(bytes);
  if (fread(p, 1, bytes, stdin) != bytes) {
    exit(2);
  }
  return p;
}

int main(void) {
  uint32_t i;
  while (fread(&i, 1, 4, stdin) == 4) {
    uint8_t *constant = take(models[i].constant);
    uint8_t *mutable = take(models[i].mutable);
    uint8_t *activations = malloc(models[i].activations);
    memset(activations, 0xa5, models[i].activations);
    if (models[i].run(constant, mutable, activations) != GLOW_SUCCESS) {
      return 3;
    }
    fwrite(mutable, 1, models[i].mutable, stdout);
    free(constant);
    free(mutable);
    free(activations);
  }
  return 0;
}
`;
}
