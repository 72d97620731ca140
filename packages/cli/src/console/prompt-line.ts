import { wrap } from '../output/wrap.ts';
import { clearScreenDown, cursorTo, moveCursor, type Interface } from 'node:readline';

/** A terminal in which lines can appear above what is being typed. */
export interface PromptLine {
  /** Writes whole lines above the prompt; text under the cursor, also when it spans rows, stays as it was. */
  above(text: string): void;
  /** While a command runs there is no prompt to protect. */
  busy(running: boolean): void;
}

export function createPromptLine(reader: Interface, output: NodeJS.WriteStream): PromptLine {
  let running = false;
  let closed = false;
  reader.once('close', () => {
    closed = true;
  });
  return {
    busy(now) {
      running = now;
    },
    above(text) {
      if (running) {
        output.write(`${wrap(text, output.columns)}\n`);
        return;
      }
      const { rows } = reader.getCursorPos();
      if (rows > 0) moveCursor(output, 0, -rows);
      cursorTo(output, 0);
      clearScreenDown(output);
      output.write(`${wrap(text, output.columns)}\n`);
      if (closed) return;
      // Readline goes up by the rows it drew last; they were wiped here, so it must not go up into the notice.
      (reader as Interface & { prevRows: number }).prevRows = 0;
      reader.prompt(true);
    },
  };
}
