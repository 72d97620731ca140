/** A part as a Gemini client keeps and replays it: untouched. */
export interface GeminiPart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { id?: string; name: string; args: Record<string, unknown> };
  functionResponse?: { id?: string; name: string; response: Record<string, unknown> };
}

interface GeminiAnswer {
  candidates?: { content?: { parts?: GeminiPart[] }; finishReason?: string }[];
  usageMetadata?: Record<string, number>;
}

export type Form = 'whole' | 'sse' | 'array';

export interface Asked {
  parts: GeminiPart[];
  text: string;
  finish: string | undefined;
  usage: Record<string, number> | undefined;
  type: string;
  chunks: number;
}

/** Asks as Google's own clients do: the model in the URL, the token where each form's users put it. */
export async function askGemini(url: string, model: string, form: Form, body: object): Promise<Asked> {
  const verb = form === 'whole' ? 'generateContent' : 'streamGenerateContent';
  const query = { whole: '', sse: '?alt=sse', array: '?key=tok-agent' }[form];
  const token: Record<string, string> = {
    whole: { authorization: 'Bearer tok-agent' },
    sse: { 'x-goog-api-key': 'tok-agent' },
    array: {},
  }[form];
  const response = await fetch(`${url}/v1beta/models/${model}:${verb}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...token },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const answers = readAnswers(text, form);
  const all = answers.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
  return {
    parts: all.filter((part) => part.text !== '' || part.thoughtSignature !== undefined),
    text: all.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    finish: answers.at(-1)?.candidates?.[0]?.finishReason,
    usage: answers.at(-1)?.usageMetadata,
    type: response.headers.get('content-type') ?? '',
    chunks: answers.length,
  };
}

function readAnswers(text: string, form: Form): GeminiAnswer[] {
  if (form === 'whole') return [JSON.parse(text) as GeminiAnswer];
  if (form === 'array') return JSON.parse(text) as GeminiAnswer[];
  const events = text.split(/\r?\n\r?\n/).filter((event) => event.trim() !== '');
  return events.map((event) => {
    if (!event.startsWith('data: ')) throw new Error(`not a data event: ${event}`);
    return JSON.parse(event.slice(6)) as GeminiAnswer;
  });
}
