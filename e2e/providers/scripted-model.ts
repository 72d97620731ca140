/** A model reduced to what a test needs: it sees the tools and what was said, and answers by a script. */
export interface ModelView {
  tools: { name: string; description: string }[];
  /** Text of the tool results so far, in order. */
  results: string[];
  /** The request as it came. */
  body: Record<string, unknown>;
}

export interface ModelAnswer {
  /** Streamed before the calls. */
  text: string;
  calls: { name: string; arguments: Record<string, unknown> }[];
}

export type Script = (view: ModelView) => ModelAnswer;

const patch = `*** Begin Patch
*** Add File: hello.txt
+Hello from Vigiles
+ünïcödé ✓
*** End Patch`;
const command = 'cat hello.txt && echo ran > ran.txt';
const besides = 'cat hello.txt && echo too > too.txt';

/**
 * What a coding agent is asked to do in the tests: create hello.txt with apply_patch, then run two commands at once, then
 * say so. Codex offers these in three shapes; the script uses the one it is given. In code mode one call runs both.
 */
export const codingScript: Script = ({ tools, results }) => {
  const named = (pattern: RegExp) => tools.find((tool) => pattern.test(tool.name))?.name;
  const codeMode = named(/(^|__)exec$/);
  const applyPatch = named(/(^|__)apply_patch$/);
  const shell = named(/(^|__)exec_command$/);
  if (results.length === 0) {
    if (applyPatch)
      return { text: 'Creating the file.', calls: [{ name: applyPatch, arguments: { input: patch } }] };
    if (codeMode) {
      const input = `const done = await tools.apply_patch(${JSON.stringify(patch)});\ntext(done);`;
      return { text: 'Creating the file.', calls: [{ name: codeMode, arguments: { input } }] };
    }
    const cmd = `apply_patch <<'EOF'\n${patch}\nEOF`;
    return { text: 'Creating the file.', calls: [{ name: shell ?? 'exec_command', arguments: { cmd } }] };
  }
  if (results.length === 1) {
    if (codeMode) {
      const both = [command, besides].map(
        (cmd) => `text(await tools.exec_command(${JSON.stringify({ cmd })}));`,
      );
      return { text: '', calls: [{ name: codeMode, arguments: { input: both.join('\n') } }] };
    }
    const calls = [command, besides].map((cmd) => ({ name: shell ?? 'exec_command', arguments: { cmd } }));
    return { text: '', calls };
  }
  return { text: `Finished after ${results.length} results.`, calls: [] };
};

/**
 * What an SDK's own loop is asked to do: two calls at once, then one more, then the end. Parallel and sequential steps
 * are different things to providers that sign them.
 */
export const lookUpScript: Script = ({ tools, results }) => {
  if (tools.length === 0 || results.length === 3) return { text: `Grüße 👋🏽 ${results.join('|')}`, calls: [] };
  if (results.length > 0) return { text: '', calls: [{ name: 'look_up', arguments: { q: 'last' } }] };
  const calls = [
    { name: 'look_up', arguments: { q: 'aß', nested: { list: [1, 'two'] } } },
    { name: 'list_files', arguments: {} },
  ];
  return { text: 'Looking at both.', calls };
};

/** Either, by the tools that are offered. */
export const anyScript: Script = (view) =>
  view.tools.some(({ name }) => name === 'look_up') ? lookUpScript(view) : codingScript(view);

/** Cuts text into pieces of a few characters, as providers stream it. */
export function pieces(text: string, size = 7): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; at += size) out.push(text.slice(at, at + size));
  return out;
}
