import type { TargetClass } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { patternOf } from '../catalogue/line-test.ts';
import { createDetection, type Cleared, type Labels, type Sighted } from '../core/detect/detection.ts';
import type { Signal } from '../core/detect/signal.ts';
import type { Responder } from '../core/sighting.ts';
import type { LogPattern } from '../signals/match/pattern.ts';
import { gatewaySignals } from './gateway-signals.ts';
import { sessionSignals } from './session-signals.ts';

export interface DetectEngineDeps {
  catalogue: Catalogue;
  responder: Responder;
  events: Pick<EventLog, 'subscribe'>;
  clock: Clock;
  log: Log;
  /** Name of this control: troubles of agents that another one holds are that one's. */
  control?: string;
  labelsOf?: (target: string, targetClass: TargetClass) => Labels;
}

const TICK_MS = 2000;

/** From signals to sightings: every source brings its signals here, and nothing else decides what a fault is. */
export function createDetectEngine(deps: DetectEngineDeps) {
  const { catalogue, responder, events, clock, log } = deps;
  const detection = createDetection(deps.labelsOf);
  let stops: (() => void)[] = [];

  function tell(outcomes: readonly (Sighted | Cleared)[]): void {
    for (const outcome of outcomes) {
      try {
        if (outcome.kind === 'cleared') {
          const { fault, target, reason } = outcome;
          responder.cleared({ fault, target, reason });
        } else {
          const { kind: _kind, title, ...sighting } = outcome;
          responder.sighted({ ...sighting, summary: summaryOf(title, sighting) });
        }
      } catch (thrown) {
        log.error({ err: thrown, fault: outcome.fault }, 'A fault was seen and could not be answered');
      }
    }
  }

  const signal = (seen: Signal): void => tell(detection.signal(seen));

  return {
    signal,
    /** A line in which the matcher found these patterns. */
    line: (seen: Signal, keys: readonly string[]): void => tell(detection.line(seen, keys)),
    /** The patterns of all entries in force, for the matchers of log sources; ids are what `line` takes. */
    patterns: (): LogPattern[] =>
      catalogue
        .compiled()
        .flatMap(({ detectors }) =>
          detectors.flatMap(({ key, detector }) =>
            detector.type === 'log' ? [patternOf(key, detector)] : [],
          ),
        ),
    active: () => detection.active(),
    seen: (fault: string) => detection.seen(fault),
    /** The episode that goes on, for those who verify that it is over. */
    episode: (fault: string, target: string) => detection.episode(fault, target),
    lastSeen: (fault: string, target: string) => detection.lastSeen(fault, target),
    finish: (fault: string, target: string) => detection.finish(fault, target),
    forget: (target: string) => detection.forget(target),

    start(): void {
      tell(detection.replace(catalogue.compiled(), clock.now()));
      const timer = setInterval(() => tell(detection.tick(clock.now())), TICK_MS).unref();
      stops = [
        () => clearInterval(timer),
        catalogue.subscribe((compiled) => tell(detection.replace(compiled, clock.now()))),
        events.subscribe((event) => {
          for (const seen of gatewaySignals(event, clock.now())) signal(seen);
          for (const seen of sessionSignals(event, clock.now(), deps.control ?? '')) signal(seen);
        }),
      ];
    },
    stop(): void {
      for (const end of stops) end();
    },
  };
}

export type DetectEngine = ReturnType<typeof createDetectEngine>;

const summaryOf = (title: string, { target, line }: { target: string; line: string | null }): string =>
  `${target}: ${title.charAt(0).toLowerCase()}${title.slice(1)}${line === null ? '' : ` (${line.slice(0, 160)})`}`;
