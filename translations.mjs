// The translations: which there are, what each lacks, and what is wrong with a text of one. Used by l10n.mjs and its test.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The two files that VS Code reads a language from, and ones that it reads English from. */
const FILES = {
  bundle: (language) => `l10n/bundle.l10n${language === undefined ? '' : `.${language}`}.json`,
  package: (language) => `package.nls${language === undefined ? '' : `.${language}`}.json`,
};
const KINDS = Object.keys(FILES);

/** The languages that one of the files is there for, as VS Code calls them. */
export function languages(folder = '.') {
  const names = [...readdirSync(path.join(folder, 'l10n')), ...readdirSync(folder)];
  const found = names.flatMap(
    (name) => /^(?:bundle\.l10n|package\.nls)\.([\w-]+)\.json$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}

/** The texts of a language, English without one: `{ bundle, package }`, each by its key. */
export function textsOf(language, folder = '.') {
  return Object.fromEntries(
    KINDS.map((kind) => {
      const file = path.join(folder, FILES[kind](language));
      return [kind, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}];
    }),
  );
}

/** What a language lacks, in English. */
export function missing(language, folder = '.') {
  const english = textsOf(undefined, folder);
  const translated = textsOf(language, folder);
  return perKind((kind) => entriesOf(english[kind]).filter(([key]) => !Object.hasOwn(translated[kind], key)));
}

/**
 * Puts a file of translated texts into a language, in the order of the English ones, and drops what is left over.
 * What is wrong with a text keeps it out.
 */
export function merge(language, file, folder = '.') {
  const english = textsOf(undefined, folder);
  const added = JSON.parse(readFileSync(file, 'utf8'));
  const before = textsOf(language, folder);
  const all = perKind((kind) => entriesOf({ ...before[kind], ...added[kind] }));
  const titles = titlesOf(english, all);
  const refused = [];
  let taken = 0;
  const dropped = KINDS.flatMap((kind) =>
    Object.keys(before[kind]).filter((key) => !Object.hasOwn(english[kind], key)),
  );
  const merged = perKind((kind) =>
    entriesOf(english[kind]).flatMap(([key, text]) => {
      const isNew = Object.hasOwn(added[kind] ?? {}, key);
      const translation = all[kind][key];
      if (translation === undefined) return [];
      const faults = isNew ? faultsOf(text, translation, titles) : [];
      refused.push(...faults.map((fault) => faultText(language, key, translation, fault)));
      if (isNew && faults.length === 0) taken++;
      return faults.length === 0 ? [[key, translation]] : [];
    }),
  );
  for (const kind of KINDS) {
    writeFileSync(
      path.join(folder, FILES[kind](language)),
      `${JSON.stringify(merged[kind], undefined, 2)}\n`,
    );
  }
  const lacking = KINDS.reduce(
    (n, kind) => n + Object.keys(english[kind]).length - Object.keys(merged[kind]).length,
    0,
  );
  return { taken, refused, dropped: dropped.length, lacking };
}

/** What is wrong with any language, a line each: keys that are missing or left over, and what {@link faultsOf} finds. */
export function allFaults(folder = '.') {
  const english = textsOf(undefined, folder);
  return languages(folder).flatMap((language) => {
    const translated = textsOf(language, folder);
    const titles = titlesOf(english, translated);
    return KINDS.flatMap((kind) => [
      ...Object.keys(translated[kind])
        .filter((key) => !Object.hasOwn(english[kind], key))
        .map((key) => `${language}: ${JSON.stringify(key)} is left over`),
      ...entriesOf(english[kind]).flatMap(([key, text]) => {
        if (!Object.hasOwn(translated[kind], key)) return `${language}: ${JSON.stringify(key)} is missing`;
        const translation = translated[kind][key];
        return faultsOf(text, translation, titles).map((fault) =>
          faultText(language, key, translation, fault),
        );
      }),
    ]);
  });
}

