import type { GatewayConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Gate } from './core/gate.ts';
import type { FailureBook } from './core/failures/failure-book.ts';
import type { Health } from './core/health/health.ts';
import type { GatewayExtras } from './plugins/extras.ts';
import type { OverrideBook } from './core/overrides.ts';
import type { LessonBook } from './adaptations/lesson-book.ts';
import type { RecentCounts } from './core/recent-counts.ts';
import type { RateCards } from './rate-cards.ts';
import type { SessionMemories } from './core/synthesis/session-memory.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Pricing } from './pricing.ts';
import type { SecretScanner } from './secrets/secret-scanner.ts';
import type { TokenCounter } from './tokens/token-counter.ts';
import type { LiveTurns } from './turn/live-turns.ts';
import type { UpstreamTable } from './upstream/upstream-table.ts';

/** What every turn shares. `config` is replaced whole on a reload; a turn reads it as it goes. */
export interface GatewayCore {
  config: GatewayConfig;
  readonly table: UpstreamTable;
  /** What was learned from refusals. */
  readonly lessons: LessonBook;
  /** A text of a provider without the secrets that it was shown and may repeat. */
  redact(text: string): string;
  readonly health: Health;
  /** What the watchdog is told of. */
  readonly failures: FailureBook;
  /** What holds for providers for a while, by a person's or the watchdog's will. */
  readonly overrides: OverrideBook;
  readonly secrets: Pick<SecretScanner, 'scan'>;
  readonly gate: Gate;
  readonly cards: RateCards;
  readonly pricing: Pricing;
  readonly tokens: Pick<TokenCounter, 'count'>;
  readonly ledger: Pick<Ledger, 'push' | 'full' | 'store'>;
  readonly sessions: SessionMemories;
  readonly recent: RecentCounts;
  readonly live: LiveTurns;
  /** What plugins give it; replaced whole. */
  extras: GatewayExtras;
  readonly clock: Clock;
  readonly newId: NewId;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Values that must not be kept. */
  knownSecrets(): readonly string[];
  /** True once the process is leaving: answers close their connection. */
  draining: boolean;
}
