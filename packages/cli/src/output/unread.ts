const { stdout, stderr } = process;

function leave({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(0);
}

/** A reader that goes away (`vigiles logs | head`) is no failure, and nothing is left to do. */
export const leaveUnread = (): void => void stdout.on('error', leave);

/** What runs for long outlives its terminal and whoever read along: it ends in order, by its signal. */
export function goOnUnread(): void {
  stdout.off('error', leave);
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
}
