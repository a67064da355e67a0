import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { unescaped } from '../common/escapes.ts';
import { trimEndOf } from '../common/trimEnd.ts';
import type { Encoding } from '../../webview/shared/portSettings.ts';
import type { LineEnding, Sendable } from '../../webview/shared/sends.ts';
import { decoderOf, encoded } from './encoding.ts';

/** Longest line that can be sent, in bytes. */
const MAX_SEND = 64 * 1024;

const ENDINGS: Readonly<Record<LineEnding, string>> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' };

/**
 * The bytes that a line is sent as, with its ending; hexadecimal has none.
 * @throws UserError `usage` when they are too many, no hexadecimal, or the encoding lacks a character
 */
export function bytesOf({ text, mode, lineEnding }: Sendable, encoding: Encoding): Uint8Array {
  const line = mode === 'hex' ? hexBytes(text) : textBytes(text, mode === 'escaped', encoding);
  const bytes = mode === 'hex' ? line : Buffer.concat([line, encoded(ENDINGS[lineEnding], encoding)]);
  if (bytes.length <= MAX_SEND) return bytes;
  throw new UserError(
    'usage',
    say`The line has ${bytes.length} bytes: nothing was sent.`,
    say`Send at most ${MAX_SEND} bytes at once.`,
  );
}

/** What was sent, as the log echoes it: hexadecimal as such, text as the board reads it, without its line ending. */
export function echoOf(bytes: Uint8Array, mode: Sendable['mode'], encoding: Encoding): string {
  if (mode === 'hex') return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
  const decoder = decoderOf(encoding);
  return trimEndOf(decoder.push(bytes) + decoder.end(), '\r\n');
}

function textBytes(text: string, isEscaped: boolean, encoding: Encoding): Uint8Array {
  return isEscaped ? unescaped(text, (plain) => encoded(plain, encoding)) : encoded(text, encoding);
}

/** `01 02 ff`, `0102FF`, `0x01, 0x02`: bytes of two digits, with or without what stands between. */
function hexBytes(text: string): Uint8Array {
  const words = text.split(/[\s,;]/).filter((word) => word !== '');
  return Buffer.concat(
    words.map((word) => {
      const digits = /^0x/i.test(word) ? word.slice(2) : word;
      if (digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits))
        return Buffer.from(digits, 'hex');
      throw new UserError(
        'usage',
        say`${word.slice(0, 40)} is no byte in hexadecimal: nothing was sent.`,
        say`Write two digits a byte, such as 01 7F.`,
      );
    }),
  );
}
