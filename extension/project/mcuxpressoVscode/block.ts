import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { applyEdits, lineEnding } from '../textEdit.ts';
import { type CmakeCommand, parseCmake } from './cmake.ts';
import type { ListedSource } from './listing.ts';

/** How a project's CMakeLists.txt names its sources: by add_executable, or by the SDK's own mcux_add_source. */
export type CmakeStyle = 'sdk-2-cmake' | 'sdk-24-cmake';

export interface CmakeChange {
  readonly network: string;
  readonly defines: readonly string[];
  /** Sources to build, such as `source/main.c`. */
  readonly sources: readonly string[];
  /** Sources not to build any more, as the project lists them. */
  readonly exclude: readonly ListedSource[];
  /** All that it lists: no other one of them must go. */
  readonly listed: readonly ListedSource[];
  /** The program's target, as the project names it. */
  readonly target: string;
  /** Way from the folder of CMakeLists.txt to the project's folder: empty or `../`. */
  readonly above: string;
  readonly style: CmakeStyle;
}

const OPENING = '# >>> GlowPort';
const CLOSING = '# <<< GlowPort';

/** The style of CMake files; undefined for those that are not of a program on NXP's SDK. */
export function cmakeStyle(text: string, commands: readonly CmakeCommand[]): CmakeStyle | undefined {
  // our own standalone project on the SDK is no place to port into: it is generated
  if (!/mcux/i.test(text) || text.includes('Written by GlowPort')) return undefined;
  const has = (command: string): boolean => commands.some((c) => c.name === command);
  if (has('mcux_add_source') || (has('include') && /extension\/mcux\.cmake/.test(text)))
    return 'sdk-24-cmake';
  return targetOf(commands) === undefined ? undefined : 'sdk-2-cmake';
}

/**
 * Puts one marked block into a CMakeLists.txt, behind the command that lists the sources; all else stays byte for byte. A
 * block of an earlier port is replaced, so that applied to its own result with the same change it changes nothing.
 *
 * @throws UserError `input` when the file is malformed or has no place for it
 */
export function editCmake(text: string, name: string, change: CmakeChange): string {
  const bare = withoutBlock(text, name);
  const anchor = anchorOf(parseCmake(bare, name), change.style);
  if (!anchor) {
    throw new UserError(
      'input',
      say`${name} does not say what the program is made of (${change.style === 'sdk-2-cmake' ? 'add_executable' : 'mcux_add_source'}).`,
      say`Name the folder of the SDK's hello_world, or of a project made from it.`,
    );
  }
  // behind a last CR, a LF alone would be taken for the end of that very line
  const newline = bare.endsWith('\r') ? '\r\n' : lineEnding(bare);
  const lines = change.style === 'sdk-2-cmake' ? classicBlock(change) : componentBlock(change);
  const block = [
    `${OPENING}: the network "${change.network}". "glowport into . --revert" takes this block out.`,
    ...lines,
    CLOSING,
  ].join(newline);
  const lineEnd = bare.indexOf('\n', anchor.end);
  const at = lineEnd < 0 ? bare.length : lineEnd + 1;
  const inserted = lineEnd < 0 ? newline + block : block + newline;
  return applyEdits(bare, [{ start: at, end: at, text: inserted }]);
}

/** The text before a port: without our block and its line break. */
export function withoutBlock(text: string, name: string): string {
  const start = text.indexOf(OPENING);
  if (start < 0) return text;
  const end = text.indexOf(CLOSING, start);
  if (end < 0 || text.indexOf(OPENING, start + 1) > 0) {
    throw new UserError(
      'input',
      say`GlowPort's block in ${name} has lost its end or is there twice.`,
      say`Remove the lines from "${OPENING}" to "${CLOSING}" and try again.`,
    );
  }
  const after = end + CLOSING.length;
  const lineBreak = /\r?\n/y;
  lineBreak.lastIndex = after;
  if (lineBreak.test(text)) return text.slice(0, start) + text.slice(lineBreak.lastIndex);
  return text.slice(0, start).replace(/\r?\n$/, '') + text.slice(after);
}

