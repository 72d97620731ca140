import { z } from 'zod';
import { NewSkill, Skill } from '@vigiles/contract';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { tenantOf } from '../access.ts';
import { actorOf, reachOf, type SessionRoutesDeps } from './kit.ts';

export const SkillQuery = z.object({
  category: z.string().max(200).optional(),
  source: Skill.shape.source.optional(),
  q: z.string().max(200).optional().meta({ description: 'Part of the name or the description' }),
});

const common = { tag: 'skills', tier: 'standard' } as const;
const SkillParams = z.object({ name: z.string().min(1).max(200) });

/** What agents know how to do: registered by orchestrators, or found in folders of this machine. */
export function skillRoutes({ skills }: SessionRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/skills',
      operationId: 'listSkills',
      summary: 'Skills that agents have',
      scope: 'sessions:read',
      audit: 'none',
      query: SkillQuery,
      success: z.object({ skills: z.array(Skill), count: z.number() }),
      faults: [],
      handle: async ({ identity, query }) => {
        const found = await skills.list(reachOf(identity).tenant, query);
        return { skills: found, count: found.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/skills/:name',
      operationId: 'getSkill',
      summary: 'One skill',
      scope: 'sessions:read',
      audit: 'none',
      params: SkillParams,
      success: Skill,
      faults: ['skill_not_found'],
      handle: ({ identity, params }) => skills.require(reachOf(identity).tenant, params.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/skills',
      operationId: 'registerSkills',
      summary: 'Register skills; those of the same name are replaced',
      scope: 'sessions:produce',
      audit: 'none',
      body: z.object({ skills: z.array(NewSkill).min(1).max(500) }),
      success: z.object({ registered: z.number() }),
      faults: ['too_many_skills'],
      handle: async ({ identity, body }) => ({
        registered: await skills.register(tenantOf(identity), body.skills, actorOf(identity)),
      }),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/skills/:name',
      operationId: 'removeSkill',
      summary: 'Strike off a registered skill; those in folders stay',
      scope: 'sessions:produce',
      audit: 'skill.delete',
      params: SkillParams,
      success: z.object({ success: z.literal(true) }),
      faults: ['skill_not_found'],
      handle: async ({ identity, params }) => {
        await skills.remove(tenantOf(identity), params.name);
        return { success: true as const };
      },
    }),
  ];
}
