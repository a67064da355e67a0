import type { Random } from '../../support/random.ts';
import type { Case } from './fuzzer.ts';
import { mutatedJson } from './json.ts';
import { type Material, mutated } from './mutate.ts';

/** One reader of foreign bytes. */
export interface Target extends Material {
  readonly name: string;
  /** The corpus is JSON: its values are changed, beside its bytes. */
  readonly isJson?: boolean;
  /** Reads the bytes. @throws whatever tells that a promise was broken */
  readonly check: (bytes: Uint8Array) => unknown;
}

/** Bytes of texts, as a corpus. */
export function texts(...all: readonly string[]): Uint8Array[] {
  return all.map((text) => Buffer.from(text));
}

/** A case of one of the targets. */
export function targetCase(random: Random, targets: readonly Target[]): Case {
  const target = random.pick(targets);
  const input =
    target.isJson === true && random.bool(0.7)
      ? mutatedJson(random, Buffer.from(random.pick(target.corpus)).toString('utf8'))
      : mutated(random, target);
  return { label: target.name, input, check: () => target.check(input) };
}
