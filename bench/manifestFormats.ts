import { knownEndings, readEndings, sharedEndings } from '../extension/model/formats/table.ts';

/** Whether an editor opens a file at once, or is offered for it ("Reopen Editor With…"). */
type Priority = 'default' | 'option';

interface Manifest {
  activationEvents: string[];
  readonly contributes: {
    readonly customEditors: { selector: { filenamePattern: string }[]; readonly priority: Priority }[];
    readonly languages: { readonly id: string; extensions: string[] }[];
    readonly menus: Readonly<Record<string, { readonly command: string; when: string }[]>>;
  };
}

/** Menus of a file, and the files that commands take there. Who ports a model that is not read is told how it is converted. */
const MENUS = ['explorer/context', 'editor/title/context'];
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'glowport.port': knownEndings,
  'glowport.inspect': readEndings,
  'glowport.explore': readEndings,
  'glowport.validate': readEndings,
};

/**
 * package.json with the table of formats: which files the model report opens, or is offered for, which ones have an icon and commands in their menus, and which
 * ones start GlowPort. @param text as it is
 */
export function manifestWithFormats(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  manifest.activationEvents = [
    ...manifest.activationEvents.filter((event) => !/^workspaceContains:(\*\/)?\*\./.test(event)),
    ...readEndings.flatMap((ending) => [`workspaceContains:*${ending}`, `workspaceContains:*/*${ending}`]),
  ];
  const { customEditors, languages, menus } = manifest.contributes;
  languages[0]!.extensions = [...readEndings];
  for (const editor of customEditors) {
    const endings = readEndings.filter((e) => sharedEndings.includes(e) === (editor.priority === 'option'));
    editor.selector = endings.map((ending) => ({ filenamePattern: `*${ending}` }));
  }
  for (const entry of MENUS.flatMap((menu) => menus[menu]!)) {
    const endings = TAKEN[entry.command];
    if (endings) entry.when = condition(endings);
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Of a menu: the file has one of these endings, in whatever case. */
function condition(endings: readonly string[]): string {
  return `resourceExtname =~ /^\\.(${endings.map((ending) => ending.slice(1)).join('|')})$/i`;
}
