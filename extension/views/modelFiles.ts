/** The formats of models as VS Code is told of them. */
import { knownEndings, readEndings } from '../model/formats/table.ts';

/** Model files of the workspace. Those of other formats have to be converted first: what is asked for by hand is told so. */
export const MODEL_PATTERN = `**/*{${readEndings.map(inAnyCase).join(',')}}`;

/** Where a file dialog's filter is about models: endings without their dots. */
export const dialogEndings = {
  /** Models of any format, for who can be told how another is converted. */
  known: knownEndings.map(withoutDot),
  read: readEndings.map(withoutDot),
};

/** An ending in small letters as a pattern that takes capitals too: file systems and searches differ in that. */
function inAnyCase(ending: string): string {
  return ending.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function withoutDot(ending: string): string {
  return ending.slice(1);
}
