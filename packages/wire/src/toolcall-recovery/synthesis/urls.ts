const STARTS = ['https://', 'http://'];
const STOPS = ' \t\r\n"\'`<>()[]{}|\\^';
const MAX_URL = 2000;

/** Every http(s) URL in a text, in order, without the punctuation that follows it. JSON around it does not matter. */
export function urlsIn(text: string, max = 20): string[] {
  const found: string[] = [];
  let at = 0;
  while (found.length < max) {
    const start = nextStart(text, at);
    if (start === -1) break;
    let end = start;
    while (end < text.length && !STOPS.includes(text.charAt(end))) end++;
    at = end;
    const url = text.slice(start, end).replace(/[.,;:!?*_]{1,8}$/, '');
    if (url.length <= MAX_URL && /^https?:\/\/[^/?#]/.test(url)) found.push(url);
  }
  return found;
}

function nextStart(text: string, from: number): number {
  const places = STARTS.map((start) => text.indexOf(start, from)).filter((at) => at !== -1);
  return places.length > 0 ? Math.min(...places) : -1;
}
