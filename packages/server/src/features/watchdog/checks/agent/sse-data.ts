const longestLine = 1 << 20;

/**
 * The `data` of each event of a stream (HTML Living Standard, 9.2.6), as JSON; what is none is left out. Ends at `[DONE]`. Throws when a line is longer
 * than anybody writes.
 */
export async function* sseData(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const piece of stream) {
    rest += decoder.decode(piece, { stream: true });
    if (rest.length > longestLine) throw new Error('the stream holds a line of more than a megabyte');
    const lines = rest.split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      if (line !== '' || data.length === 0) continue;
      const text = data.join('\n');
      data = [];
      if (text === '[DONE]') return;
      const value = parsed(text);
      if (value) yield value;
    }
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
