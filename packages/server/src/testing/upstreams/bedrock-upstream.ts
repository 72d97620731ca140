import type { ServerResponse } from 'node:http';
import { callFrames, converseFrame, textFrames, wholeCall, wholeText } from './converse-frames.ts';
import { brokenConverseRule } from './converse-rules.ts';
import {
  answerJson,
  startScriptedUpstream,
  type ScriptedUpstream,
  type SeenRequest,
} from './scripted-upstream.ts';
import { signatureProblem, type AwsAccount } from './verify-sigv4.ts';

/** What the model signs its thoughts with here; every character base64 knows. */
export const THOUGHT_SIGNATURE = 'EsgBCkgIBRABGAIqQ0+/==';
export const TOOL_USE_ID = 'tooluse_kZJMlvQmRJ6eAyJE5GIl7Q';

/**
 * A stand-in for Bedrock that refuses what Bedrock refuses: a wrong signature, a path that is not encoded, a request
 * that breaks a rule of Converse. It asks for the first tool once, then answers with the words it got as a result.
 */
export function startBedrock(account: AwsAccount & { apiKey?: string }): Promise<ScriptedUpstream> {
  return startScriptedUpstream((seen, res) => answer(seen, res, account));
}

function refuse(res: ServerResponse, status: number, type: string, message: string): void {
  const headers = { 'x-amzn-errortype': `${type}:http://internal.amazon.com/`, 'x-amzn-requestid': 'req-1' };
  answerJson(res, status, { message }, headers);
}

function answer(seen: SeenRequest, res: ServerResponse, account: AwsAccount & { apiKey?: string }): void {
  const bearer = account.apiKey !== undefined && seen.headers.authorization === `Bearer ${account.apiKey}`;
  const problem = bearer ? null : signatureProblem(seen, account);
  if (problem) return refuse(res, 403, problem, 'The request signature does not match.');
  const path = /^\/model\/([A-Za-z0-9._~%-]+)\/(converse|converse-stream)$/.exec(seen.path);
  if (!path) return refuse(res, 404, 'UnknownOperationException', '');
  const rule = brokenConverseRule(seen.json);
  if (rule !== null) return refuse(res, 400, 'ValidationException', rule);
  const text = resultOf(seen);
  const tool = toolOf(seen);
  const input = { q: 'grüß' };
  if (path[2] === 'converse') {
    const whole = text ?? (tool ? undefined : 'Hello.');
    const call = wholeCall(THOUGHT_SIGNATURE, TOOL_USE_ID, tool ?? '', input);
    return answerJson(res, 200, whole === undefined ? call : wholeText(whole));
  }
  const words = text === undefined ? (tool ? undefined : ['Hel', 'lo.']) : [text.slice(0, 3), text.slice(3)];
  const frames = words
    ? textFrames(words)
    : callFrames(THOUGHT_SIGNATURE, TOOL_USE_ID, tool ?? '', JSON.stringify(input));
  res.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  const bytes = Buffer.concat(frames.map(([type, data]) => converseFrame(type, data)));
  // Cuts that fall into preludes, headers, letters and checksums.
  for (let at = 0; at < bytes.length; at += 37) res.write(bytes.subarray(at, at + 37));
  res.end();
}

type Block = {
  toolResult?: { content: { text?: string }[] };
  reasoningContent?: { reasoningText?: { signature?: string } };
};

function resultOf({ json }: SeenRequest): string | undefined {
  const messages = json?.['messages'] as { content: Block[] }[];
  return messages.at(-1)?.content.find((block) => block.toolResult)?.toolResult?.content[0]?.text;
}

function toolOf({ json }: SeenRequest): string | undefined {
  const config = json?.['toolConfig'] as { tools: { toolSpec: { name: string } }[] } | undefined;
  return config?.tools[0]?.toolSpec.name;
}
