import { pushAll } from '../../common/lists.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { applyEdits, type TextEdit } from '../textEdit.ts';
import {
  addToList,
  type ListChange,
  optionOf,
  removeAttributeText,
  setOption,
  Writer,
} from './cprojectWriter.ts';
import { attributeOf, descendants, parseXml, type XmlElement } from './xml.ts';

import { coveringEntry, excludingPattern, type SourceEntry } from './sourceEntries.ts';

/** What a port needs of a project's build settings. */
export interface CprojectChange {
  /** Network name: `source/NAME.o` is linked. */
  readonly network: string;
  /** Macros, `NAME` or `NAME=VALUE`; a macro of the same name with another value is changed. */
  readonly defines: readonly string[];
  /** Sources not to build any more, such as `source/hello_world.c`. */
  readonly exclude: readonly string[];
  /** Sources that must be built, such as `source/main.c`. */
  readonly include: readonly string[];
  /** Values of Other objects that are linked no more. */
  readonly unlink: readonly string[];
  /** Linker of which language makes the program: a C++ project links by the C++ linker. */
  readonly language: 'c' | 'cpp';
}

/** What a .cproject says of itself. */
export interface CprojectFacts {
  /** Names of the configurations that build a program, such as `Debug` and `Release`. */
  readonly configurations: readonly string[];
  /** Language of the linker that has inputs; .project's C++ nature says it better. */
  readonly language: 'c' | 'cpp';
  /** The SDK's board, such as `frdmke16z`; undefined when the project was made for a bare device. */
  readonly boardId: string | undefined;
  readonly sdkVersion: string | undefined;
  /** `cm0plus`, `cm7`, … */
  readonly core: string | undefined;
  /** Source folders of each configuration that builds a program. */
  readonly sourceEntries: readonly (readonly SourceEntry[])[];
  /** Values of Other objects, of all configurations. */
  readonly objects: readonly string[];
  /** The configuration whose Makefile is the user's own; undefined when the IDE makes them all. */
  readonly ownMakefile: string | undefined;
  /** False when the linker script is one of the user's own: the library in it cannot be changed from here. */
  readonly managedLinkerScript: boolean;
}

const PREFIX = 'com.crt.advproject';
/** The project's folder that the network's files are put into. */
const SOURCES = 'source';

interface Configuration {
  readonly name: string;
  readonly element: XmlElement;
  readonly tools: readonly XmlElement[];
}

/** @throws UserError `input` when it is malformed, or not a program's project of MCUXpresso IDE */
export function readCproject(text: string, name: string): CprojectFacts {
  const root = parseXml(text, name);
  const configurations = programs(root, name);
  const first = configurations[0]!;
  const linker = (language: 'c' | 'cpp'): XmlElement | undefined => linkerOf(first, language);
  const hasInput = (tool: XmlElement | undefined): boolean =>
    tool?.children.some((c) => c.name === 'inputType') ?? false;
  const language = hasInput(linker('cpp')) && !hasInput(linker('c')) ? 'cpp' : 'c';
  const value = (tool: XmlElement | undefined, superClass: string): string | undefined => {
    const option = tool && optionOf(tool, superClass);
    return option && attributeOf(option, 'value');
  };
  const dot = language === 'cpp' ? '.cpp' : '';
  const text1 = (element: string): string | undefined => {
    for (const e of descendants(root))
      if (e.name === element) return e.text.trim().slice(0, 100) || undefined;
    return undefined;
  };
  return {
    configurations: configurations.map((c) => c.name),
    language,
    boardId: text1('boardId'),
    sdkVersion: text1('sdkVersion'),
    sourceEntries: configurations.map((c) => entriesOf(c.element).map(entryOf)),
    objects: [...new Set(configurations.flatMap((c) => objectsOf(linkerOf(c, language), language)))],
    ownMakefile: configurations.find((c) => !isManaged(c))?.name,
    core: value(toolOf(first, 'gcc'), `${PREFIX}.gcc.arch`)?.split('.').pop(),
    managedLinkerScript: value(linker(language), `${PREFIX}.link${dot}.manage`) !== 'false',
  };
}

/**
 * Changes the build settings of every configuration that makes a program, and nothing else: all other bytes, line endings
 * and the order of attributes stay. Applied to its own result it changes nothing.
 *
 * @throws UserError `input` as `readCproject` does
 */
export function portCproject(text: string, name: string, change: CprojectChange): string {
  const root = parseXml(text, name);
  const writer = new Writer(text);
  const edits: TextEdit[] = [];
  for (const configuration of programs(root, name)) {
    pushAll(edits, linkerEdits(writer, configuration, name, change));
    pushAll(edits, compilerEdits(writer, configuration, change));
    pushAll(edits, sourceEdits(writer, configuration, change));
  }
  return applyEdits(text, edits);
}

