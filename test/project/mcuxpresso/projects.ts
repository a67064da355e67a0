import { chmod, lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/*
 * Projects of our own making in the formats that MCUXpresso IDE and NXP's SDK write: the nesting, classes and attributes are
 * theirs, names and ids are not.
 */

export interface CprojectOptions {
  readonly name: string;
  readonly board?: string;
  /** Processor as the IDE writes it: cm0plus, cm7. */
  readonly core?: string;
  readonly cpp?: boolean;
  readonly newline?: '\n' | '\r\n';
  readonly indent?: string;
  /** Library of the linker, such as `codered.semihost_nf`; undefined leaves the option without a value. */
  readonly library?: string | undefined;
  /** Options of older IDEs lack useByScannerDiscovery and IS_VALUE_EMPTY. */
  readonly old?: boolean;
  readonly defines?: readonly string[];
  readonly objects?: readonly string[];
  /** Source entries; empty for a project without any. */
  readonly folders?: readonly string[];
  readonly excluding?: string;
  readonly artefact?: 'exe' | 'staticLib';
  /** Whose Makefile is the user's own: Debug or Release. */
  readonly ownMakefile?: 'Debug' | 'Release';
  /** Leaves out the Other objects option, as a hand-made project may. */
  readonly noUserObjects?: boolean;
}

/** Text of a .cproject with Debug and Release. */
export function cproject(options: CprojectOptions): string {
  const { name, core = 'cm0plus', cpp = false, newline = '\n', indent = '\t', old = false } = options;
  const artefact = options.artefact ?? 'exe';
  let id = 1_000_000;
  const scan = old ? '' : ' useByScannerDiscovery="false"';
  const escape = (s: string): string =>
    s.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
  const lines: string[] = [];
  const put = (depth: number, text: string): void => void lines.push(indent.repeat(depth) + text);
  const plain = (superClass: string, label: string, value?: string): void => {
    const end = value === undefined ? '/>' : ` value="${escape(value)}" valueType="enumerated"/>`;
    put(8, `<option id="${superClass}.${++id}" name="${label}" superClass="${superClass}"${scan}${end}`);
  };
  const list = (superClass: string, label: string, type: string, values: readonly string[]): void => {
    const empty = old ? '' : `IS_BUILTIN_EMPTY="false" IS_VALUE_EMPTY="${values.length === 0}" `;
    const head = `<option ${empty}id="${superClass}.${++id}" name="${label}" superClass="${superClass}"${scan}`;
    if (values.length === 0) return put(8, old ? `${head}/>` : `${head} valueType="${type}"/>`);
    put(8, `${head} valueType="${type}">`);
    for (const value of values) put(9, `<listOptionValue builtIn="false" value="${escape(value)}"/>`);
    put(8, '</option>');
  };
  const tool = (superClass: string, label: string, fill: () => void): void => {
    put(7, `<tool id="${superClass}.${++id}" name="${label}" superClass="${superClass}">`);
    fill();
    put(7, '</tool>');
  };
  const defines = (build: string): string[] => [
    ...(options.defines ?? [
      '__REDLIB__',
      'CPU_MKE16Z64VLF4',
      'SDK_DEBUGCONSOLE=0',
      'PRINTF_ADVANCED_ENABLE=0',
    ]),
    build === 'debug' ? 'DEBUG' : 'NDEBUG',
  ];
  const library = 'library' in options ? options.library : 'codered.semihost_nf';
  const link = (build: string, isCpp: boolean): void => {
    const used = isCpp === cpp;
    const c = isCpp ? 'cpp' : 'c';
    const dot = isCpp ? '.cpp' : '';
    tool(`com.crt.advproject.link${dot}.exe.${build}`, isCpp ? 'MCU C++ Linker' : 'MCU Linker', () => {
      plain(
        `com.crt.advproject.link${dot}.arch`,
        'Architecture',
        `com.crt.advproject.link${dot}.target.${core}`,
      );
      list(`gnu.${c}.link.option.other`, 'Other options (-Xlinker [option])', 'stringList', [
        '-Map="${BuildArtifactFileBaseName}.map"',
        '--gc-sections',
      ]);
      if (!options.noUserObjects) {
        list(
          `gnu.${c}.link.option.userobjs`,
          'Other objects',
          'userObjs',
          used ? (options.objects ?? []) : [],
        );
      }
      plain(`com.crt.advproject.link${dot}.manage`, 'Manage linker script', 'true');
      plain(
        `com.crt.advproject.link.${isCpp ? 'cpp' : 'gcc'}.hdrlib`,
        'Library',
        used && library !== undefined
          ? `com.crt.advproject.${isCpp ? 'cpp' : 'gcc'}.link.hdrlib.${library}`
          : undefined,
      );
      if (used) {
        put(
          8,
          `<inputType id="cdt.managedbuild.tool.gnu.${c}.linker.input.${++id}" superClass="cdt.managedbuild.tool.gnu.${c}.linker.input">`,
        );
        put(9, '<additionalInput kind="additionalinputdependency" paths="$(USER_OBJS)"/>');
        put(9, '<additionalInput kind="additionalinput" paths="$(LIBS)"/>');
        put(8, '</inputType>');
      }
    });
  };

  put(0, '<?xml version="1.0" encoding="UTF-8" standalone="no"?>');
  put(
    0,
    '<?fileVersion 4.0.0?><cproject storage_type_id="org.eclipse.cdt.core.XmlProjectDescriptionStorage">',
  );
  put(1, '<storageModule moduleId="org.eclipse.cdt.core.settings">');
  for (const [build, title] of [
    ['debug', 'Debug'],
    ['release', 'Release'],
  ] as const) {
    const config = `com.crt.advproject.config.${artefact === 'exe' ? 'exe' : 'lib'}.${build}.${++id}`;
    put(2, `<cconfiguration id="${config}">`);
    put(
      3,
      `<storageModule buildSystemId="org.eclipse.cdt.managedbuilder.core.configurationDataProvider" id="${config}" moduleId="org.eclipse.cdt.core.settings" name="${title}">`,
    );
    put(4, '<externalSettings/>');
    put(3, '</storageModule>');
    put(3, '<storageModule moduleId="cdtBuildSystem" version="4.0.0">');
    put(
      4,
      `<configuration artifactExtension="axf" artifactName="\${ProjName}" buildArtefactType="org.eclipse.cdt.build.core.buildArtefactType.${artefact}" cleanCommand="rm -rf" description="${title} build" id="${config}" name="${title}" parent="com.crt.advproject.config.exe.${build}" postbuildStep="arm-none-eabi-size &quot;\${BuildArtifactFileName}&quot; ; # arm-none-eabi-objcopy -v -O binary &lt;&amp;&gt;">`,
    );
    put(5, `<folderInfo id="${config}." name="/" resourcePath="">`);
    put(
      6,
      `<toolChain id="com.crt.advproject.toolchain.exe.${build}.${++id}" name="NXP MCU Tools" superClass="com.crt.advproject.toolchain.exe.${build}">`,
    );
    put(
      7,
      `<builder buildPath="\${workspace_loc:/${escape(name)}}/${title}" id="com.crt.advproject.builder.exe.${build}.${++id}" keepEnvironmentInBuildfile="false" managedBuildOn="${options.ownMakefile !== title}" name="Gnu Make Builder" superClass="com.crt.advproject.builder.exe.${build}"/>`,
    );
    tool(`com.crt.advproject.cpp.exe.${build}`, 'MCU C++ Compiler', () => {
      plain('com.crt.advproject.cpp.hdrlib', 'Library headers');
      list(
        'gnu.cpp.compiler.option.preprocessor.def',
        'Defined symbols (-D)',
        'definedSymbols',
        cpp ? defines(build) : [],
      );
    });
    tool(`com.crt.advproject.gcc.exe.${build}`, 'MCU C Compiler', () => {
      plain('com.crt.advproject.gcc.arch', 'Architecture', `com.crt.advproject.gcc.target.${core}`);
      list(
        'gnu.c.compiler.option.preprocessor.def.symbols',
        'Defined symbols (-D)',
        'definedSymbols',
        defines(build),
      );
      plain('com.crt.advproject.gcc.hdrlib', 'Library headers');
      plain(
        'com.crt.advproject.gcc.specs',
        'Specs',
        library && `com.crt.advproject.gcc.specs.${library.split('.')[0]}`,
      );
      put(
        8,
        `<inputType id="com.crt.advproject.compiler.input.${++id}" superClass="com.crt.advproject.compiler.input"/>`,
      );
    });
    tool(`com.crt.advproject.gas.exe.${build}`, 'MCU Assembler', () => {
      put(
        8,
        `<option id="gnu.both.asm.option.flags.crt.${++id}" name="Assembler flags" superClass="gnu.both.asm.option.flags.crt"${scan} value="-c -x assembler-with-cpp -D__REDLIB__" valueType="string"/>`,
      );
    });
    link(build, true);
    link(build, false);
    put(6, '</toolChain>');
    put(5, '</folderInfo>');
    const folders = options.folders ?? ['startup', 'CMSIS', 'source', 'utilities', 'drivers', 'board'];
    if (folders.length > 0) {
      put(5, '<sourceEntries>');
      for (const folder of folders) {
        const excluding = options.excluding && folder === 'source' ? `excluding="${options.excluding}" ` : '';
        put(
          6,
          `<entry ${excluding}flags="LOCAL|VALUE_WORKSPACE_PATH|RESOLVED" kind="sourcePath" name="${folder}"/>`,
        );
      }
      put(5, '</sourceEntries>');
    }
    put(4, '</configuration>');
    put(3, '</storageModule>');
    put(2, '</cconfiguration>');
  }
  put(1, '</storageModule>');
  put(1, '<storageModule moduleId="com.crt.config">');
  put(2, '<projectStorage>&lt;?xml version="1.0" encoding="UTF-8"?&gt;&#13;');
  put(0, '&lt;TargetConfig&gt;&#13;');
  put(0, '&lt;/TargetConfig&gt;</projectStorage>');
  put(1, '</storageModule>');
  if (options.board !== undefined) {
    put(1, '<storageModule moduleId="com.nxp.mcuxpresso.core.datamodels">');
    put(2, '<sdkVersion>2.16.0</sdkVersion>');
    put(2, `<boardId>${options.board}</boardId>`);
    put(1, '</storageModule>');
  }
  put(0, '</cproject>');
  return lines.join(newline) + newline;
}

/** Text of the .project file beside it. */
export function dotProject(name: string, cpp: boolean, newline = '\n'): string {
  const natures = ['org.eclipse.cdt.core.cnature', ...(cpp ? ['org.eclipse.cdt.core.ccnature'] : [])];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<projectDescription>',
    `\t<name>${name}</name>`,
    '\t<natures>',
    ...natures.map((n) => `\t\t<nature>${n}</nature>`),
    '\t</natures>',
    '</projectDescription>',
    '',
  ].join(newline);
}

