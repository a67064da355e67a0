/** Children of a value that GDB keeps. */
export interface ValueHandle {
  readonly kind: 'value';
  /** GDB's name of the variable object. */
  readonly object: string;
  /** As a user would write it. */
  readonly expression: string;
  readonly type: string;
  readonly frame: number;
}

/** What a client may ask the variables of. */
export type Handle =
  | { readonly kind: 'locals'; readonly frame: number }
  | { readonly kind: 'registers'; readonly frame: number }
  | { readonly kind: 'board' }
  | ValueHandle;

/** Numbers for what a client may ask the variables of; they mean something until the board runs again. */
export class Handles {
  #handles: Handle[] = [];
  /** Numbers are not used again, so that what a client asks too late is not another's. */
  #first = 1;

  add(handle: Handle): number {
    return this.#first - 1 + this.#handles.push(handle);
  }

  /** @throws Error when it means nothing any more */
  get(reference: number): Handle {
    const handle = this.#handles[reference - this.#first];
    if (!handle) throw new Error('The board has run since: ask again.');
    return handle;
  }

  /** Forgets all. */
  clear(): void {
    this.#first += this.#handles.length;
    this.#handles = [];
  }
}
