import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Unit {
  load?: string;
  active?: string;
  result?: string;
  /** What it is after a restart. */
  after?: string;
}

/** A systemctl on the PATH over files, one for each unit: the two verbs we use, with the words of the real one. */
export function putSystemctl(folder: string) {
  const path = join(folder, 'bin');
  const state = join(folder, 'units');
  mkdirSync(path);
  mkdirSync(state);
  const program = join(path, 'systemctl');
  writeFileSync(
    program,
    `#!/bin/sh
set -u
[ "$1" = --no-ask-password ] && [ "$2" = --no-pager ] || { echo "it must not ask" >&2; exit 64; }
shift 2
verb=$1
for last; do :; done
unit="${state}/$last"
case "$verb" in
  show)
    if [ -f "$unit" ]; then cat "$unit"; else printf 'LoadState=not-found\\nActiveState=inactive\\nSubState=dead\\nResult=success\\nInvocationID=\\n'; fi ;;
  restart)
    [ -f "$unit" ] || { echo "Failed to restart $last: Unit $last not found." >&2; exit 5; }
    after=$(cat "$unit.after")
    sub=running; [ "$after" = active ] || sub=failed
    printf 'LoadState=loaded\\nActiveState=%s\\nSubState=%s\\nResult=success\\nInvocationID=%s\\n' "$after" "$sub" "$$" > "$unit" ;;
  *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
`,
  );
  chmodSync(program, 0o755);
  return {
    path,
    put(
      name: string,
      { load = 'loaded', active = 'inactive', result = 'success', after = 'active' }: Unit,
    ): void {
      const sub = active === 'active' ? 'running' : active === 'failed' ? 'failed' : 'dead';
      const text = `LoadState=${load}\nActiveState=${active}\nSubState=${sub}\nResult=${result}\nInvocationID=first\n`;
      writeFileSync(join(state, name), text);
      writeFileSync(join(state, `${name}.after`), after);
    },
  };
}
