import type {
  BudgetAlert,
  BudgetState,
  EventData,
  Incident,
  Service,
  Status,
  Turn,
  VigilesEvent,
} from '@vigiles/contract';

/** Narrows an event to its type. */
export function is<T extends VigilesEvent['type']>(event: VigilesEvent, type: T): event is VigilesEvent<T> {
  return event.type === type;
}

/** A service after its state changed. */
export function changeState(
  services: Service[],
  change: EventData<'service.state_changed'>,
  ts: number,
): Service[] {
  return services.map((service) =>
    service.name === change.service
      ? { ...service, state: change.to, since: ts, reason: change.reason, pid: change.pid }
      : service,
  );
}

/** Puts a row in its place, or in front when it is new. `keep` false takes it out. */
export function upsert<Row extends { id: string }>(rows: Row[], row: Row, keep = true): Row[] {
  const at = rows.findIndex((each) => each.id === row.id);
  if (!keep) return at < 0 ? rows : rows.toSpliced(at, 1);
  return at < 0 ? [row, ...rows] : rows.with(at, row);
}

/** The same where rows are ordered by their start, newest first: a long turn that ends now started before others. */
export function upsertByTime<Row extends { id: string; ts: number }>(rows: Row[], row: Row): Row[] {
  const at = rows.findIndex((each) => each.id === row.id);
  if (at >= 0) return rows.with(at, row);
  const before = rows.findIndex((each) => each.ts <= row.ts);
  return before < 0 ? [...rows, row] : rows.toSpliced(before, 0, row);
}

/** Counts a settled turn in the budgets. A turn without a price raises `unpriced_today`, never the sum. */
export function addSpend(status: Status, turn: Turn): Status {
  const { budgets } = status;
  const micros = turn.cost_micros;
  return {
    ...status,
    budgets: {
      ...budgets,
      spent_today_micros: budgets.spent_today_micros + (micros ?? 0),
      spent_month_micros: budgets.spent_month_micros + (micros ?? 0),
      unpriced_today: budgets.unpriced_today + (micros === null && turn.outcome === 'ok' ? 1 : 0),
    },
  };
}

/** A budget after one of its thresholds was reached. */
export function reachBudget<Money extends { budgets: BudgetState[] }>(
  money: Money,
  alert: BudgetAlert,
): Money {
  const budgets = money.budgets.map((budget) =>
    budget.scope === alert.scope && budget.name === alert.name && budget.span === alert.span
      ? { ...budget, spent_micros: alert.spent_micros, limit_micros: alert.limit_micros }
      : budget,
  );
  return { ...money, budgets };
}

export interface IncidentFilter {
  state?: string | undefined;
  service?: string | undefined;
  fault?: string | undefined;
  search?: string | undefined;
}

/** Whether an incident belongs on a list. `open` means every state that is not closed. */
export function matchesIncident(incident: Incident, filter: IncidentFilter): boolean {
  if (filter.service && incident.service !== filter.service) return false;
  if (filter.fault && (incident.fault_id ?? incident.fault_code) !== filter.fault) return false;
  const words = `${incident.title} ${incident.target} ${incident.fault_code} ${incident.fault_id ?? ''} ${incident.id}`;
  if (filter.search && !words.toLowerCase().includes(filter.search.toLowerCase())) return false;
  if (!filter.state) return true;
  return filter.state === 'open' ? incident.state !== 'closed' : incident.state === filter.state;
}

export interface TurnFilter {
  model?: string | undefined;
  provider?: string | undefined;
  outcome?: string | undefined;
}

export function matchesTurn(turn: Turn, filter: TurnFilter): boolean {
  return (
    (!filter.model || turn.model === filter.model) &&
    (!filter.provider || turn.provider === filter.provider) &&
    (!filter.outcome || turn.outcome === filter.outcome)
  );
}
