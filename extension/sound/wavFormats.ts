/*
 * What the numbers in a .wav file's head mean (mmreg.h), and what files are told by that are no .wav file of ours.
 */

/** Codecs by wFormatTag, which are named and not decoded. */
export const CODECS: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0006: 'A-law',
  0x0007: 'mu-law',
  0x0011: 'IMA ADPCM',
  0x0014: 'G.723 ADPCM',
  0x0031: 'GSM 6.10',
  0x0040: 'G.721 ADPCM',
  0x0050: 'MPEG audio',
  0x0055: 'MP3',
  0x0092: 'AC-3',
  0x00ff: 'AAC',
  0x0161: 'Windows Media Audio',
  0x1610: 'AAC',
  0x2000: 'AC-3',
  0x704f: 'Opus',
  0xf1ac: 'FLAC',
};

/** Other files by how they begin, in Latin-1. */
export const OTHER_FILES: readonly (readonly [begin: string, what: string])[] = [
  ['RIFX', 'RIFX (big-endian)'],
  ['RF64', 'RF64 (larger than 4 GB)'],
  ['BW64', 'BW64 (larger than 4 GB)'],
  ['riff\x2e\x91\xcf\x11', 'Wave64'],
  ['FORM', 'AIFF'],
  ['fLaC', 'FLAC'],
  ['OggS', 'Ogg'],
  ['ID3', 'MP3'],
  ['caff', 'Core Audio'],
  ['.snd', 'AU'],
];
