import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import { labViewId } from '../contributions.ts';
import type { Lab } from '../lab.ts';
import { labView } from './loadLabView.ts';
import type { Row } from './rows.ts';

/** The lab's servers in the side bar, up to date while they can be seen. */
export function registerLabTree(lab: Lab): vscode.Disposable {
  const changed = new vscode.EventEmitter<string[] | undefined>();
  let shown = new Map<string, Row>();
  let roots: readonly Row[] = [];
  const look = (): void => {
    const before = shown;
    roots = lab.state ? labView().labTreeRows(lab.state, languageFor(vscode.env.language)) : [];
    shown = new Map(roots.flatMap(withChildren).map((row) => [row.id, row]));
    const isSameTree = [...before.keys()].join() === [...shown.keys()].join();
    if (!isSameTree) return changed.fire(undefined);
    const different = [...shown].filter(([id, row]) => !isSame(row, before.get(id))).map(([id]) => id);
    if (different.length > 0) changed.fire(different);
  };
  look();
  const view = vscode.window.createTreeView(labViewId, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (id) => (id === undefined ? roots : shown.get(id)?.children ?? []).map((row) => row.id),
      getTreeItem: (id) => itemOf(shown.get(id)!),
      getParent: (id) => [...shown.values()].find(({ children }) => children.some((row) => row.id === id))?.id,
    },
    showCollapseAll: false,
  });
  const watch = (): void => lab.watch(view.visible);
  watch();
  return vscode.Disposable.from(changed, view, lab.onDidChangeState(look), view.onDidChangeVisibility(watch));
}

function withChildren(row: Row): Row[] {
  return [row, ...row.children.flatMap(withChildren)];
}

/** Its children are compared by themselves. */
function isSame(row: Row, other: Row | undefined): boolean {
  return JSON.stringify({ ...row, children: [] }) === JSON.stringify({ ...other, children: [] });
}

function itemOf(row: Row): vscode.TreeItem {
  const { None, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.children.length > 0 ? Expanded : None);
  item.id = row.id;
  item.description = row.description;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  if (row.icon) item.iconPath = icons[row.icon];
  item.tooltip = new vscode.MarkdownString(row.tooltip.join('\n\n'));
  return item;
}

/** Told apart by shape as well as by colour. */
const icons = {
  running: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('testing.iconPassed')),
  stopped: new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor('descriptionForeground')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  starting: new vscode.ThemeIcon('loading~spin'),
} as const;
