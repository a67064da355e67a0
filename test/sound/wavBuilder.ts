/** How samples are written into a .wav file. */
export interface WavSpec {
  readonly sampleRate?: number;
  /** Samples of each channel, real values. */
  readonly channels: readonly ArrayLike<number>[];
  readonly encoding?: WavEncoding;
  /** Written as WAVE_FORMAT_EXTENSIBLE. */
  readonly isExtensible?: boolean;
  /** Chunks before the samples, and behind them. */
  readonly before?: readonly Chunk[];
  readonly behind?: readonly Chunk[];
}

export interface Chunk {
  readonly id: string;
  readonly data: Uint8Array;
}

export type WavEncoding = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64';

interface Encoding {
  readonly bits: number;
  readonly tag: number;
  readonly write: (to: Buffer, at: number, value: number) => void;
}

/** A real value in [-1, 1) as an integer of so many bits. */
export function quantized(value: number, bits: number): number {
  const half = 2 ** (bits - 1);
  return Math.max(-half, Math.min(half - 1, Math.round(value * half)));
}

export const ENCODINGS: Readonly<Record<WavEncoding, Encoding>> = {
  u8: { bits: 8, tag: 1, write: (b, at, v) => b.writeUInt8(quantized(v, 8) + 128, at) },
  s16: { bits: 16, tag: 1, write: (b, at, v) => b.writeInt16LE(quantized(v, 16), at) },
  s24: { bits: 24, tag: 1, write: (b, at, v) => b.writeIntLE(quantized(v, 24), at, 3) },
  s32: { bits: 32, tag: 1, write: (b, at, v) => b.writeInt32LE(quantized(v, 32), at) },
  f32: { bits: 32, tag: 3, write: (b, at, v) => b.writeFloatLE(v, at) },
  f64: { bits: 64, tag: 3, write: (b, at, v) => b.writeDoubleLE(v, at) },
};

/** A .wav file. */
export function wav(spec: WavSpec): Uint8Array {
  const { sampleRate = 16000, channels, encoding = 's16', isExtensible = false } = spec;
  const { bits, tag, write } = ENCODINGS[encoding];
  const bytes = bits / 8;
  const data = Buffer.alloc(channels[0]!.length * channels.length * bytes);
  for (let i = 0, at = 0; i < channels[0]!.length; i++) {
    for (const channel of channels) {
      write(data, at, channel[i]!);
      at += bytes;
    }
  }
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  format.writeUInt16LE(isExtensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels.length, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * channels.length * bytes, 8);
  format.writeUInt16LE(channels.length * bytes, 12);
  format.writeUInt16LE(bits, 14);
  if (isExtensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(tag, 24);
    format.write('0000000010008000 00aa00389b71'.replace(' ', ''), 26, 'hex');
  }
  const chunks = [
    ...(spec.before ?? []),
    { id: 'fmt ', data: format },
    { id: 'data', data },
    ...(spec.behind ?? []),
  ];
  return riff(chunks);
}

/** A RIFF/WAVE file of chunks, each padded to an even size. */
export function riff(chunks: readonly Chunk[]): Uint8Array {
  const body = chunks.flatMap(({ id, data }) => {
    const head = Buffer.alloc(8);
    head.write(id, 0, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return [head, data, Buffer.alloc(data.length % 2)];
  });
  const all = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), ...body]);
  all.writeUInt32LE(all.length - 8, 4);
  return new Uint8Array(all);
}
