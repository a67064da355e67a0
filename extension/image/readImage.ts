import path from 'node:path';
import { say } from '../common/errors/sentence.ts';
import { readBounded } from '../common/files.ts';
import { decodeImage, imageSize, MAX_FILE_BYTES } from './decode.ts';
import type { Image } from './image.ts';

/** Reads and decodes one image file. @throws UserError `input` */
export async function readImage(file: string): Promise<Image> {
  return decodeImage(await bytesOf(file), path.basename(file));
}

/** Reads how large the picture in a file is. @throws UserError `input` */
export async function readImageSize(file: string): Promise<Pick<Image, 'width' | 'height'>> {
  return imageSize(await bytesOf(file), path.basename(file));
}

function bytesOf(file: string): Promise<Uint8Array> {
  return readBounded(file, MAX_FILE_BYTES, say`image`);
}