/** Object and library of the linker, and what the compilers and the assembler have to know of the library. */
function linkerEdits(
  writer: Writer,
  configuration: Configuration,
  name: string,
  { network, language, unlink }: CprojectChange,
): TextEdit[] {
  const linker = linkerOf(configuration, language);
  if (!linker) {
    throw new UserError(
      'input',
      say`The configuration ${configuration.name} in ${name} has no ${language === 'cpp' ? 'MCU C++ Linker' : 'MCU Linker'}.`,
      say`Open the project once in MCUXpresso IDE and save its properties.`,
    );
  }
  const isCpp = language === 'cpp';
  const object = `"\${workspace_loc:/\${ProjName}/source/${network}.o}"`;
  const librarySuper = isCpp ? `${PREFIX}.link.cpp.hdrlib` : `${PREFIX}.link.gcc.hdrlib`;
  const libraryPrefix = isCpp ? `${PREFIX}.cpp.link.hdrlib` : `${PREFIX}.gcc.link.hdrlib`;
  const option = optionOf(linker, librarySuper);
  // its small sibling serves as well
  const isNano = (option && attributeOf(option, 'value'))?.includes('.newlibnano') ?? false;
  const family = isNano ? 'newlibnano' : 'newlib';
  const edits = [
    ...addToList(writer, linker, OBJECTS[language], {
      label: 'Other objects',
      valueType: 'userObjs',
      // it takes the place of an old one; the others go
      changes: [{ value: object, replaces: (there) => unlink.includes(there) }],
    }),
    ...setOption(writer, linker, librarySuper, `${libraryPrefix}.${family}.nohost`, 'Library'),
  ];
  for (const kind of isCpp ? ['gcc', 'cpp', 'gas'] : ['gcc', 'gas']) {
    const tool = toolOf(configuration, kind);
    if (!tool) continue;
    for (const what of ['hdrlib', 'specs']) {
      const option = `${PREFIX}.${kind}.${what}`;
      pushAll(edits, setOption(writer, tool, option, `${option}.${family}`));
    }
  }
  const assembler = toolOf(configuration, 'gas');
  const flags = assembler && optionOf(assembler, 'gnu.both.asm.option.flags.crt')?.attributes.get('value');
  if (flags && /-D__REDLIB__\b/.test(flags.value)) {
    const raw = writer.text.slice(flags.valueStart, flags.valueEnd);
    const text = raw.replace(/-D__REDLIB__\b/g, '-D__NEWLIB__');
    edits.push({ start: flags.valueStart, end: flags.valueEnd, text });
  }
  return edits;
}

function compilerEdits(writer: Writer, configuration: Configuration, change: CprojectChange): TextEdit[] {
  const lists: [kind: string, superClass: string][] = [
    ['gcc', 'gnu.c.compiler.option.preprocessor.def.symbols'],
  ];
  if (change.language === 'cpp') lists.push(['cpp', 'gnu.cpp.compiler.option.preprocessor.def']);
  return lists.flatMap(([kind, superClass]) => {
    const tool = toolOf(configuration, kind);
    if (!tool) return [];
    const changes: ListChange[] = change.defines.map((define) => ({
      value: define,
      replaces: (there) =>
        macroName(there) === macroName(define) ||
        (macroName(define) === '__NEWLIB__' && macroName(there) === '__REDLIB__'),
    }));
    return addToList(writer, tool, superClass, {
      label: 'Defined symbols (-D)',
      valueType: 'definedSymbols',
      changes,
    });
  });
}

function macroName(define: string): string {
  return define.split('=')[0]!.trim();
}

/** Which files are built: CDT's source folders, each with patterns that it leaves out. */
function sourceEdits(writer: Writer, configuration: Configuration, change: CprojectChange): TextEdit[] {
  const { element } = configuration;
  const container = element.children.find((c) => c.name === 'sourceEntries');
  const entries = entriesOf(element);
  const folders = entries.map((entry) => ({ entry, folder: entryOf(entry).folder }));
  const covering = (file: string): { entry: XmlElement; relative: string } | undefined => {
    const found = coveringEntry(folders, file);
    return found && { entry: found.entry.entry, relative: found.relative };
  };

  if (entries.length === 0) {
    // without entries CDT builds the whole project
    if (change.exclude.length === 0) return [];
    const attributes = {
      excluding: change.exclude.join('|'),
      flags: 'VALUE_WORKSPACE_PATH',
      kind: 'sourcePath',
      name: '',
    };
    return container
      ? writer.appendChild(container, 'entry', attributes)
      : writer.insertAfter(lastOf(element, ['folderInfo', 'fileInfo']) ?? element, 'sourceEntries', [
          attributes,
        ]);
  }

  const excluding = new Map<XmlElement, string[]>(entries.map((e) => [e, patterns(e)]));
  for (const file of change.exclude) {
    const found = covering(file);
    const list = found && excluding.get(found.entry)!;
    if (list && excludingPattern(list, found.relative) === undefined) list.push(found.relative);
  }
  let isCovered = true;
  for (const file of change.include) {
    const found = covering(file);
    if (!found) isCovered = false;
    else {
      const rest = excluding.get(found.entry)!.filter((p) => p !== found.relative);
      excluding.set(found.entry, rest);
      const pattern = excludingPattern(rest, found.relative);
      if (pattern !== undefined) throw leftOut(file, pattern, configuration.name);
    }
  }
  const edits = [...excluding].flatMap(([entry, list]) => {
    if (list.join('|') === patterns(entry).join('|')) return [];
    if (list.length === 0) return removeAttributeText(writer.text, entry, 'excluding');
    return writer.setAttribute(entry, 'excluding', list.join('|'), 'first');
  });
  if (!isCovered) {
    const flags = attributeOf(entries[0]!, 'flags') ?? 'VALUE_WORKSPACE_PATH';
    // the folder was not built before, so nothing in it was left out
    const below = change.exclude.filter((file) => file.startsWith(`${SOURCES}/`) && !covering(file));
    const excluded = below.map((file) => file.slice(SOURCES.length + 1)).join('|');
    const excludes: Record<string, string> = excluded === '' ? {} : { excluding: excluded };
    pushAll(
      edits,
      writer.appendChild(container!, 'entry', { ...excludes, flags, kind: 'sourcePath', name: SOURCES }),
    );
  }
  return edits;
}

