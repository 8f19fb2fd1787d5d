/**
 * Types that public declarations name can be imported by those who use them: from some entry of some package. Read from
 * the built declarations, as users get them.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Node } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import { API, type Symbol as Named, SymbolFlags } from 'typescript/unstable/sync';
import { expect, test } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packages = ['kernel-registry', 'compiler', 'core', 'backend-cpu', 'api'];

/** Details that nobody has to name: what things are made of, and the shapes of families of functions. */
const details = {
  api: `AnyTable ArgReduce CallArguments Callable Configurable Construct Conv Crossentropy Diagonal FunctionLoss
    FunctionMetric Join LayerState Node Operation Owned Pool ProgressLine ProgressLineLogger Reduce Resolver Scan Softmax Sort
    TrackedMetric TwoAxes`,
  'backend-cpu': 'ByteWriter Contraction FunctionEntry GemmTuning Tile',
  compiler: 'Binaries Fusion Lowerings RulesByOp ValueRule',
  core: 'Cell HiddenState Node Traced ValueType',
  'kernel-registry': 'Cells Family Round',
};

interface Exports {
  readonly [entry: string]: { readonly types?: string } | string;
}

function entriesOf(name: string): string[] {
  const folder = join(root, 'packages', name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: Exports };
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' || entry.types === undefined ? [] : [join(folder, entry.types)],
  );
}

/** What a type annotation or an `extends` names. */
function nameIn(node: Node): Node | undefined {
  const { typeName, expression } = node as { readonly typeName?: Node; readonly expression?: Node };
  if (node.kind === SyntaxKind.ExpressionWithTypeArguments) return expression;
  if (typeName?.kind === SyntaxKind.QualifiedName) return (typeName as unknown as { readonly right: Node }).right;
  return typeName;
}

/** Exported from its module, so that its author meant it for others; classes and constructors are the values of that name. */
function isShared(name: string, path: string): boolean {
  if (/(?:Class|Constructor)$/.test(name)) return false;
  return new RegExp(`export (?:declare )?(?:abstract )?(?:type|interface|class) ${name}\\b`).test(
    readFileSync(path, 'utf8'),
  );
}

/** Types that some public declaration names and no entry exports: `package: Name`. */
function unreachable(): Set<string> {
  const config = join(root, 'tests', 'packages', 'public-types.tsconfig.json');
  const files = packages.flatMap(entriesOf);
  const compilerOptions = { module: 'nodenext', target: 'es2022', types: [], noEmit: true, skipLibCheck: true };
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    const { checker, program } = project!;
    const resolved = (symbol: Named): Named =>
      symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const modules = files.map((file) => checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
    const exportsOf = (module: Named): Named[] =>
      checker
        .getExportsOfModule(module)
        .map(resolved)
        .flatMap((symbol) => (symbol.flags & SymbolFlags.ValueModule ? exportsOf(symbol) : [symbol]));
    const exported = modules.flatMap(exportsOf);
    const known = new Set(exported.map(({ id }) => id));
    const found = new Set<string>();
    const visit = (node: Node): void => {
      const name = nameIn(node);
      const named = name === undefined ? undefined : checker.getSymbolAtLocation(name);
      if (named !== undefined) note(resolved(named));
      node.forEachChild(visit);
    };
    const note = (symbol: Named): void => {
      const path = symbol.declarations?.[0]?.resolve(project)?.getSourceFile().fileName ?? '';
      const [top, of] = relative(root, path).split('/');
      if (top !== 'packages' || known.has(symbol.id) || !isShared(symbol.name, path)) return;
      found.add(`${of}: ${symbol.name}`);
    };
    for (const declaration of exported.flatMap((symbol) => symbol.declarations ?? [])) {
      const node = declaration.resolve(project);
      if (node !== undefined && node.kind !== SyntaxKind.SourceFile) visit(node);
    }
    return found;
  } finally {
    api.close();
    rmSync(config);
  }
}

test('types that public declarations name are exported, or known details', () => {
  const known = Object.entries(details).flatMap(([of, names]) => names.split(/\s+/).map((name) => `${of}: ${name}`));
  expect([...unreachable()].sort()).toEqual(known.sort());
});
