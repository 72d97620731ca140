import type { CatalogueProblem, FaultDetector, FaultTestResult, FaultView } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { table } from '../output/table.ts';

const colours = { critical: red, warning: yellow, info: dim };

/** `vigiles fault list` */
export const faultsView = (faults: readonly FaultView[]): string =>
  table(
    [
      { title: 'ID' },
      { title: 'SEVERITY' },
      { title: 'FAULT', flexible: true },
      { title: 'OF' },
      { title: 'FIRST ANSWER' },
      { title: 'SEEN', align: 'right' },
    ],
    faults.map((fault) => [
      fault.id + (fault.source === 'user' ? '*' : ''),
      { painted: fault.enabled ? colours[fault.severity](fault.severity) : dim('off') },
      fault.title,
      fault.applies_to.class.join(', '),
      fault.tier1.map(({ action }) => action)[0] ?? (fault.escalate.to === 'ai' ? '(diagnosis)' : '(person)'),
      seenText(fault),
    ]),
  );

const seenText = ({ seen }: FaultView): string =>
  seen.active.length > 0 ? `${seen.episodes}, now` : String(seen.episodes);

/** `vigiles.yaml:3:4 …`, one line each. */
export const problemsView = (problems: readonly CatalogueProblem[]): string =>
  [
    'Rules of your own are refused; the last good ones stay in force:',
    ...problems.map(
      ({ file, line, column, message }) => `  ${clean(file)}:${line}:${column} ${clean(message)}`,
    ),
  ].join('\n');

function often({ window }: FaultDetector): string {
  if (window.consecutive !== undefined) return `, ${window.consecutive} in a row`;
  return window.count > 1 ? `, ${window.count} within ${window.within_s} s` : '';
}

/** What a detector looks for, in a line. */
function detectorLine(detector: FaultDetector): string {
  const { type, signal } = detector;
  const what =
    type === 'log'
      ? detector.literal === undefined
        ? `regex ${detector.regex ?? ''}`
        : `literal “${detector.literal}”`
      : type === 'event'
        ? `${detector.event} ${JSON.stringify(detector.where)}`
        : type === 'state'
          ? detector.state
          : type === 'process'
            ? detector.is
            : type === 'resource'
              ? `${detector.metric} ${detector.above === undefined ? `< ${detector.below}` : `> ${detector.above}`}`
              : type === 'json_file'
                ? `${detector.predicate} in ${detector.file}`
                : type === 'prediction'
                  ? `${detector.metric} within ${detector.within_s} s`
                  : JSON.stringify(detector.where);
  const where = type === 'log' ? ` in ${detector.scope.source.join(', ') || 'any source'}` : '';
  return `  ${bold(clean(signal))} ${dim(type)} ${clean(what)}${clean(where)}${often(detector)}`;
}

/** `vigiles fault explain` */
export function explainView(fault: FaultView): string {
  const { docs, tier1, escalate, verify, seen } = fault;
  const from =
    fault.source === 'user'
      ? `${fault.file ?? 'user'}${fault.overrides ? ', instead of the built-in one' : ''}`
      : 'built in';
  const steps = tier1.map(({ action, params, for: only, next }, at) => {
    const given = Object.keys(params).length > 0 ? ` ${JSON.stringify(params)}` : '';
    const rest = only.length > 0 ? ` (${only.join(', ')})` : '';
    return `  ${at + 1}. ${action}${given}${rest}${at + 1 < tier1.length ? dim(next === 'always' ? ', and in any case' : ', and when that did not help') : ''}`;
  });
  return [
    `${bold(clean(fault.id))} ${bold(clean(fault.title))}  ${colours[fault.severity](fault.severity)} ${dim(from)}${fault.enabled ? '' : red(' switched off')}`,
    clean(docs.what),
    '',
    `${bold('Seen when')} ${clean(fault.when)}`,
    `  ${clean(docs.seen)}`,
    ...fault.detectors.map(detectorLine),
    '',
    `${bold('Done')} ${clean(docs.done)}`,
    ...steps,
    `  After ${escalate.after} tries without success: ${escalate.to === 'ai' ? 'the diagnosis' : 'a person'}. Proof: ${verify.by === 'checks' ? 'its checks succeed again' : verify.by === 'quiet' ? `not seen for ${verify.quiet_s} s` : 'none'}.`,
    '',
    `${bold('You')} ${clean(docs.person)}`,
    ...(escalate.advice === '' ? [] : [`  ${clean(escalate.advice)}`]),
    '',
    dim(
      seen.episodes === 0
        ? 'Not seen since Vigiles was started.'
        : `Seen in ${seen.episodes} episodes, ${seen.occurrences} times${seen.active.length > 0 ? `; now at ${seen.active.map(clean).join(', ')}` : ''}.`,
    ),
  ].join('\n');
}

/** `vigiles fault test` */
export function testView({ matches, lines }: FaultTestResult): string {
  if (matches.length === 0)
    return `No fault knows ${lines === 1 ? 'this line' : 'any of it'}: nothing would happen.`;
  return matches
    .flatMap((match) => [
      `${bold(clean(match.id))} ${clean(match.title)}  ${match.fires ? red('would be seen') : dim('not yet')}`,
      ...match.signals
        .filter(({ seen }) => seen > 0)
        .map(
          ({ signal, looks_for, seen, needed, met, line }) =>
            `  ${met ? green('✔') : yellow('·')} ${clean(signal)}: ${clean(looks_for)} ${dim(`(${seen} of ${needed}${line === null ? '' : `, line ${line}`})`)}`,
        ),
      ...match.missing.map((text) => `  ${yellow('missing')} ${clean(text)}`),
    ])
    .join('\n');
}
