import type { FaultEntry, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { tailLines } from '../../../platform/process/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import { createSpendGuard, type Actions, type SpendPolicy } from '../../actions/index.ts';
import { createDiagnosis } from '../diagnosis/diagnosis.ts';
import { createQuestions, type DiagnosisModel } from '../diagnosis/question.ts';
import { createDiagnosisStore } from '../diagnosis/store.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { incidentRoutes } from '../incidents/routes.ts';
import type { IncidentStore } from '../incidents/store.ts';
import { createKnowledge } from '../knowledge/knowledge.ts';
import { knowledgeRoutes } from '../knowledge/routes.ts';
import { createKnowledgeStore } from '../knowledge/store.ts';
import type { WatchedService } from '../watched-service.ts';
import type { FaultDetection, ResponderDeps } from './context.ts';
import { createResponder } from './responder.ts';

/** What a watchdog may be given to answer faults with. */
export interface AnsweringOptions {
  /** How models are asked, for tier 3; without it there is none. */
  ai?: { model: DiagnosisModel; defaultModel: () => string | undefined };
  /** Of Vigiles, for reports. */
  version?: string;
  /** The fault catalogue's entry of an id. */
  entryOf?: (fault: string) => FaultEntry | null;
  detection?: FaultDetection;
}

interface AnsweringDeps extends AnsweringOptions {
  store: Store;
  actions: Actions;
  incidents: Incidents;
  incidentStore: IncidentStore;
  config: () => WatchdogConfig;
  find: (name: string) => WatchedService | null;
  clock: Clock;
  newId: NewId;
  log: Log;
}

const aiLimits = ({ ai }: WatchdogConfig): SpendPolicy => ({
  everyMs: 60_000 / ai.per_minute,
  callsPerDay: ai.per_day,
  microsPerMonth: Math.round(ai.monthly_usd * 1e6),
});

/** The three tiers put together, with their API. */
export function createAnswering(deps: AnsweringDeps) {
  const { store, actions, incidents, incidentStore, config, find, clock, newId, log } = deps;
  const knowledge = createKnowledge({ store: createKnowledgeStore(store), clock, log });
  const spend = createSpendGuard({ store, clock, name: 'diagnosis', policy: () => aiLimits(config()) });
  const questions = deps.ai ? createQuestions({ model: deps.ai.model, spend, config, clock, log }) : null;
  const diagnosis =
    deps.ai && questions
      ? createDiagnosis({
          questions,
          defaultModel: deps.ai.defaultModel,
          store: createDiagnosisStore(store),
          get catalog() {
            return actions.catalog;
          },
          config,
          clock,
          newId,
          log,
        })
      : null;
  const deciding: ResponderDeps = {
    actions,
    incidents,
    knowledge,
    diagnosis,
    find,
    entryOf: deps.entryOf ?? (() => null),
    ...(deps.detection ? { detection: deps.detection } : {}),
    clock,
    log,
  };
  const responder = createResponder({
    ...deciding,
    logLines(name: string) {
      const file = find(name)?.supervisor?.logFile;
      return file === undefined ? [] : tailLines(file, 40);
    },
    history: incidentStore.historyOf,
  });
  return {
    responder,
    knowledge,
    answering: {
      routes: [
        ...incidentRoutes({ incidentStore, responder, deciding, version: deps.version ?? '' }),
        ...knowledgeRoutes(knowledge, diagnosis),
      ],
      /** How others put a question to a model, within the same budget; null where there is no model. */
      questions,
      /** Tier 3 with what it cost; null where there is none. */
      aiStatus: async () => (diagnosis ? diagnosis.status() : null),
      load: async () => void (await Promise.all([knowledge.load(), diagnosis?.start()])),
      async stop() {
        diagnosis?.stop();
        await knowledge.stop();
      },
    },
  };
}
