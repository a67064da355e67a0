// Lint rules of our own: the walls between rooms, no circle of files, no export that nothing imports, one style for constants.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { SURFACES, WALLS } from './eslint.walls.mjs';

const root = import.meta.dirname;

/** Where each room lies, what it may import (its own and what every room may), and whether it may import vscode. */
const ROOMS = Object.fromEntries(
  [
    ...Object.entries(WALLS).map(([room, may]) => [`extension/${room}`, { may }]),
    ...Object.entries(SURFACES),
  ].map(([room, { may, vscode }]) => [
    room,
    { vscode, may: may.map((r) => (Object.hasOwn(WALLS, r) ? `extension/${r}` : r)) },
  ]),
);
/** What every room of extension/ may import. */
const COMMON = 'extension/common';

/** The room that a file of the repository belongs to; undefined for tests, benches and the like, which may import everything. */
function roomOf(file) {
  const relative = slashed(path.relative(root, file));
  return Object.keys(ROOMS)
    .filter((room) => relative === room || relative.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function slashed(file) {
  return file.split(path.sep).join('/');
}

/** The file that a relative import names. */
function target(file, specifier) {
  return path.resolve(path.dirname(file), specifier);
}

/** Every module that a node imports from: import and export declarations, `import()`, and types of `import('...')`. */
function importVisitor(check) {
  const declared = (node) => node.source && check(node.source, node.source.value);
  return {
    ImportDeclaration: declared,
    ExportNamedDeclaration: declared,
    ExportAllDeclaration: declared,
    ImportExpression: (node) =>
      typeof node.source.value === 'string' && check(node.source, node.source.value),
    TSImportType: (node) => {
      const literal = node.source ?? node.argument?.literal;
      if (typeof literal?.value === 'string') check(literal, literal.value);
    },
  };
}

const walls = {
  meta: {
    type: 'problem',
    messages: {
      wall: '{{from}} may not import {{to}}',
      vscode: 'vscode is for main.ts, commands/ and views/',
    },
  },
  create(context) {
    const { filename } = context;
    const from = roomOf(filename);
    if (from === undefined) return {};
    const { may, vscode } = ROOMS[from];
    return importVisitor((node, specifier) => {
      if (specifier === 'vscode' && !vscode) context.report({ node, messageId: 'vscode' });
      if (!specifier.startsWith('.')) return;
      const file = target(filename, specifier);
      const to = roomOf(file);
      if (to === from || may.includes(to) || (to === COMMON && from.startsWith('extension/'))) return;
      const data = { from, to: to ?? slashed(path.relative(root, file)) };
      context.report({ node, messageId: 'wall', data });
    });
  },
};

// ---------------------------------------------------------------------------------------------- the house as a graph

const FOLDERS = ['extension', 'webview', 'test', 'bench'];
let house;

/** All files with their imports and exports, read once a run. */
function readHouse() {
  if (house) return house;
  house = new Map();
  for (const folder of FOLDERS) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true })) {
      if (!name.endsWith('.ts') || name.includes('node_modules')) continue;
      const file = path.join(root, folder, name);
      house.set(file, readModule(file));
    }
  }
  return house;
}

/** What a file imports, by file (the names, or `*` where they are not known), and what it exports. */
function readModule(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const imports = new Map();
  const exports = new Map();
  const add = (specifier, ...names) => {
    if (!specifier || !ts.isStringLiteralLike(specifier) || !specifier.text.startsWith('.')) return;
    const to = target(file, specifier.text);
    imports.set(to, new Set([...(imports.get(to) ?? []), ...names]));
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
      const names = named.map((e) => (e.propertyName ?? e.name).text);
      if (node.importClause?.name) names.push('default');
      add(node.moduleSpecifier, ...(bindings && ts.isNamespaceImport(bindings) ? ['*'] : names));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const named =
        node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      add(
        node.moduleSpecifier,
        ...(node.exportClause ? named.map((e) => (e.propertyName ?? e.name).text) : ['*']),
      );
      for (const e of named) exports.set(e.name.text, e.name.getStart(source));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], ...namesTaken(node));
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, node.qualifier ? node.qualifier.getText(source).split('.')[0] : '*');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements) {
    if (!statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword)) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const { name } of declared) {
      if (!name || !ts.isIdentifier(name)) continue;
      // a type that an exported function takes or gives may go unnamed elsewhere
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      if (isType && usesOf(name.text, source) > 1) continue;
      exports.set(name.text, name.getStart(source));
    }
  }
  return { imports, exports };
}

