const PLAIN = /^[\p{L}\p{N}_@+./-]{1,400}$/u;
const SECRET =
  /(^|\/)(\.env|\.ssh|\.aws|\.gnupg|\.netrc|\.npmrc|id_[a-z0-9]+)|secret|credential|\.(pem|key|p12|pfx)$/i;
const NAMED =
  /\b(read|open|view|look at|look into|inspect|check|list|see)\s{1,4}(?:the\s{1,4})?(?:(?:contents?|file|files|folder|directory)\s{1,4})?(?:of\s{1,4}|in\s{1,4})?(?:the\s{1,4})?(?:(?:file|folder|directory)\s{1,4})?[`"']?([^\s`"',;:!?()<>]{1,400})/giu;

/** A file or folder the model said it wants to see. */
export interface NamedPath {
  path: string;
  folder: boolean;
}

/**
 * The first path in a text that is announced to be read or listed and lies inside the workspace, made absolute. Only
 * plain letters: no spaces, no quotes, nothing a shell could read otherwise; no `..`, no option, nothing that smells of
 * a secret. Links are not looked at here.
 * @param workspace absolute path of the workspace
 */
export function namedPath(text: string, workspace: string): NamedPath | undefined {
  const root = workspace.endsWith('/') ? workspace : `${workspace}/`;
  for (const found of text.matchAll(NAMED)) {
    const path = found[2]?.replace(/\.+$/, '');
    if (!path || !/[/.]/.test(path)) continue;
    if (!isInside(path, root)) return undefined;
    const folder = path.endsWith('/') || found[1]?.toLowerCase() === 'list';
    return { path: path.startsWith('/') ? path : root + path.replace(/^(\.\/)+/, ''), folder };
  }
  return undefined;
}

function isInside(path: string, root: string): boolean {
  if (!PLAIN.test(path) || path.startsWith('-') || SECRET.test(path)) return false;
  if (path.split('/').includes('..') || path.includes('//')) return false;
  return !path.startsWith('/') || path.startsWith(root);
}
