/** Strings of the pages, translated by the host's bundle (webviewHtml puts it into the page). */
let bundle: Readonly<Record<string, string>> | undefined;

function load(): Readonly<Record<string, string>> {
  const text = document.getElementById('l10n')?.textContent;
  return text ? (JSON.parse(text) as Record<string, string>) : {};
}

/** The translation of an English sentence with {0}, {1} … replaced; the same rules as vscode.l10n.t. */
export function t(message: string, ...values: readonly (string | number)[]): string {
  bundle ??= load();
  const text = Object.hasOwn(bundle, message) ? bundle[message]! : message;
  return text.replace(/\{(\d+)\}/g, (all, i: string) => String(values[Number(i)] ?? all));
}