/** How often an identifier stands in a file. */
function usesOf(name, source) {
  let uses = 0;
  const visit = (node) => {
    if (ts.isIdentifier(node) && node.text === name) uses++;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** The names that `const { a, b } = await import('...')` takes; `*` for any other use. */
function namesTaken(call) {
  const declaration = call.parent?.parent;
  const { name } = declaration && ts.isVariableDeclaration(declaration) ? declaration : {};
  if (!name || !ts.isObjectBindingPattern(name)) return ['*'];
  return name.elements.map((e) => (e.propertyName ?? e.name).getText());
}

/** Files that can be reached from a file by its imports, with the file each was reached from. */
function reachable(from) {
  const all = readHouse();
  const cameFrom = new Map();
  const todo = [from];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    for (const next of all.get(file)?.imports.keys() ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      todo.push(next);
    }
  }
  return cameFrom;
}

const noCircles = {
  meta: { type: 'problem', messages: { circle: 'this file imports itself by way of {{way}}' } },
  create(context) {
    return {
      Program(node) {
        const { filename } = context;
        const cameFrom = reachable(filename);
        if (!cameFrom.has(filename)) return;
        const way = [];
        for (let at = cameFrom.get(filename); at !== filename; at = cameFrom.get(at)) way.unshift(at);
        const data = { way: way.map((f) => slashed(path.relative(root, f))).join(', ') };
        context.report({ node, loc: { line: 1, column: 0 }, messageId: 'circle', data });
      },
    };
  },
};

/** What VS Code calls. */
const ENTRY = path.join(root, 'extension/main.ts');

const usedExports = {
  meta: { type: 'problem', messages: { unused: 'nothing imports {{name}}: do not export it' } },
  create(context) {
    return {
      Program() {
        const { filename, sourceCode } = context;
        const all = readHouse();
        const exports = all.get(filename)?.exports;
        if (!exports || roomOf(filename) === undefined) return;
        const taken = new Set(filename === ENTRY ? ['activate', 'deactivate'] : []);
        for (const { imports } of all.values())
          for (const name of imports.get(filename) ?? []) taken.add(name);
        if (taken.has('*')) return;
        for (const [name, at] of exports) {
          if (taken.has(name)) continue;
          context.report({ loc: sourceCode.getLocFromIndex(at), messageId: 'unused', data: { name } });
        }
      },
    };
  },
};

// ------------------------------------------------------------------------------------------------------------ style

/** Whether an expression is literal data: no call, no function, nothing that is filled later. */
function isData(node, constants) {
  const all = (nodes) => nodes.every((n) => n && isData(n, constants));
  switch (node.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return all(node.expressions);
    case 'UnaryExpression':
      return isData(node.argument, constants);
    case 'BinaryExpression':
      return all([node.left, node.right]);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return isData(node.expression, constants);
    case 'SpreadElement':
      return isData(node.argument, constants);
    case 'ArrayExpression':
      return node.elements.length > 0 && all(node.elements);
    case 'ObjectExpression':
      return all(node.properties.map((p) => (p.type === 'Property' ? p.value : p)));
    case 'NewExpression':
      return ['Set', 'Map'].includes(node.callee.name) && node.arguments.length > 0 && all(node.arguments);
    case 'Identifier':
      return constants.has(node.name) || ['undefined', 'Infinity', 'NaN'].includes(node.name);
    case 'MemberExpression':
      return isData(node.object, constants);
    default:
      return false;
  }
}

const constantNames = {
  meta: { type: 'suggestion', messages: { upper: 'literal data of a file is UPPER_CASE: {{name}}' } },
  create(context) {
    const constants = new Set();
    return {
      ImportSpecifier: (node) => /^[A-Z][A-Z0-9_]+$/.test(node.local.name) && constants.add(node.local.name),
      'Program > VariableDeclaration[kind="const"] > VariableDeclarator, Program > ExportNamedDeclaration > VariableDeclaration[kind="const"] > VariableDeclarator'(
        node,
      ) {
        if (node.id.type !== 'Identifier' || !node.init || !isData(node.init, constants)) return;
        constants.add(node.id.name);
        if (/^[A-Z][A-Z0-9_]*$/.test(node.id.name)) return;
        context.report({ node: node.id, messageId: 'upper', data: { name: node.id.name } });
      },
    };
  },
};

const privateNames = {
  meta: { type: 'suggestion', messages: { hash: 'a private member is written #name' } },
  create(context) {
    const report = (node) => context.report({ node: node.key ?? node, messageId: 'hash' });
    return {
      'PropertyDefinition[accessibility="private"]': report,
      'MethodDefinition[accessibility="private"]': (node) => node.kind !== 'constructor' && report(node),
      'TSParameterProperty[accessibility="private"]': report,
    };
  },
};

export default {
  rules: {
    walls,
    'no-circles': noCircles,
    'used-exports': usedExports,
    'constant-names': constantNames,
    'private-names': privateNames,
  },
};
