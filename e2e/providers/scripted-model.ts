/** A model reduced to what a test needs: it sees the tools and what was said, and answers by a script. */
export interface ModelView {
  tools: { name: string; description: string }[];
  /** Text of the tool results so far, in order. */
  results: string[];
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

/**
 * What a coding agent is asked to do in the tests: create hello.txt with apply_patch, then run a command, then say so.
 * Codex offers these in three shapes; the script uses the one it is given.
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
      const input = `const done = await tools.exec_command(${JSON.stringify({ cmd: command })});\ntext(done);`;
      return { text: '', calls: [{ name: codeMode, arguments: { input } }] };
    }
    return { text: '', calls: [{ name: shell ?? 'exec_command', arguments: { cmd: command } }] };
  }
  return { text: `Finished after ${results.length} results.`, calls: [] };
};

/** Cuts text into pieces of a few characters, as providers stream it. */
export function pieces(text: string, size = 7): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; at += size) out.push(text.slice(at, at + size));
  return out;
}