function leftOut(file: string, pattern: string, configuration: string): UserError {
  return new UserError(
    'input',
    say`The configuration ${configuration} leaves ${file} out of the build, by the pattern "${pattern}".`,
    say`Take the pattern out in C/C++ General > Paths and Symbols > Source Location.`,
  );
}

function entriesOf(configuration: XmlElement): XmlElement[] {
  const container = configuration.children.find((c) => c.name === 'sourceEntries');
  return (container?.children ?? []).filter((e) => attributeOf(e, 'kind') === 'sourcePath');
}

function entryOf(entry: XmlElement): SourceEntry {
  return { folder: (attributeOf(entry, 'name') ?? '').replace(/\/$/, ''), excluding: patterns(entry) };
}

function patterns(entry: XmlElement): string[] {
  return (attributeOf(entry, 'excluding') ?? '').split('|').filter((p) => p !== '');
}

const OBJECTS = { c: 'gnu.c.link.option.userobjs', cpp: 'gnu.cpp.link.option.userobjs' } as const;

function objectsOf(linker: XmlElement | undefined, language: 'c' | 'cpp'): string[] {
  const values = (linker && optionOf(linker, OBJECTS[language]))?.children ?? [];
  return values.flatMap((v) => attributeOf(v, 'value') ?? []);
}

/** CDT writes the Makefile, unless its builder says that it does not. */
function isManaged({ element }: Configuration): boolean {
  return [...descendants(element)].every(
    (e) => e.name !== 'builder' || attributeOf(e, 'managedBuildOn') !== 'false',
  );
}

function lastOf(element: XmlElement, names: readonly string[]): XmlElement | undefined {
  return element.children.filter((c) => names.includes(c.name)).pop();
}

/** The configurations that build a program by NXP's tools. */
function programs(root: XmlElement, name: string): Configuration[] {
  const all =
    root.name === 'cproject' ? [...descendants(root)].filter((e) => e.name === 'configuration') : [];
  const ours = all.flatMap((element): Configuration[] => {
    const folder = element.children.find(
      (c) => c.name === 'folderInfo' && (attributeOf(c, 'resourcePath') ?? '') === '',
    );
    const tools =
      folder?.children.find((c) => c.name === 'toolChain')?.children.filter((c) => c.name === 'tool') ?? [];
    const isNxp = tools.some((t) => attributeOf(t, 'superClass')?.startsWith(`${PREFIX}.`));
    return isNxp ? [{ name: attributeOf(element, 'name') ?? '', element, tools }] : [];
  });
  if (ours.length === 0) {
    throw new UserError(
      'input',
      say`${name} is not a project of MCUXpresso IDE.`,
      say`Name the folder of a project that MCUXpresso IDE made, such as the SDK's hello_world imported there.`,
    );
  }
  const result = ours.filter(({ element }) =>
    /\.exe$/.test(attributeOf(element, 'buildArtefactType') ?? '.exe'),
  );
  if (result.length === 0) {
    throw new UserError(
      'input',
      say`${name} builds a library, not a program.`,
      say`Name the project of a program.`,
    );
  }
  return result;
}

function toolOf(configuration: Configuration, kind: string): XmlElement | undefined {
  const wanted = `${PREFIX}.${kind}.`;
  return configuration.tools.find((t) => attributeOf(t, 'superClass')?.startsWith(wanted));
}

function linkerOf(configuration: Configuration, language: 'c' | 'cpp'): XmlElement | undefined {
  return toolOf(configuration, language === 'cpp' ? 'link.cpp.exe' : 'link.exe');
}
