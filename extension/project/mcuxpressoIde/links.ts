import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { attributeOf, descendants, parseXml, type XmlElement } from './xml.ts';

/** A file or folder that Eclipse shows in a project and that lies elsewhere. */
export interface LinkedResource {
  /** Where the project has it, relative to it. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Absolute place; undefined where it hangs on variables of Eclipse that only it knows. */
  readonly place: string | undefined;
}

/** The links that a .project file has; none where Eclipse could not read it either. */
export function readLinks(text: string, folder: string): LinkedResource[] {
  return elementsOf(text)
    .filter((e) => e.name === 'link')
    .map((link): LinkedResource => {
      const place = textOf(link, 'location') ?? textOf(link, 'locationURI') ?? '';
      return {
        path: textOf(link, 'name') ?? attributeOf(link, 'name') ?? '',
        isFolder: textOf(link, 'type') === '2',
        place: placeOf(place, folder),
      };
    })
    .filter((link) => link.path !== '' && !/^virtual:/.test(link.place ?? ''));
}

function elementsOf(text: string): XmlElement[] {
  try {
    return [...descendants(parseXml(text, '.project'))];
  } catch (e) {
    if (e instanceof UserError) return [];
    throw e;
  }
}

function textOf(element: XmlElement, child: string): string | undefined {
  return element.children.find((c) => c.name === child)?.text.trim();
}

/** Eclipse's `PARENT-2-PROJECT_LOC/sdk/drivers`, `$%7BPROJECT_LOC%7D/x`, `file:/home/me/sdk`, or a plain path. */
function placeOf(location: string, folder: string): string | undefined {
  let text = location.replace(/^file:(\/\/(?=\/))?/, '');
  try {
    text = decodeURIComponent(text);
  } catch {
    // a plain path with a percent sign
  }
  if (path.isAbsolute(text) || /^virtual:/.test(text)) return text;
  const [first = '', ...rest] = text.replace(/^\$\{([^}]*)\}/, '$1').split('/');
  const parent = /^PARENT-(\d{1,2})-PROJECT_LOC$/.exec(first)?.[1];
  if (parent === undefined && first !== 'PROJECT_LOC') return undefined;
  const up = Array.from({ length: Number(parent ?? 0) }, () => '..');
  return path.resolve(folder, ...up, ...rest);
}
