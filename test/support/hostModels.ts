import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { resetFunction } from '../../extension/bundle/header.ts';
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
   * Runs bundles one after the other; a run that `goesOn` keeps the state of the one before, which was of the same bundle.
   *
   * @returns the output placeholders' bytes of each run
   * @throws with the sanitizer's report when it found something
   */
  run(
    runs: readonly { bundle: Bundle; inputs: ReadonlyMap<string, Uint8Array>; goesOn?: boolean }[],
  ): Map<string, Uint8Array>[] {
    const requests = runs.map(({ bundle, inputs, goesOn }) => {
      const index = Buffer.alloc(8);
      index.writeUInt32LE(this.#bundles.indexOf(bundle));
      index.writeUInt32LE(goesOn ? 1 : 0, 4);
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

/**
 * Reads requests (index, whether the memory of the request before stays but for the inputs, weights, mutable memory) from stdin and writes
 * the mutable memory back after each inference.
 */
function mainOf(bundles: readonly Bundle[]): string {
  const sizes = (b: Bundle): string => `${b.constantBytes}, ${b.mutableBytes}, ${b.activationBytes}`;
  const reset = (b: Bundle): string => (b.stateBytes > 0 ? resetFunction(b.name) : '0');
  const inputs = (b: Bundle): string =>
    b.placeholders
      .filter((p) => p.direction === 'input')
      .map((p) => `{${p.byteOffset}, ${p.byteSize}}`)
      .join(', ');
  const most = Math.max(
    1,
    ...bundles.map((b) => b.placeholders.filter((p) => p.direction === 'input').length),
  );
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
${bundles.map((b) => `#include "${b.name}.h"`).join('\n')}

static const struct {
  int (*run)(uint8_t *, uint8_t *, uint8_t *);
  void (*reset)(uint8_t *);
  size_t constant, mutable, activations;
  struct { size_t from, bytes; } inputs[${most}];
} models[] = {
${bundles.map((b) => `  {${b.name}, ${reset(b)}, ${sizes(b)}, {${inputs(b)}}},`).join('\n')}
};

static uint8_t *take(size_t bytes) {
  uint8_t *p = malloc(bytes);
  if (fread(p, 1, bytes, stdin) != bytes) {
    exit(2);
  }
  return p;
}

int main(void) {
  uint32_t request[2];
  uint8_t *before = NULL;
  while (fread(request, 1, 8, stdin) == 8) {
    const uint32_t i = request[0];
    uint8_t *constant = take(models[i].constant);
    uint8_t *mutable = take(models[i].mutable);
    uint8_t *activations = malloc(models[i].activations);
    if (request[1]) {
      for (size_t k = 0; k < ${most}; k++) {
        memcpy(before + models[i].inputs[k].from, mutable + models[i].inputs[k].from, models[i].inputs[k].bytes);
      }
      memcpy(mutable, before, models[i].mutable);
    } else if (models[i].reset) {
      models[i].reset(mutable);
    }
    memset(activations, 0xa5, models[i].activations);
    if (models[i].run(constant, mutable, activations) != GLOW_SUCCESS) {
      return 3;
    }
    fwrite(mutable, 1, models[i].mutable, stdout);
    free(constant);
    free(activations);
    free(before);
    before = mutable;
  }
  free(before);
  return 0;
}
`;
}
