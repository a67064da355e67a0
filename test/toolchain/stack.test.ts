import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { StackNeeds } from '../../extension/toolchain/stack/need.ts';
import { chainCase } from '../support/randomCase.ts';
import { portableTarget } from '../support/targets.ts';

/* The oracle is gcc: how deep each of its functions is, and which it calls (-fcallgraph-info=su). */

const SEEDS = Number(process.env['GLOWPORT_SEEDS'] ?? 4);

/** Every frame up to some hundred bytes and larger ones, whose size no instruction holds. */
const FRAMES = [
  ...Array.from({ length: 60 }, (_, i) => 4 * i),
  500,
  504,
  508,
  512,
  1020,
  1024,
  4092,
  5000,
  70_000,
];

describe('the stack that code needs', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Compiles and links C; what gcc says of it, and the program. */
  function compiled(source: string, cpuFlags: readonly string[], name = 'unit') {
    const at = (ending: string): string => path.join(folder, `${name}${ending}`);
    writeFileSync(at('.c'), source);
    const gcc = (...args: string[]): unknown =>
      execFileSync('arm-none-eabi-gcc', [...cpuFlags, ...args], { cwd: folder, stdio: 'pipe' });
    // of what a function jumps to at its end gcc does not say that its own frame is gone
    gcc(
      '-std=gnu99',
      '-fno-optimize-sibling-calls',
      '-fcallgraph-info=su',
      '-Os',
      '-c',
      at('.c'),
      '-o',
      at('.o'),
    );
    gcc(
      '-nostartfiles',
      '--specs=nano.specs',
      '--specs=nosys.specs',
      '-Wl,--entry=0',
      at('.o'),
      '-o',
      at('.elf'),
    );
    return {
      graph: callGraph(readFileSync(at('.ci'), 'utf8')),
      needs: new StackNeeds(readElf(new Uint8Array(readFileSync(at('.elf'))))),
    };
  }

  /** Asserts the need of every function that gcc knows with all it calls. @returns how many those are */
  function assertAsGccSays({ graph, needs }: ReturnType<typeof compiled>, label: string): number {
    let known = 0;
    for (const name of graph.frames.keys()) {
      const deepest = deepestCall(graph, name);
      if (deepest === undefined) continue;
      known++;
      assert.deepEqual(needs.of(name), { kind: 'known', bytes: deepest }, `${label}: ${name}`);
    }
    return known;
  }

  for (const id of ['frdmke02z40m', 'evkmimxrt1060']) {
    const { cpuFlags } = findBoard(id).compile;

    it(`is what gcc says of frames of every size and of calls, on ${id}`, () => {
      const functions = FRAMES.map(
        (bytes, i) => `
void frame${i}(int n) { volatile char a[${bytes + 2}]; for (int i = 0; i < n; i++) a[i & 1] = (char)i; }
int after${i}(int n) { frame${i}(n); outside(n); return n; }
int calls${i}(int n) { volatile char a[${bytes + 2}]; a[n] = 1; frame${i}(n); if (n > 3) outside(n); return a[n] + after${i}(n); }`,
      );
      const source = `__attribute__((noipa)) void outside(int n) { __asm volatile("" : : "r"(n)); }
${functions.join('\n')}
float saved(float a, float b, int n) { float s = 0; for (int i = 0; i < n; i++) { outside(i); s = s * a + b; } return s; }
int variadic(int n, ...) {
  __builtin_va_list l;
  __builtin_va_start(l, n);
  int s = 0;
  while (n-- > 0) { s += __builtin_va_arg(l, int); outside(s); }
  return s;
}`;
      const unit = compiled(source, cpuFlags);
      // four registers of arguments, which a variadic function puts beside its frame, are not in gcc's number
      unit.graph.frames.set('variadic', unit.graph.frames.get('variadic')! + 16);
      const known = assertAsGccSays(unit, id);
      assert.ok(known > 3 * FRAMES.length, `${known} functions`);
    });

    it(`is what gcc says of the layers of random networks, on ${id}`, () => {
      let known = 0;
      for (let seed = 0; seed < SEEDS; seed++) {
        const { quantized, label } = chainCase(seed);
        const { source, header } = compileBundle(quantized, { name: 'net', target: portableTarget(20_000) });
        writeFileSync(path.join(folder, 'net.h'), header);
        known += assertAsGccSays(compiled(source!, cpuFlags, 'net'), label);
      }
      assert.ok(known > 2 * SEEDS, `${known} functions`);
    });
  }

  it('is not known where code does not tell it, and the function is named', () => {
    const source = `
int through(int (*f)(int), int n) { return f(n) + 1; }
int caller(int (*f)(int), int n) { return through(f, n) + 1; }
int again(int n) { return n < 2 ? n : again(n - 1) + again(n - 2) * n; }
void grow(int n) { volatile char a[n]; a[n - 1] = 1; }
int plain(int n) { return n; }
int (*const table[])(int) = { plain, again };
`;
    for (const id of ['frdmke02z40m', 'evkmimxrt1060']) {
      const { needs } = compiled(source.replace('int again', '__attribute__((noinline)) int again'), [
        ...findBoard(id).compile.cpuFlags,
        '-fno-inline',
      ]);
      const why = (name: string): unknown => {
        const need = needs.of(name);
        return need?.kind === 'unknown' ? [need.why, need.function] : need;
      };
      assert.deepEqual(why('through'), ['call', 'through']);
      assert.deepEqual(why('caller'), ['call', 'through']);
      assert.deepEqual(why('again'), ['recursion', 'again']);
      assert.deepEqual(why('grow'), ['stack', 'grow']);
      assert.deepEqual(why('plain'), { kind: 'known', bytes: 0 });
      assert.equal(needs.of('nothing'), undefined);
    }
  });

  it('of code that is none ends', () => {
    for (let seed = 0; seed < 200; seed++) {
      const data = new Uint8Array(2048);
      let state = seed * 2654435761 + 1;
      for (let i = 0; i < data.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        data[i] = state >>> 24;
      }
      const elf = {
        kind: 'executable',
        machine: 'arm',
        entry: 0,
        segments: [],
        sections: [
          {
            name: '.text',
            type: 1,
            address: 0,
            size: data.length,
            allocated: true,
            writable: false,
            executable: true,
            data,
          },
        ],
        symbols: [
          {
            name: 'f',
            address: 0,
            size: 2048,
            type: 'function',
            binding: 'global',
            section: 0,
            defined: true,
          },
        ],
        attributes: new Map(),
      } as const;
      assert.ok(new StackNeeds(elf).of('f'));
    }
  });
});

