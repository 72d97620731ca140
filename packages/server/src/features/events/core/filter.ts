import {
  eventMap,
  volatileMap,
  type EventType,
  type VigilesEvent,
  type VolatileType,
} from '@vigiles/contract';

/** Which events a client wants. Absent fields mean all of them. */
export interface Filter {
  types?: ReadonlySet<EventType>;
  subject?: string;
}

export const wants = (filter: Filter, event: VigilesEvent): boolean =>
  (filter.types === undefined || filter.types.has(event.type)) &&
  (filter.subject === undefined || filter.subject === event.subject);

/** Both spellings are understood: `incident.opened` and the Socket.IO name `incident:opened`. */
const dotted = (name: string): string => name.replace(':', '.');

/** The known types among the names, and the names that are none. */
export function readTypes(names: readonly string[]): { types: EventType[]; unknown: string[] } {
  const types: EventType[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const type = dotted(name);
    if (Object.hasOwn(eventMap, type)) types.push(type as EventType);
    else unknown.push(name);
  }
  return { types, unknown };
}

/** The live topics among the names; what is not known is left out. */
export const readTopics = (names: readonly string[]): VolatileType[] =>
  names.map(dotted).filter((name): name is VolatileType => Object.hasOwn(volatileMap, name));
