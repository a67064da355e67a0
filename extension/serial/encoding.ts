import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { Encoding } from '../../webview/shared/portSettings.ts';

/** Makes text of bytes as they come, in pieces of any size. */
export interface Decoder {
  push(bytes: Uint8Array): string;
  /** Nothing follows: what half a character means. */
  end(): string;
}

/** @returns UTF-8 with U+FFFD for what is none; or ISO 8859-1, in which every byte is the character of that number */
export function decoderOf(encoding: Encoding): Decoder {
  if (encoding === 'latin-1') return { push: latin1, end: () => '' };
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/**
 * The bytes of a text.
 * @throws UserError `usage` when the encoding has no such character
 */
export function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const foreign = [...text].find((char) => char.codePointAt(0)! > 0xff);
  if (foreign === undefined) return Buffer.from(text, 'latin1');
  throw new UserError(
    'usage',
    say`Latin-1 has no character ${foreign}: nothing was sent.`,
    say`Choose UTF-8 as this port’s encoding, or send its bytes as hexadecimal.`,
  );
}

/** TextDecoder takes Latin-1 for Windows-1252, which has other characters at 0x80 to 0x9f. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