interface CallGraph {
  readonly frames: Map<string, number>;
  readonly calls: ReadonlyMap<string, readonly string[]>;
}

/** Reads gcc's NAME.ci: nodes with the bytes of their frame, and edges. */
function callGraph(text: string): CallGraph {
  const frames = new Map<string, number>();
  for (const [, title, bytes] of text.matchAll(
    /node: \{ title: "(?:[^":]*:)?(\w+)".*?\\n(\d+) bytes \(static\)/g,
  )) {
    frames.set(title!, Number(bytes));
  }
  const calls = new Map<string, string[]>();
  for (const [, from, to] of text.matchAll(
    /edge: \{ sourcename: "(?:[^":]*:)?(\w+)" targetname: "(?:[^":]*:)?(\w+)"/g,
  )) {
    calls.set(from!, [...(calls.get(from!) ?? []), to!]);
  }
  return { frames, calls };
}

/** Bytes of the deepest call; undefined where gcc does not know a function, as those of libraries. */
function deepestCall({ frames, calls }: CallGraph, name: string): number | undefined {
  const own = frames.get(name);
  if (own === undefined) return undefined;
  let deepest = own;
  for (const callee of calls.get(name) ?? []) {
    const below = deepestCall({ frames, calls }, callee);
    if (below === undefined) return undefined;
    deepest = Math.max(deepest, own + below);
  }
  return deepest;
}