/** A program in the shape of the SDK's hello_world, of our own words. */
export function helloWorld(
  init: readonly string[],
  headers = ['fsl_device_registers.h', 'fsl_debug_console.h', 'board.h', 'pin_mux.h', 'clock_config.h'],
): string {
  return [
    '/* An example. BOARD_InitPins(); in a comment is no call. */',
    ...headers.map((h) => `#include "${h}"`),
    '#include <stdbool.h>',
    '',
    '/*! @brief Main function */',
    'int main(void)',
    '{',
    '    char ch;',
    '',
    '    /* Init board hardware. */',
    ...init.map((call) => `    ${call};`),
    '',
    '    PRINTF("hello world.\\r\\n");',
    '    while (1)',
    '    {',
    '        ch = GETCHAR();',
    '        PUTCHAR(ch);',
    '        BOARD_Never();',
    '    }',
    '}',
    '',
  ].join('\n');
}

/** NXP's hello_world for the FRDM-KE16Z as a project of MCUXpresso IDE: contents by path. */
export function helloProject(name: string): Record<string, string> {
  const calls = ['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'];
  return {
    '.cproject': cproject({ name, board: 'frdmke16z' }),
    '.project': dotProject(name, false),
    'source/hello_world.c': helloWorld(calls),
  };
}

/** Writes files into a folder. */
export async function writeTree(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents);
    if (name.endsWith('.sh')) await chmod(file, 0o755);
  }
}

/** All of a folder: its folders, and its files with their bytes and permissions. */
export async function readTree(folder: string, relative = ''): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(path.join(folder, relative), { withFileTypes: true })) {
    const name = path.posix.join(relative, entry.name);
    const { mode } = await lstat(path.join(folder, name));
    const kind = entry.isDirectory()
      ? 'folder'
      : (await readFile(path.join(folder, name))).toString('latin1');
    tree[name] = `${(mode & 0o777).toString(8)} ${kind}`;
    if (entry.isDirectory()) Object.assign(tree, await readTree(folder, name));
  }
  return tree;
}
