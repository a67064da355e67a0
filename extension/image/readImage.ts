import path from 'node:path';
import { say } from '../common/errors/sentence.ts';
import { readBounded } from '../common/files.ts';
import { decodeImage, MAX_FILE_BYTES } from './decode.ts';
import type { Image } from './image.ts';

/** Reads and decodes one image file. @throws UserError `input` */
export async function readImage(file: string): Promise<Image> {
  return decodeImage(await readBounded(file, MAX_FILE_BYTES, say`image`), path.basename(file));
}
