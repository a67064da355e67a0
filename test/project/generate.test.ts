import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { commentSafe } from '../../extension/common/cComment.ts';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError, type ErrorCode } from '../../extension/common/error.ts';
import { projectFiles, type ProjectOptions } from '../../extension/project/generate.ts';
import { reservedStack } from '../../extension/project/stack.ts';
import { isIdentifier } from '../../extension/project/names.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

const golden = path.join(productRoot, 'test', 'project', 'golden');

describe('generated project', () => {
  let bundle: Bundle;
  let options: ProjectOptions;

  before(async () => {
    bundle = await tinyBundle();
    options = {
      board: findBoard('frdmke16z'),
      bundle,
      testData: new Map([['image', incOf(tinyInput)]]),
      weights: 'flash',
      outDir: 'unused',
      modelName: 'tiny.onnx',
    };
  });

  // UPDATE_GOLDEN=1 writes them anew; read the difference before committing it.
  for (const id of ['frdmke16z', 'lpc845breakout']) {
    it(`is for ${id} what it was`, () => {
      const files = projectFiles({ ...options, board: findBoard(id) });
      const texts = [...files].filter(
        ([name]) => /\.([ch]|ld|txt|md|sh|cmake|json|clangd)$/.test(name) && !name.includes('tiny.'),
      );
      assert.ok(texts.length >= 20);
      for (const [name, text] of texts) {
        // suffixed, so that no tool takes them for sources of the repository
        const file = path.join(golden, id, `${name.replaceAll('/', '_').replace(/^\./, '')}.golden`);
        if (process.env.UPDATE_GOLDEN) {
          mkdirSync(path.dirname(file), { recursive: true });
          writeFileSync(file, text);
        }
        assert.equal(text, readFileSync(file, 'utf8'), name);
      }
    });
  }

  it('is equal for equal input', () => {
    assert.deepEqual(projectFiles(options), projectFiles(options));
  });

  it('leaves no template mark and no undefined value behind, on any board with board support', () => {
    for (const board of boards().filter((b) => b.bsp)) {
      for (const weights of ['flash', 'ram'] as const) {
        for (const [name, text] of projectFiles({ ...options, board, weights })) {
          if (typeof text !== 'string' || name.endsWith('.golden')) continue;
          assert.doesNotMatch(
            text,
            /\{\{|\}\}|undefined(?! reference)|\[object|NaN|&amp;|&quot;|&#x/,
            `${board.id} ${name}`,
          );
        }
      }
    }
  });

  it('calls what each board wants, in its order', () => {
    const main = projectFiles({ ...options, board: findBoard('lpc845breakout') }).get(
      'source/main.c',
    ) as string;
    const order = [
      'CLOCK_Select(',
      'BOARD_InitBootPins(',
      'BOARD_BootClockFRO30M(',
      'CLOCK_SetFLASH',
      'BOARD_InitDebugConsole(',
      'init_timer(',
    ];
    const places = order.map((call) => main.indexOf(call));
    assert.ok(places.every((p) => p > 0));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('gives the stack what a small RAM has left, never less than the firmware needs', () => {
    const board = findBoard('frdmke04z');
    assert.equal(reservedStack(board, 'own', 900, 160), 256);
    assert.equal(reservedStack(findBoard('frdmk32l2b'), 'own', 32_000, 160), 512);
    assert.equal(reservedStack(board, 'own', 205, 160), 200);
    assert.equal(reservedStack(board, 'own', 100, 160), 160);
    assert.equal(reservedStack(board, 'own', -4000, 160), 160);
    assert.equal(reservedStack(board, 'own', 900, 400), 400);
    assert.equal(reservedStack(findBoard('evkmimxrt1060'), 'sdk', 100_000, 400), 8192);
  });

  describe('refuses', () => {
    const refuses = (change: () => Partial<ProjectOptions>, code: ErrorCode, message: RegExp) => () => {
      assert.throws(
        () => projectFiles({ ...options, ...change() }),
        (e: unknown) => e instanceof UserError && e.code === code && message.test(e.message),
      );
    };
    it(
      'a board without board support',
      refuses(() => ({ board: findBoard('evkmimxrt1060') }), 'board', /MIMXRT1060-EVK/),
    );
    it(
      'a bundle that is not compiled',
      refuses(() => ({ bundle: { ...bundle, object: undefined } }), 'input', /object/),
    );
    it(
      'missing test data',
      refuses(() => ({ testData: new Map() }), 'input', /"image"/),
    );
    it(
      'test data of another size',
      refuses(() => ({ testData: new Map([['image', '1, 2']]) }), 'input', /2 bytes.*16/),
    );
    it(
      'a bundle without outputs',
      refuses(
        () => ({ bundle: { ...bundle, placeholders: bundle.placeholders.slice(0, 1) } }),
        'model',
        /no output/,
      ),
    );
    for (const bytes of [0, -8, 1.5, 8200, NaN]) {
      it(
        `a stack of ${bytes} bytes`,
        refuses(() => ({ stackBytes: bytes }), 'usage', /stack/),
      );
    }
    for (const name of [
      'main',
      'timer',
      'Board',
      'int',
      'printf',
      'glow',
      'SysTick',
      '__net',
      'a b',
      '',
      '1st',
      'x'.repeat(200),
      'a;b',
      'ä',
    ]) {
      it(
        `the name ${JSON.stringify(name.slice(0, 20))}`,
        refuses(() => ({ bundle: { ...bundle, name } }), 'usage', /name|called/),
      );
    }
    for (const text of [
      '#include "/etc/passwd"',
      '0x00 }; int x = {',
      `/* */ ${'0,'.repeat(15)} f()`,
      '*/',
      '/* a */ /* b */ 1',
    ]) {
      it(
        `code in test data: ${text.slice(0, 24)}`,
        refuses(() => ({ testData: new Map([['image', text]]) }), 'input', /not a list/),
      );
    }
  });

  describe('with hostile names', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            '*/',
            '/*',
            '//',
            '\\\n',
            '\\',
            '??/',
            '\n#include "/etc/passwd"\n',
            '"',
            '${x}',
            '{{x}}',
            '\u2028',
            'é',
            '%n%s',
            '*',
            '/',
            '?',
          ),
          { maxLength: 20 },
        )
        .map((parts) => parts.join('')),
    );

    it('keeps foreign text on one line of a comment', () => {
      fc.assert(
        fc.property(nasty, (text) => {
          const safe = commentSafe(text);
          assert.doesNotMatch(safe, /\*\/|\/\*|[^\x20-\x7e]|\\|\?\?/);
        }),
      );
    });

    it('adds no line and no code to any file', () => {
      const lines = (files: ReturnType<typeof projectFiles>): Map<string, number> =>
        new Map(
          Array.from(files, ([name, text]) => [name, typeof text === 'string' ? text.split('\n').length : 0]),
        );
      const plain = lines(projectFiles(options));
      fc.assert(
        fc.property(nasty, (text) => {
          const placeholders = bundle.placeholders.map((p) => ({
            ...p,
            name: p.direction === 'input' ? text : p.name,
          }));
          const images = new Map([[text, incOf(tinyInput)]]);
          const files = projectFiles({
            ...options,
            testData: images,
            modelName: text,
            bundle: { ...bundle, placeholders },
          });
          assert.deepEqual(lines(files), plain);
        }),
        { numRuns: 100 },
      );
    });

    it('takes only identifiers as C names', () => {
      const bad = bundle.placeholders.map((p) => ({ ...p, cName: 'x; system(0)' }));
      assert.throws(
        () => projectFiles({ ...options, bundle: { ...bundle, placeholders: bad } }),
        /not a C identifier/,
      );
      fc.assert(
        fc.property(nasty, (text) => {
          assert.equal(isIdentifier(text), /^[A-Za-z_]\w*$/.test(text) && text.length <= 100);
        }),
      );
    });
  });

  it('does not touch the disk to make its text', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    try {
      projectFiles({ ...options, outDir: path.join(folder, 'new') });
      assert.throws(() => readFileSync(path.join(folder, 'new')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
