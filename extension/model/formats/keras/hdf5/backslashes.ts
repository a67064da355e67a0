import { damaged } from './damage.ts';
import type { Hdf5Object } from './file.ts';

/**
 * The groups of a file as its writer meant them: Keras 2.13 to 2.15 joined their names with the system's separator, so that on Windows
 * `layers\conv2d` is one name in the root.
 */
export function splitAtBackslashes(root: Hdf5Object): Hdf5Object {
  const names = root.names();
  if (!names.some((name) => name.includes('\\'))) return root;
  const folder = new Folder();
  for (const name of names) folder.at(name.split('\\')).own = root.child(name);
  return folder;
}

/** A group that may have an object of its own, and others below it by the parts of their names. */
class Folder implements Hdf5Object {
  readonly #below = new Map<string, Folder>();
  own: Hdf5Object | undefined;

  /** The folder of a path, made where there is none. */
  at(parts: readonly string[]): Folder {
    return parts.reduce<Folder>((folder, part) => {
      const known = folder.#below.get(part);
      if (known) return known;
      const made = new Folder();
      folder.#below.set(part, made);
      return made;
    }, this);
  }

  child(path: string): Hdf5Object | undefined {
    const slash = path.indexOf('/');
    if (slash >= 0) return this.child(path.slice(0, slash))?.child(path.slice(slash + 1));
    return this.#below.get(path) ?? this.own?.child(path);
  }

  names(): readonly string[] {
    return [...new Set([...this.#below.keys(), ...(this.own?.names() ?? [])])];
  }

  texts(attribute: string): readonly string[] | undefined {
    return this.own?.texts(attribute);
  }

  dataset(): ReturnType<Hdf5Object['dataset']> {
    if (!this.own) throw damaged();
    return this.own.dataset();
  }
}
