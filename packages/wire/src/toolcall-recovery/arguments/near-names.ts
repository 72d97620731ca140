/** Letters and digits only: `file_path`, `filePath` and `File-Path` are one spelling. */
export function plainSpelling(name: string): string {
  return name.replace(/[^a-zA-Z0-9]/g, '').toLowerCase();
}

/** Properties that models take for one another. Only ever used to fill a required property that is missing. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['cmd', 'command', 'commandline', 'shellcommand', 'script'],
  ['path', 'filepath', 'file', 'filename', 'targetfile', 'absolutepath', 'relativepath'],
  ['path', 'dir', 'directory', 'dirpath', 'folder', 'directorypath'],
  ['content', 'contents', 'filecontent', 'filetext', 'text', 'body'],
  ['query', 'q', 'search', 'searchquery', 'searchterm'],
  ['pattern', 'regex', 'query'],
  ['url', 'uri', 'link', 'href', 'address'],
  ['oldstring', 'oldstr', 'oldtext'],
  ['newstring', 'newstr', 'newtext'],
  ['cwd', 'workdir', 'workingdirectory'],
  ['location', 'city', 'place'],
  ['message', 'text', 'msg'],
];

/** Whether one is commonly written for the other. */
export function areSynonyms(one: string, two: string): boolean {
  const [left, right] = [plainSpelling(one), plainSpelling(two)];
  return SYNONYMS.some((names) => names.includes(left) && names.includes(right));
}
