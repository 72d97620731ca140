import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours text where the stream takes colours: a terminal, and NO_COLOR not set. */
const paint =
  (format: Format) =>
  (text: string): string =>
    styleText(format, text, { stream: process.stdout });

export const bold = paint('bold');
export const dim = paint('dim');
export const red = paint('red');
export const green = paint('green');
export const yellow = paint('yellow');
export const cyan = paint('cyan');
export const blue = paint('blue');

/** One mark per state, so that colour is never the only sign. */
const marks: Record<string, { mark: string; colour: (text: string) => string }> = {
  UP: { mark: '●', colour: green },
  SUSPECT: { mark: '◐', colour: yellow },
  DOWN: { mark: '✖', colour: red },
  RECOVERING: { mark: '↻', colour: yellow },
  MAINTENANCE: { mark: '◇', colour: blue },
  STOPPED_BY_USER: { mark: '■', colour: dim },
  UNKNOWN: { mark: '○', colour: dim },
};

export const stateMark = (state: string): string => {
  const { mark, colour } = marks[state] ?? { mark: '○', colour: dim };
  return colour(mark);
};

export const stateText = (state: string): string =>
  (marks[state]?.colour ?? dim)(`${marks[state]?.mark ?? '○'} ${state.toLowerCase().replaceAll('_', ' ')}`);
