import type { CheckFacts } from '@vigiles/contract';
import { judgeExpectation, prepareExpectations } from '../../core/json-expectation.ts';
import type { ConfigOf, Look } from '../define-check.ts';
import { unhealthy } from '../failed-look.ts';
import { compilePattern } from '../pattern.ts';
import { tooSlow } from '../too-slow.ts';
import type { Answer } from './exchange.ts';
import type { HttpClient } from './http-client.ts';

const dayMs = 86_400_000;

type Certificates = Pick<HttpClient, 'certificateOf'>;

/** Judges answers: status, text, JSON, certificate, time. The first thing that is wrong is told. */
export function prepareJudge(
  config: ConfigOf<'http'>,
  http: Certificates,
  now: () => number,
): (answer: Answer, latencyMs: number) => Look {
  const predicates = prepareExpectations(config.json, compilePattern);
  const matches = config.matches === undefined ? null : compilePattern(config.matches);
  return (answer, latencyMs) => {
    const facts: CheckFacts = { status: answer.status };
    const expired = certificateProblem(config, answer, http, facts, now());
    if (!accepted(config, answer.status)) return unhealthy(`HTTP ${answer.status}`, facts);
    const problem =
      textProblem(config, answer, matches) ?? jsonProblem(predicates, answer, facts, now()) ?? expired;
    if (problem !== null) return unhealthy(problem, facts);
    return tooSlow(config, latencyMs) ?? { ok: true, latencyMs, facts };
  };
}

const accepted = ({ status: wanted }: ConfigOf<'http'>, status: number): boolean =>
  wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 300;

function textProblem(
  config: ConfigOf<'http'>,
  { text, cut }: Answer,
  matches: ((text: string) => boolean) | null,
): string | null {
  const within = cut ? ' in its first megabyte' : '';
  if (config.contains !== undefined && !text.includes(config.contains))
    return `the answer does not contain “${config.contains}”${within}`;
  if (config.lacks !== undefined && text.includes(config.lacks))
    return `the answer contains “${config.lacks}”`;
  if (matches && !matches(text)) return `the answer does not match “${config.matches}”${within}`;
  return null;
}

function jsonProblem(
  predicates: ReturnType<typeof prepareExpectations>,
  answer: Answer,
  facts: CheckFacts,
  now: number,
): string | null {
  if (predicates.length === 0) return null;
  let document: unknown;
  try {
    document = JSON.parse(answer.text);
  } catch {
    return answer.cut ? 'the answer is longer than a megabyte' : 'the answer is not JSON';
  }
  let problem: string | null = null;
  for (const predicate of predicates) {
    const finding = judgeExpectation(document, predicate, now);
    facts[finding.path] = finding.value;
    if (!finding.holds) problem ??= finding.reason;
  }
  return problem;
}

function certificateProblem(
  config: ConfigOf<'http'>,
  { url }: Answer,
  http: Certificates,
  facts: CheckFacts,
  now: number,
): string | null {
  if (url.protocol !== 'https:') return null;
  const seen = http.certificateOf(url);
  if (!seen) return null;
  const days = Math.floor(((seen.validTo - now) / dayMs) * 10) / 10;
  facts['certificate_days_left'] = days;
  facts['certificate_life_days'] = Math.round((seen.validTo - seen.validFrom) / dayMs);
  facts['certificate_issuer'] = seen.issuer;
  if (days < 0) return `its certificate expired ${-days} days ago`;
  return days < config.certificate_days ? `its certificate expires in ${days} days` : null;
}
