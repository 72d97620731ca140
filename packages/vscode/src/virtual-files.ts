import * as vscode from 'vscode';
import type { Side } from './editor.ts';
import { fileAt } from './git/changes.ts';

const scheme = 'vigiles-git';

/** One side of a comparison as an address: of the disk, of a commit, or of nothing. */
export function uriOf(side: Side, name: string): vscode.Uri {
  if (side && 'file' in side) return vscode.Uri.file(side.file);
  return vscode.Uri.from({ scheme, path: `/${side?.path ?? name}`, query: side ? JSON.stringify(side) : '' });
}

/** Gives the editor files as a commit has them, read only and never on the disk. */
export const virtualFiles = (): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ query }) {
      if (query === '') return '';
      const { folder, commit, path } = JSON.parse(query) as { folder: string; commit: string; path: string };
      if (!/^[0-9a-f]{40,64}$/.test(commit)) return '';
      return fileAt(folder, commit, path);
    },
  });
