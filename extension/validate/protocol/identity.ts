import { createHash } from 'node:crypto';
import type { Bundle } from '../../bundle/bundle.ts';

/** What firmware says that it is, and what the PC expects. */
export interface Identity {
  readonly version: number;
  /** Of the network: its name, and a number that another network, or other weights of it, has not. */
  readonly name: string;
  readonly id: number;
  /** Bytes of all inputs, and of all outputs, one behind the other. */
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** The first 32 bits of a SHA-256 over all that decides what a network computes and how its numbers lie. */
export function networkId({ name, placeholders, source, weights }: NetworkSources): number {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([name, placeholders, source ?? '']));
  hash.update(weights);
  return hash.digest().readUInt32LE();
}

export type NetworkSources = Pick<Bundle, 'name' | 'placeholders' | 'source' | 'weights'>;

/** Bytes of a bundle's inputs, or outputs. */
export function bytesOf(
  { placeholders }: Pick<Bundle, 'placeholders'>,
  direction: 'input' | 'output',
): number {
  return placeholders.filter((p) => p.direction === direction).reduce((n, p) => n + p.byteSize, 0);
}

/** What firmware of a bundle says of itself. @param version of the protocol */
export function identityOf(bundle: NetworkSources, version: number): Identity {
  return {
    version,
    name: bundle.name,
    id: networkId(bundle),
    inputBytes: bytesOf(bundle, 'input'),
    outputBytes: bytesOf(bundle, 'output'),
  };
}

/** Bytes before the name in an introduction: version, inputs, outputs, id. */
const FIXED_BYTES = 13;

/** Reads what firmware says of itself; undefined when it is none of ours. */
export function readIdentity(bytes: Uint8Array): Identity | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    version: view.getUint8(0),
    inputBytes: view.getUint32(1, true),
    outputBytes: view.getUint32(5, true),
    id: view.getUint32(9, true),
    name: Buffer.from(bytes.subarray(FIXED_BYTES)).toString('latin1'),
  };
}
