import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  contrast,
  luminance,
  MINIMUM_CONTRAST,
  paletteColour,
  parseColour,
  readable,
} from '../../webview/monitor/colour.ts';

const byte = fc.nat(255);
const colour = fc.record({ r: byte, g: byte, b: byte });

describe('terminal colours', () => {
  it('parses what themes and computed styles write', () => {
    const red = { r: 255, g: 0, b: 0 };
    for (const text of [
      '#f00',
      '#FF0000',
      '#ff000080',
      'rgb(255, 0, 0)',
      'rgba(255,0,0,0.5)',
      ' rgb(255 0 0)',
    ]) {
      assert.deepEqual(parseColour(text), red, text);
    }
    for (const text of ['', 'red', '#ff', 'url(x)']) assert.equal(parseColour(text), undefined);
  });

  it('is xterm’s palette from 16 on', () => {
    assert.deepEqual(paletteColour(16), { r: 0, g: 0, b: 0 });
    assert.deepEqual(paletteColour(208), { r: 255, g: 135, b: 0 });
    assert.deepEqual(paletteColour(231), { r: 255, g: 255, b: 255 });
    assert.deepEqual(paletteColour(244), { r: 128, g: 128, b: 128 });
  });

  it('knows WCAG’s luminance and contrast', () => {
    assert.equal(luminance({ r: 255, g: 255, b: 255 }), 1);
    assert.equal(contrast({ r: 0, g: 0, b: 0 }, { r: 255, g: 255, b: 255 }), 21);
    // #767676 is the darkest gray on white that passes (W3C's own example)
    assert.ok(contrast({ r: 0x76, g: 0x76, b: 0x76 }, { r: 255, g: 255, b: 255 }) >= 4.5);
    assert.ok(contrast({ r: 0x77, g: 0x77, b: 0x77 }, { r: 255, g: 255, b: 255 }) < 4.5);
  });

  it('makes any text readable on any background, and leaves alone what is', () => {
    fc.assert(
      fc.property(colour, colour, (text, background) => {
        const shown = readable(text, background);
        assert.ok(contrast(shown, background) >= MINIMUM_CONTRAST);
        if (contrast(text, background) >= MINIMUM_CONTRAST) assert.deepEqual(shown, text);
      }),
    );
  });
});
