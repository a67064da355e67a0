import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { Services } from './services.ts';
import { told } from './words.ts';

/** Largest text kept over a reload of the window, in characters of JSON. */
const MAX_STORED = 16 * 1024 * 1024;

/** Plain data by key, kept in a folder of the workspace's storage over a reload of the window. */
export class KeptJson<T> {
  readonly #folder: vscode.Uri | undefined;
  readonly #log: Services['log'];
  readonly #isOurs: (stored: T) => boolean;
  readonly #known = new Map<string, T>();

  /** @param isOurs whether what was read is what this version writes */
  constructor({ context, log }: Services, folder: string, isOurs: (stored: T) => boolean) {
    this.#folder = context.storageUri && vscode.Uri.joinPath(context.storageUri, folder);
    this.#log = log;
    this.#isOurs = isOurs;
  }

  /** @returns undefined where nothing is kept */
  async get(key: string): Promise<T | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined || !this.#folder) return known;
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#fileOf(this.#folder, key));
      const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
      if (!this.#isOurs(stored)) return undefined;
      this.#known.set(key, stored);
      return stored;
    } catch {
      return undefined; // none was kept, or what is there is none of it
    }
  }

  /** Keeps it; what is too large, or cannot be written, for this window only. */
  async set(key: string, value: T): Promise<void> {
    this.#known.set(key, value);
    const text = JSON.stringify(value);
    if (!this.#folder || text.length > MAX_STORED) return;
    try {
      await vscode.workspace.fs.createDirectory(this.#folder);
      await vscode.workspace.fs.writeFile(this.#fileOf(this.#folder, key), Buffer.from(text));
    } catch (e) {
      this.#log(`The result was not kept: ${told(e, vscode.l10n.t).message}`);
    }
  }

  #fileOf(folder: vscode.Uri, key: string): vscode.Uri {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    return vscode.Uri.joinPath(folder, `${name}.json`);
  }
}
