import { mainTenant, type NewSkill, type Skill } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise } from '../../../kernel/fault.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { SessionTables } from '../tables.ts';
import { cleanData, type CleanJson } from '../core/clean-data.ts';
import { scanFolders, type SkillRoot } from './scan-folders.ts';

export interface SkillsDeps {
  store: Store;
  clock: Clock;
  roots(): readonly SkillRoot[];
  /** As the one of sessions. */
  clean: CleanJson;
}

export interface SkillWish {
  category?: string | undefined;
  source?: Skill['source'] | undefined;
  q?: string | undefined;
}

export type Skills = ReturnType<typeof createSkills>;

/** How long what was found in folders is believed. Milliseconds. */
const freshMs = 10_000;
/** That one tenant may register. */
const maxRegistered = 5_000;

/** Skills from both sources. Folders are of this machine, so only the house's own tenant sees them. */
export function createSkills({ store, clock, roots, clean }: SkillsDeps) {
  const db = store.db<SessionTables>();
  let scanned: { at: number; skills: Promise<Skill[]> } | null = null;

  const inFolders = (): Promise<Skill[]> => {
    if (!scanned || clock.monotonic() - scanned.at > freshMs)
      scanned = { at: clock.monotonic(), skills: scanFolders(roots()) };
    return scanned.skills;
  };

  async function all(tenant: string | null): Promise<Skill[]> {
    let query = db.selectFrom('session_skill').select('data').orderBy('name');
    if (tenant !== null) query = query.where('tenant', '=', tenant);
    const registered = (await query.execute()).map(({ data }) => fromJson<Skill>(data));
    const folders = tenant === null || tenant === mainTenant ? await inFolders() : [];
    return [...registered, ...folders];
  }

  return {
    /** Registered ones first. @param tenant null: of every tenant */
    async list(tenant: string | null, { category, source, q }: SkillWish = {}): Promise<Skill[]> {
      const text = q?.toLowerCase();
      return (await all(tenant)).filter(
        (skill) =>
          (category === undefined || skill.category === category) &&
          (source === undefined || skill.source === source) &&
          (text === undefined || `${skill.name}\n${skill.description}`.toLowerCase().includes(text)),
      );
    },
    /** Raises `skill_not_found`. */
    async require(tenant: string | null, name: string): Promise<Skill> {
      const found = (await all(tenant)).find((skill) => skill.name === name);
      return found ?? raise(fault('not-found', 'skill_not_found', `Skill not found: ${name}`));
    },
    async register(tenant: string, skills: readonly NewSkill[], owner: string): Promise<number> {
      const now = clock.now();
      await store.transaction<SessionTables, void>(async (trx) => {
        const { count } = await trx
          .selectFrom('session_skill')
          .select((select) => select.fn.countAll<number>().as('count'))
          .where('tenant', '=', tenant)
          .executeTakeFirstOrThrow();
        if (count + skills.length > maxRegistered)
          raise(fault('conflict', 'too_many_skills', `A tenant can register ${maxRegistered} skills.`));
        for (const given of skills) {
          const skill: Skill = {
            ...cleanData(clean, given),
            source: 'orchestrator',
            owner,
            path: null,
            updated_at: now,
            problems: [],
          };
          const row = { tenant, name: given.name, updated_at: now, data: toJson(skill) };
          await trx
            .insertInto('session_skill')
            .values(row)
            .onConflict((conflict) =>
              conflict.columns(['tenant', 'name']).doUpdateSet({ updated_at: now, data: row.data }),
            )
            .execute();
        }
      });
      return skills.length;
    },
    async remove(tenant: string, name: string): Promise<void> {
      const done = await db
        .deleteFrom('session_skill')
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirst();
      if (done.numDeletedRows === 0n)
        raise(fault('not-found', 'skill_not_found', `Skill not found: ${name}`));
    },
  };
}
