import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_DRAWN_NODES, placeGraph } from '../../extension/bundle/graphDrawing.ts';
import type { DrawnNode, GraphDrawing, PlacedGraph } from '../../webview/shared/pictures/graph.ts';
import { graphSvg } from '../../extension/bundle/graphSvg.ts';
import { graphvizDot } from '../../extension/bundle/graphvizDot.ts';
import { escapeXml, svgText } from '../../extension/bundle/svgText.ts';
import { fitText, svg, textWidth } from '../../webview/shared/pictures/svg.ts';

const node = (id: string, lines: readonly string[] = []): DrawnNode => ({
  id,
  kind: 'convolution',
  title: `Conv ${id}`,
  lines,
});

/** Random directed acyclic graphs: each node reads one or two nodes before it. */
const drawings = fc
  .array(fc.tuple(fc.nat(), fc.option(fc.nat()), fc.string({ maxLength: 40 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((choices): GraphDrawing => {
    const nodes = [node('n0')];
    const edges = choices.flatMap(([a, b, text], i) => {
      const id = `n${i + 1}`;
      nodes.push(node(id, [text]));
      const from = new Set([a % nodes.length, ...(b === null ? [] : [b % nodes.length])]);
      return [...from].filter((k) => k <= i).map((k) => ({ from: `n${k}`, to: id }));
    });
    return { name: 'random', nodes, edges };
  });

function placed(drawing: GraphDrawing): PlacedGraph {
  const result = placeGraph(drawing);
  assert.ok(!('tooLarge' in result));
  return result;
}

describe('drawn graph', () => {
  it('places boxes apart from each other, inside the picture, below what they read', () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const graph = placed(drawing);
        graph.nodes.forEach((a, i) => {
          assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= graph.width && a.y + a.height <= graph.height);
          for (const b of graph.nodes.slice(i + 1)) {
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            assert.ok(apart, `${a.id} overlaps ${b.id}`);
          }
        });
        const byId = new Map(graph.nodes.map((n) => [n.id, n]));
        for (const edge of graph.edges) {
          assert.ok(byId.get(edge.from)!.y < byId.get(edge.to)!.y);
          assert.ok(edge.points.length >= 2);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what would take long: many nodes, or many connections over many ranks', () => {
    const chain = (n: number): DrawnNode[] => Array.from({ length: n }, (_, i) => node(`n${i}`));
    const long = placeGraph({ name: 'x', nodes: chain(MAX_DRAWN_NODES + 1), edges: [] });
    assert.deepEqual(long, { tooLarge: 'The graph has 401 nodes; graphs of up to 400 are drawn.' });
    const nodes = chain(MAX_DRAWN_NODES);
    const edges = nodes.slice(1).flatMap((n, i) => [
      { from: `n${i}`, to: n.id },
      { from: 'n0', to: n.id },
    ]);
    assert.ok('tooLarge' in placeGraph({ name: 'x', nodes, edges }));
    const [above, below] = [nodes.slice(0, 60), nodes.slice(60, 120)];
    const crossing = above.flatMap(({ id: from }) => below.map(({ id: to }) => ({ from, to })));
    assert.ok('tooLarge' in placeGraph({ name: 'x', nodes: [...above, ...below], edges: crossing }));
  });

  it('writes the same SVG twice, and says in it what cannot be drawn', () => {
    const drawing: GraphDrawing = {
      name: 'a<b',
      nodes: [node('n0', ['"&<>']), node('n1')],
      edges: [{ from: 'n0', to: 'n1' }],
    };
    assert.equal(graphSvg(drawing), graphSvg(drawing));
    assert.match(graphSvg(drawing), /<title>Network a&lt;b<\/title>/);
    assert.match(graphSvg(drawing), /&quot;&amp;&lt;&gt;/);
    const many = { ...drawing, nodes: Array.from({ length: 5000 }, (_, i) => node(`n${i}`)) };
    assert.match(graphSvg(many), /The graph has 5,000 nodes/);
  });

  it('keeps hostile names inside DOT strings', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 5 }), (lines) => {
        const text = graphvizDot({
          name: lines[0] ?? '',
          nodes: [node('a', lines), node('b')],
          edges: [{ from: 'a', to: 'b' }],
        });
        // outside of double-quoted strings only DOT's own words and punctuation are left
        const outside = text.replace(/"(?:[^"\\]|\\.)*"/gs, '""');
        assert.match(outside, /^[\w\s{}[\]=;,>"-]*$/);
        assert.equal(outside.split('\n').length, 8, 'no line break got in');
      }),
    );
  });
});

describe('SVG text', () => {
  it('escapes whatever stands in elements and attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = svgText(svg('text', { class: text }, [text]));
        assert.equal(written.split('<').length, 3, 'an opening and a closing tag, nothing else');
        // eslint-disable-next-line no-control-regex -- what XML forbids must not be there
        assert.doesNotMatch(written, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        assert.equal(Buffer.from(written).toString('utf8'), written, 'well-formed UTF-16');
      }),
    );
    assert.equal(escapeXml('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;');
  });

  it('cuts text to a width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const fitted = fitText(text, 12, width);
        assert.ok(textWidth(fitted, 12) <= width);
        if (fitted !== text) assert.ok(fitted === '' || fitted.endsWith('\u2026'));
      }),
    );
  });
});