/** The last command that may list sources; one in a condition or function ends with it. */
function anchorOf(
  commands: readonly CmakeCommand[],
  style: CmakeStyle,
): { readonly end: number } | undefined {
  const lists =
    style === 'sdk-2-cmake' ? /^(add_executable|target_sources)$/ : /^(mcux_add_source|target_sources)$/;
  let depth = 0;
  let isOpen = false;
  let anchor: CmakeCommand | undefined;
  for (const command of commands) {
    if (/^(if|foreach|while|function|macro|block)$/.test(command.name)) depth++;
    if (/^end(if|foreach|while|function|macro|block)$/.test(command.name)) depth = Math.max(0, depth - 1);
    // included files may list some, too
    isOpen ||= lists.test(command.name) || /^(include|add_subdirectory)$/.test(command.name);
    if (isOpen && depth === 0) {
      anchor = command;
      isOpen = false;
    }
  }
  return anchor;
}

/** The target that the program is, as the files name it. */
export function targetOf(commands: readonly CmakeCommand[]): string | undefined {
  return commands.find((c) => c.name === 'add_executable')?.args[0]?.text;
}

/** SDK 2.x: plain CMake. Options come behind the SDK's flags, so that `-U` takes back what those define. */
function classicBlock({ network, defines, sources, exclude, listed, above, target }: CmakeChange): string[] {
  const here = `\${CMAKE_CURRENT_LIST_DIR}/${above}`;
  return [
    ...removal(target, exclude, listed),
    `target_sources(${target} PRIVATE`,
    ...[...sources, `source/${network}.o`].map((s) => `    "${here}${s}"`),
    ')',
    `set_source_files_properties("${here}source/${network}.o" PROPERTIES EXTERNAL_OBJECT TRUE)`,
    `target_include_directories(${target} PRIVATE "${here}source")`,
    `target_compile_options(${target} PRIVATE`,
    ...defines.map((d) => `    "SHELL:-U${d.split('=')[0]!} -D${d}"`),
    ')',
  ];
}

/** SDK 24.12 and later: the SDK's own functions, whose paths start from this file. */
function componentBlock({
  network,
  defines,
  sources,
  exclude,
  listed,
  above,
  target,
}: CmakeChange): string[] {
  return [
    ...removal(
      target,
      exclude.filter((s) => s.by === 'target'),
      listed,
    ),
    ...exclude
      .filter((s) => s.by === 'mcux_add_source')
      .flatMap((s) => [
        'mcux_project_remove_source(',
        ...(s.base === undefined ? [] : [`    BASE_PATH ${word(s.base)}`]),
        `    SOURCES ${word(s.path)}`,
        ')',
      ]),
    'mcux_add_source(',
    '    SOURCES',
    ...sources.map((s) => `        ${above}${s}`),
    ')',
    'mcux_add_include(',
    `    INCLUDES ${above}source`,
    ')',
    'mcux_add_library(',
    `    LIBS ${above}source/${network}.o`,
    ')',
    'mcux_add_macro(',
    `    CC "${defines.map((d) => `-D${d}`).join(' ')}"`,
    ')',
  ];
}

/** Takes sources out of a target: the ends of their paths, as long as it takes to tell them from all others. */
function removal(
  target: string,
  exclude: readonly ListedSource[],
  listed: readonly ListedSource[],
): string[] {
  const gone = new Set(exclude.map(pathOf));
  const others = listed.map(pathOf).filter((p) => !gone.has(p));
  const ends = [...gone].map((file) => {
    const parts = file.split('/');
    const lengths = parts.map((_, i) => i + 1);
    const isClear = (n: number): boolean =>
      !others.some((o) => `/${o}`.endsWith(`/${parts.slice(-n).join('/')}`));
    return parts.slice(-(lengths.find(isClear) ?? 1)).join('/');
  });
  if (ends.length === 0) return [];
  const pattern = [...new Set(ends)].map((end) => end.replace(/[^\w/-]/g, '[$&]')).join('|');
  return [
    `get_target_property(GLOWPORT_SOURCES ${target} SOURCES)`,
    `list(FILTER GLOWPORT_SOURCES EXCLUDE REGEX "(^|/)(${pattern})$")`,
    `set_target_properties(${target} PROPERTIES SOURCES "\${GLOWPORT_SOURCES}")`,
  ];
}

function pathOf({ place, path: listed }: ListedSource): string {
  return place ?? listed;
}

/** An argument as it has to be written. */
function word(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