/**
 * What is wrong with the translation of a text.
 * @param titles what the text may quote, as the language has it
 */
export function faultsOf(text, translation, titles) {
  if (typeof translation !== 'string' || translation.trim() === '') return ['is empty'];
  const faults = [];
  const there = count(places(translation));
  for (const [place, times] of count(places(text))) {
    if ((there.get(place) ?? 0) < times) faults.push(`lacks ${place}`);
  }
  const known = new Set(places(text));
  for (const place of there.keys()) if (!known.has(place)) faults.push(`has a place ${place} of its own`);
  if (spaceAround(text) !== spaceAround(translation)) faults.push('has other spaces around it');
  for (const part of keptParts(text))
    if (!translation.includes(part)) faults.push(`lacks ${JSON.stringify(part)}`);
  for (const title of quotedTitles(text, titles)) {
    if (!translation.includes(title)) faults.push(`does not quote ${JSON.stringify(title)}`);
  }
  if (translation === text && englishWords(text) >= 3) faults.push('is English');
  return faults;
}

const faultText = (language, key, translation, fault) =>
  `${language}: ${JSON.stringify(key)} ${fault}: ${JSON.stringify(translation)}`;
const entriesOf = (texts) => Object.entries(texts);
const perKind = (entries) =>
  Object.fromEntries(KINDS.map((kind) => [kind, Object.fromEntries(entries(kind))]));
const places = (text) => text.match(/\{\d+\}/g) ?? [];
const spaceAround = (text) => `${/^\s*/.exec(text)[0]}|${/\s$/.test(text)}`;
const englishWords = (text) => (text.match(/(?<![\w.])[a-z]{3,}(?![\w.])/g) ?? []).length;

function count(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** What is code, and so the same in every language. */
const KEPT = [
  /`[^`]+`/g, // code
  /\$\([a-z-]+\)/g, // icons
  /%\w+%/g,
  /\]\([^)]+\)/g, // targets of links
  /\bhttps?:\/\/[^\s)]+/g,
  /(?<![\w-])--?[a-z][\w-]*/g, // options
  /\b[A-Za-z_]\w*(?:[./]\w+)+(?:\(\))?/g, // files, settings, Python
  /(?<![\w.])\.[a-z]\w*/g, // endings of file names
  /\b[a-zA-Z]\w*_\w+/g, // identifiers
  /\b[a-zA-Z]+(?:-[a-z\d]+){3,}\b/g, // arm-none-eabi-gcc
  /\b[A-Z][A-Z\d]{2,}\b/g, // INT8, ELF
  /(?<!\w)'[a-z][\w-]*'/g, // values
  /"[a-z][\w-]*"/g,
];

function keptParts(text) {
  const found = new Set();
  for (const pattern of KEPT) for (const [part] of text.matchAll(pattern)) found.add(unquoted(part));
  return found;
}

/** A language may have quotes of its own around words of code. */
function unquoted(part) {
  return /^(['"]).*\1$/.test(part) ? part.slice(1, -1) : part;
}

/** Titles of commands, and all other texts (buttons), from English to the language. */
function titlesOf(english, translated) {
  const commands = entriesOf(english.package).filter(([key]) => key.startsWith('command.'));
  return {
    commands: new Map(commands.map(([key, title]) => [title, translated.package[key]])),
    buttons: new Map(entriesOf(translated.bundle)),
  };
}

/** Titles of commands and buttons that a text quotes, or that are its links to commands: as the language has them. */
function quotedTitles(text, { commands, buttons }) {
  const quoted = [/"GlowPort: ([^"]+)"/g, /\*\*([^*]+)\*\*/g, /\[([^\]]+)\]\(command:/g]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, title]) => commands.get(title));
  const pressed = [...text.matchAll(/"([A-Z][^"{}:]*)"/g)].map(([, title]) => buttons.get(title));
  return [...quoted, ...pressed].filter((title) => title !== undefined);
}
