/** Limits of the server: zulip.com/api/send-message. */
const mostTopic = 60;
const mostBytes = 10_000;

const signs = { critical: ':red_circle:', warning: ':warning:', info: ':information:' };

/** Text that Zulip's Markdown shows as it is, and that mentions nobody. */
export const escaped = (text) =>
  text.replaceAll(/[\\`*_~[\]<>#|$]/g, String.raw`\$&`).replaceAll('@', '@\u200b');

function shortened(text, most) {
  let cut = text;
  while (Buffer.byteLength(cut) > most) cut = cut.slice(0, Math.floor(cut.length * 0.9));
  return cut === text ? text : `${cut}…`;
}

/** The form that is posted. */
export function formOf(message, { stream, topic }) {
  const resolved = message.phase === 'resolved';
  const sign = resolved ? ':check:' : (signs[message.severity] ?? '');
  const parts = [`${sign} **${escaped(message.title)}**`, escaped(message.body), message.link ?? ''];
  return new URLSearchParams({
    type: 'stream',
    to: stream,
    topic: (topic ?? message.service ?? 'Vigiles').slice(0, mostTopic),
    content: shortened(parts.filter((part) => part !== '').join('\n\n'), mostBytes - 10),
  }).toString();
}
