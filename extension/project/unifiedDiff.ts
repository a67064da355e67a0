/**
 * The unified diff of two texts, as `diff -u` writes it and `patch` takes it; empty when they are equal. A missing text is a
 * file that is not there.
 */
export function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string | undefined,
  context = 3,
): string {
  const a = lines(before);
  const b = lines(after);
  const operations = compareLines(a, b);
  if (!operations.some((o) => o.kind !== ' ')) return '';
  const head = [
    `--- ${before === undefined ? '/dev/null' : label('a', file)}`,
    `+++ ${after === undefined ? '/dev/null' : label('b', file)}`,
  ];
  return [...head, ...hunks(operations, context)].join('\n') + '\n';
}

/** A tab behind a name with spaces is how patch knows where it ends. */
function label(side: string, file: string): string {
  return `${side}/${file}${/\s/.test(file) ? '\t' : ''}`;
}

/** Lines with what ends them; the last one may have no end. */
function lines(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.match(/[^\n]*\n|[^\n]+$/g)!;
}

interface Operation {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

function hunks(operations: readonly Operation[], context: number): string[] {
  const output: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  let i = 0;
  while (i < operations.length) {
    if (operations[i]!.kind === ' ') {
      oldLine++;
      newLine++;
      i++;
      continue;
    }
    const start = Math.max(0, i - context);
    // a hunk goes on over equal lines that are less than two contexts long
    let end = i;
    for (let j = i, equal = 0; j < operations.length && equal <= 2 * context; j++) {
      equal = operations[j]!.kind === ' ' ? equal + 1 : 0;
      if (equal === 0) end = j + 1;
    }
    end = Math.min(operations.length, end + context);
    const hunk = operations.slice(start, end);
    const oldCount = hunk.filter((o) => o.kind !== '+').length;
    const newCount = hunk.filter((o) => o.kind !== '-').length;
    output.push(
      `@@ -${range(oldLine - (i - start), oldCount)} +${range(newLine - (i - start), newCount)} @@`,
    );
    for (const { kind, line } of hunk) {
      const isWhole = line.endsWith('\n');
      output.push(isWhole ? kind + line.slice(0, -1) : `${kind}${line}\n\\ No newline at end of file`);
    }
    const passed = operations.slice(i, end);
    oldLine += passed.filter((o) => o.kind !== '+').length;
    newLine += passed.filter((o) => o.kind !== '-').length;
    i = end;
  }
  return output;
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}

/** Beyond this many differing lines the middle is shown as wholly replaced. */
const MAX_DISTANCE = 2000;

/** Myers' O(ND) difference of two lists of lines, after their common start and end. */
function compareLines(a: readonly string[], b: readonly string[]): Operation[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const same = (line: string): Operation => ({ kind: ' ', line });
  return [
    ...a.slice(0, start).map(same),
    ...shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

function shortestEdit(a: readonly string[], b: readonly string[]): Operation[] {
  const removed = a.map((line): Operation => ({ kind: '-', line }));
  const added = b.map((line): Operation => ({ kind: '+', line }));
  if (a.length === 0 || b.length === 0) return [...removed, ...added];
  // furthest[k + offset]: how far into a the diagonal k is reached; a copy a step shows the way back
  const limit = Math.min(a.length + b.length, MAX_DISTANCE);
  const offset = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const steps: Int32Array[] = [];
  for (let d = 0; d <= limit; d++) {
    steps.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && furthest[offset + k - 1]! < furthest[offset + k + 1]!);
      let x = isDown ? furthest[offset + k + 1]! : furthest[offset + k - 1]! + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest[offset + k] = x;
      if (x >= a.length && y >= b.length) return wayBack(a, b, steps);
    }
  }
  return [...removed, ...added];
}

function wayBack(a: readonly string[], b: readonly string[], steps: readonly Int32Array[]): Operation[] {
  const operations: Operation[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = steps.length - 1; d >= 0; d--) {
    const at = (k: number): number => steps[d]![k + d + 1]!;
    const k = x - y;
    const isDown = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : isDown ? at(k + 1) : at(k - 1);
    const fromY = d === 0 ? 0 : fromX - (isDown ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      operations.push({ kind: ' ', line: a[--x]! });
      y--;
    }
    if (d > 0) operations.push(isDown ? { kind: '+', line: b[--y]! } : { kind: '-', line: a[--x]! });
  }
  return operations.reverse();
}
