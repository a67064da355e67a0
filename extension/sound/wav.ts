import { say } from '../common/errors/sentence.ts';
import { badSound } from './failure.ts';
import type { Recording } from './recording.ts';
import { CODECS, OTHER_FILES } from './wavFormats.ts';

const PCM = 1;
const FLOAT = 3;
/** WAVE_FORMAT_EXTENSIBLE: the format stands in the first two bytes of a GUID, whose others are these. */
const EXTENSIBLE = 0xfffe;
const SUBFORMAT = '\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71';

const MAX_CHUNKS = 10_000;
const MAX_CHANNELS = 64;
/** Highest sample rate, in Hz. */
const MAX_RATE = 768_000;
/** What programs write for a size that they do not know yet, and all above: sox 0x7ffff000 and more, arecord 0x80000000, ffmpeg 0xffffffff. */
const UNKNOWN_SIZE = 0x7ffff000;

/** Samples by format and bits: real values, integers / 2^(bits - 1), which lie in [-1, 1). */
const DECODERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  [`${PCM} 8`]: (v, at) => (v.getUint8(at) - 128) / 128,
  [`${PCM} 16`]: (v, at) => v.getInt16(at, true) / 0x8000,
  [`${PCM} 24`]: (v, at) => (v.getUint16(at, true) + v.getInt8(at + 2) * 0x10000) / 0x800000,
  [`${PCM} 32`]: (v, at) => v.getInt32(at, true) / 0x80000000,
  [`${FLOAT} 32`]: (v, at) => v.getFloat32(at, true),
  [`${FLOAT} 64`]: (v, at) => v.getFloat64(at, true),
};

/**
 * A recording as RIFF/WAVE keeps it (Microsoft, Multimedia Programming Interface 1.0; mmreg.h): PCM of 8 (unsigned), 16, 24 and 32 bits,
 * or float32 and float64. Chunks beside `fmt ` and `data` are passed over. Samples that were written as a stream go to the end of the
 * file; any other size has to be true. Bytes behind the last whole sample of all channels are none.
 *
 * @param name of the file, for sentences
 * @throws UserError 'input'
 */
export function readWav(bytes: Uint8Array, name: string): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireWave(bytes, name);
  const riffEnd = 8 + view.getUint32(4, true);
  let format: Format | undefined;
  let at = 12;
  for (let chunks = 0; at + 8 <= bytes.length; chunks++) {
    if (chunks === MAX_CHUNKS) throw badSound(name, say`has more than ${MAX_CHUNKS} chunks`);
    const id = latin1(bytes, at, 4);
    const stated = view.getUint32(at + 4, true);
    const begin = at + 8;
    if (id === 'data') {
      if (!format) throw badSound(name, say`does not say what its samples are before they begin`);
      return recordingOf(view, format, begin, dataSize(bytes, name, begin, stated, riffEnd));
    }
    if (begin + stated > bytes.length) throw cutOff(name);
    if (id === 'fmt ') format = readFormat(view, begin, stated, name);
    at = begin + stated + (stated % 2); // chunks begin at even places
  }
  throw badSound(name, say`holds no samples`);
}

interface Format {
  readonly sampleRate: number;
  readonly channels: number;
  /** Of a sample of one channel. */
  readonly bytes: number;
  readonly decode: (view: DataView, at: number) => number;
}

/** @throws UserError 'input' for what is no RIFF/WAVE file, with what it is where that is known */
function requireWave(bytes: Uint8Array, name: string): void {
  const other = OTHER_FILES.find(([begin]) => latin1(bytes, 0, begin.length) === begin);
  if (other) throw badSound(name, say`is ${other[1]}, which is not read`);
  if (latin1(bytes, 0, 4) !== 'RIFF' || latin1(bytes, 8, 4) !== 'WAVE') {
    throw badSound(name, say`is no .wav file`);
  }
}

function readFormat(view: DataView, at: number, size: number, name: string): Format {
  if (size < 16) throw badSound(name, say`has a description of its samples that is too short`);
  const tag = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  const kind = tag === EXTENSIBLE ? subformat(view, at, size) : tag;
  const decode = kind === undefined ? undefined : DECODERS[`${kind} ${bits}`];
  if (!decode) {
    if (kind === PCM || kind === FLOAT) {
      const what = kind === PCM ? say`integers` : say`floats`;
      throw badSound(name, say`has samples of ${bits} bits, which are not read as ${what}`);
    }
    const codec = kind === undefined ? undefined : CODECS[kind];
    throw badSound(
      name,
      codec === undefined
        ? say`is compressed in a way that is not read (format ${kind ?? tag})`
        : say`is compressed as ${codec}, which is not read`,
    );
  }
  if (channels < 1 || channels > MAX_CHANNELS)
    throw badSound(name, say`has ${channels} channels; 1 to ${MAX_CHANNELS} are read`);
  if (sampleRate < 1 || sampleRate > MAX_RATE)
    throw badSound(name, say`has ${sampleRate} samples a second; 1 to ${MAX_RATE} are read`);
  if (frameBytes !== (channels * bits) / 8) {
    throw badSound(
      name,
      say`says that samples of ${channels} channels and ${bits} bits have ${frameBytes} bytes`,
    );
  }
  return { sampleRate, channels, bytes: bits / 8, decode };
}

/** The format that WAVE_FORMAT_EXTENSIBLE wraps; undefined for a GUID that is none. */
function subformat(view: DataView, at: number, size: number): number | undefined {
  if (size < 40) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
  return latin1(bytes, 26, 14) === SUBFORMAT ? view.getUint16(at + 24, true) : undefined;
}

/** @throws UserError 'input' for a size that the file does not have */
function dataSize(bytes: Uint8Array, name: string, begin: number, stated: number, riffEnd: number): number {
  const there = bytes.length - begin;
  // a stream states no size, or none that can be; an empty recording may have other chunks behind it
  if (stated >= UNKNOWN_SIZE && stated > there) return there;
  if (stated === 0 && (riffEnd <= begin || riffEnd - 8 >= UNKNOWN_SIZE)) return there;
  if (stated > there) throw cutOff(name);
  return stated;
}

function recordingOf(view: DataView, format: Format, begin: number, size: number): Recording {
  const { sampleRate, channels, bytes, decode } = format;
  const frameBytes = channels * bytes;
  return {
    sampleRate,
    channels,
    length: Math.floor(size / frameBytes),
    read: (channel, from, count) => {
      const samples = new Float32Array(count);
      let at = begin + from * frameBytes + channel * bytes;
      for (let i = 0; i < count; i++, at += frameBytes) samples[i] = decode(view, at);
      return samples;
    },
  };
}

function cutOff(name: string): Error {
  return badSound(name, say`is cut off: it ends before what it says`, say`Write the file again.`);
}

function latin1(bytes: Uint8Array, at: number, count: number): string {
  return Buffer.from(bytes.subarray(at, at + count)).toString('latin1');
}
