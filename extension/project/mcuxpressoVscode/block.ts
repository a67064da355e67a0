import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { applyEdits, lineEnding } from '../textEdit.ts';
import { type CmakeCommand, parseCmake } from './cmake.ts';

/** How a project's CMakeLists.txt names its sources: by add_executable, or by the SDK's own mcux_add_source. */
export type CmakeStyle = 'sdk-2-cmake' | 'sdk-24-cmake';

export interface CmakeChange {
  readonly network: string;
  readonly defines: readonly string[];
  /** Sources not to build any more, as the file lists them. */
  readonly exclude: readonly ListedSource[];
  /** Way from the folder of CMakeLists.txt to the project's folder: empty or `../`. */
  readonly above: string;
  readonly style: CmakeStyle;
}

/** A source as a CMakeLists.txt lists it. */
export interface ListedSource {
  readonly path: string;
  /** BASE_PATH of its mcux_add_source. */
  readonly base: string | undefined;
}

const OPENING = '# >>> GlowPort';
const CLOSING = '# <<< GlowPort';
const SOURCES = ['main.c', 'timer.c', 'glow_bundle_utils.c'];

/** The style of a CMakeLists.txt; undefined for one that is not of a program on NXP's SDK. */
export function cmakeStyle(text: string, name: string): CmakeStyle | undefined {
  // our own standalone project on the SDK is no place to port into: it is generated
  if (!/mcux/i.test(text) || text.includes('Written by GlowPort')) return undefined;
  const commands = parseCmake(text, name);
  const has = (command: string): boolean => commands.some((c) => c.name === command);
  if (has('mcux_add_source') || (has('include') && /extension\/mcux\.cmake/.test(text)))
    return 'sdk-24-cmake';
  return targetOf(commands) === undefined ? undefined : 'sdk-2-cmake';
}

/** Sources that the file lists outside of our block. */
export function listedSources(text: string, name: string, style: CmakeStyle): ListedSource[] {
  const commands = parseCmake(withoutBlock(text, name), name);
  if (style === 'sdk-2-cmake') {
    return commands
      .filter((c) => c.name === 'add_executable' || c.name === 'target_sources')
      .flatMap((c) => c.args.slice(1).map((a) => ({ path: a.text, base: undefined })));
  }
  return commands
    .filter((c) => c.name === 'mcux_add_source')
    .flatMap((c) => {
      const words = c.args.map((a) => a.text);
      const base = words.includes('BASE_PATH') ? words[words.indexOf('BASE_PATH') + 1] : undefined;
      const first = words.indexOf('SOURCES') + 1;
      const keyword = words.findIndex((w, i) => i >= first && /^[A-Z_]{4,}$/.test(w));
      return words.slice(first, keyword < 0 ? undefined : keyword).map((p) => ({ path: p, base }));
    });
}

/**
 * Puts one marked block into a CMakeLists.txt, behind the command that lists the sources; all else stays byte for byte. A
 * block of an earlier port is replaced, so that applied to its own result with the same change it changes nothing.
 *
 * @throws UserError `input` when the file is malformed or has no place for it
 */
export function editCmake(text: string, name: string, change: CmakeChange): string {
  const bare = withoutBlock(text, name);
  const commands = parseCmake(bare, name);
  const anchor = anchorOf(commands, change.style);
  if (!anchor) {
    throw new UserError(
      'input',
      say`${name} does not say what the program is made of (${change.style === 'sdk-2-cmake' ? 'add_executable' : 'mcux_add_source'}).`,
      say`Name the folder of the SDK's hello_world, or of a project made from it.`,
    );
  }
  // behind a last CR, a LF alone would be taken for the end of that very line
  const newline = bare.endsWith('\r') ? '\r\n' : lineEnding(bare);
  const lines =
    change.style === 'sdk-2-cmake' ? classicBlock(change, targetOf(commands)!) : componentBlock(change);
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
function withoutBlock(text: string, name: string): string {
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

function anchorOf(commands: readonly CmakeCommand[], style: CmakeStyle): CmakeCommand | undefined {
  const wanted = style === 'sdk-2-cmake' ? ['add_executable'] : ['mcux_add_source', 'include'];
  for (const name of wanted) {
    const found = commands.filter((c) => c.name === name).pop();
    if (found) return found;
  }
  return undefined;
}

function targetOf(commands: readonly CmakeCommand[]): string | undefined {
  return commands.find((c) => c.name === 'add_executable')?.args[0]?.text;
}

/** SDK 2.x: plain CMake. Options come behind the SDK's flags, so that `-U` takes back what those define. */
function classicBlock({ network, defines, exclude, above }: CmakeChange, target: string): string[] {
  const here = `\${CMAKE_CURRENT_LIST_DIR}/${above}source`;
  const names = [...new Set(exclude.map((s) => path.posix.basename(s.path)))].map((n) =>
    n.replace(/[^\w-]/g, '[$&]'),
  );
  const remove = [
    `get_target_property(GLOWPORT_SOURCES ${target} SOURCES)`,
    `list(FILTER GLOWPORT_SOURCES EXCLUDE REGEX "(^|/)(${names.join('|')})$")`,
    `set_target_properties(${target} PROPERTIES SOURCES "\${GLOWPORT_SOURCES}")`,
  ];
  return [
    ...(names.length > 0 ? remove : []),
    `target_sources(${target} PRIVATE`,
    ...[...SOURCES, `${network}.o`].map((s) => `    "${here}/${s}"`),
    ')',
    `set_source_files_properties("${here}/${network}.o" PROPERTIES EXTERNAL_OBJECT TRUE)`,
    `target_include_directories(${target} BEFORE PRIVATE "${here}")`,
    `target_compile_options(${target} PRIVATE`,
    ...defines.map((d) => `    "SHELL:-U${d.split('=')[0]!} -D${d}"`),
    ')',
  ];
}

/** SDK 24.12 and later: the SDK's own functions, whose paths start from this file. */
function componentBlock({ network, defines, exclude, above }: CmakeChange): string[] {
  return [
    ...exclude.flatMap((s) => [
      'mcux_project_remove_source(',
      ...(s.base === undefined ? [] : [`    BASE_PATH ${word(s.base)}`]),
      `    SOURCES ${word(s.path)}`,
      ')',
    ]),
    'mcux_add_source(',
    '    SOURCES',
    ...SOURCES.map((s) => `        ${above}source/${s}`),
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

/** An argument as it has to be written. */
function word(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
